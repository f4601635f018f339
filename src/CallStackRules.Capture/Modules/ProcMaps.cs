using System.Buffers.Text;

namespace CallStackRules.Capture.Modules;

/// <summary>Reads the text of <c>/proc/PID/maps</c> into an address space.</summary>
/// <remarks>
/// A line, from proc(5): <c>start-end perms offset major:minor inode   path</c>. All numbers but the inode are hexadecimal. The path is the process's own
/// choice and may contain anything; the kernel writes a newline in it as <c>\012</c>, and nothing else is escaped.
/// </remarks>
public static class ProcMaps
{
    private const int LongestPath = 4096;

    /// <summary>Maps every line that makes sense.</summary>
    /// <param name="text">The text. A last line without a newline is what a cut read leaves, and is not used.</param>
    /// <param name="space">The space that the mappings are added to.</param>
    /// <param name="files">The table of files.</param>
    /// <param name="processId">The process whose text this is.</param>
    /// <returns>How many lines made no sense.</returns>
    public static int Read(ReadOnlySpan<byte> text, AddressSpace space, MappedFileTable files, int processId)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(files);
        int skipped = 0;
        while (!text.IsEmpty)
        {
            int length = text.IndexOf((byte)'\n');
            if (length < 0)
                return skipped + 1;
            if (TryReadLine(text[..length], files, processId, out Mapping mapping))
                space.Map(mapping);
            else
                skipped++;
            text = text[(length + 1)..];
        }
        return skipped;
    }

    private static bool TryReadLine(ReadOnlySpan<byte> line, MappedFileTable files, int processId, out Mapping mapping)
    {
        mapping = default;
        if (!TryTakeHex(ref line, (byte)'-', out ulong start) || !TryTakeHex(ref line, (byte)' ', out ulong end) || start >= end)
            return false;
        if (line.Length < 5 || line[4] != (byte)' ')
            return false;
        MemoryProtection protection = (line[0] == (byte)'r' ? MemoryProtection.Read : 0) | (line[1] == (byte)'w' ? MemoryProtection.Write : 0)
            | (line[2] == (byte)'x' ? MemoryProtection.Execute : 0);
        line = line[5..];
        if (!TryTakeHex(ref line, (byte)' ', out ulong offset) || !TryTakeHex(ref line, (byte)':', out ulong major)
            || !TryTakeHex(ref line, (byte)' ', out ulong minor))
            return false;
        if (!Utf8Parser.TryParse(line, out ulong inode, out int digits) || major > uint.MaxValue || minor > uint.MaxValue)
            return false;
        scoped ReadOnlySpan<byte> path = line[digits..].TrimStart((byte)' ');
        if (path.Length > LongestPath)
            return false;
        Span<byte> unescaped = path.IndexOf("\\012"u8) < 0 ? [] : stackalloc byte[LongestPath];
        if (!unescaped.IsEmpty)
            path = Unescape(path, unescaped);
        // What is kept decides which files are worth knowing.
        bool isCode = (protection & MemoryProtection.Execute) != 0;
        mapping = isCode || path.StartsWith("[stack"u8)
            ? files.Describe(start, end, offset, protection, (uint)major, (uint)minor, inode, path, processId)
            : new Mapping(start, end, offset, protection, MemoryUse.Anonymous, null);
        return true;
    }

    private static bool TryTakeHex(ref ReadOnlySpan<byte> line, byte delimiter, out ulong value)
    {
        if (!Utf8Parser.TryParse(line, out value, out int length, 'x') || length >= line.Length || line[length] != delimiter)
            return false;
        line = line[(length + 1)..];
        return true;
    }

    private static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> path, Span<byte> room)
    {
        int length = 0;
        while (!path.IsEmpty)
        {
            bool isNewline = path.StartsWith("\\012"u8);
            room[length++] = isNewline ? (byte)'\n' : path[0];
            path = path[(isNewline ? 4 : 1)..];
        }
        return room[..length];
    }
}
