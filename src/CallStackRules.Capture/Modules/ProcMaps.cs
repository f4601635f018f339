using System.Buffers.Text;
using System.Globalization;

namespace CallStackRules.Capture.Modules;

/// <summary>
/// The text of <c>/proc/PID/maps</c>, a mapping a line: <c>start-end perms offset major:minor inode path</c>, numbers hexadecimal but for the inode (proc(5)).
/// </summary>
internal static class ProcMaps
{
    /// <summary>Adds the executable mappings of a text to an address space.</summary>
    /// <returns>Lines that could not be understood.</returns>
    public static int Read(ReadOnlySpan<byte> text, MappedFileTable files, AddressSpace into)
    {
        int bad = 0;
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (!line.IsEmpty && !TryRead(line, files, into))
                bad++;
        }
        return bad;
    }

    private static bool TryRead(ReadOnlySpan<byte> line, MappedFileTable files, AddressSpace into)
    {
        if (!TryTakeHex(ref line, (byte)'-', out ulong start) || !TryTakeHex(ref line, (byte)' ', out ulong end) || line.Length < 5)
            return false;
        PageProtection protection = (line[0] == 'r' ? PageProtection.Read : 0) | (line[1] == 'w' ? PageProtection.Write : 0)
            | (line[2] == 'x' ? PageProtection.Execute : 0);
        line = line[5..];
        if (!TryTakeHex(ref line, (byte)' ', out ulong offset) || !TryTakeHex(ref line, (byte)':', out ulong major) || !TryTakeHex(ref line, (byte)' ', out ulong minor))
            return false;
        if (!Utf8Parser.TryParse(line, out ulong inode, out int length))
            return false;
        ReadOnlySpan<byte> name = line[length..].TrimStart((byte)' ');
        if ((protection & PageProtection.Execute) != 0)
            into.Map(new Mapping(start, end, offset, protection, files.Get((major << 32) | minor, inode, name)));
        return true;
    }

    private static bool TryTakeHex(ref ReadOnlySpan<byte> line, byte closing, out ulong value)
    {
        value = 0;
        int end = line.IndexOf(closing);
        if (end <= 0 || !ulong.TryParse(line[..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value))
            return false;
        line = line[(end + 1)..];
        return true;
    }
}
