using System.Buffers.Text;
using System.Globalization;
using System.Text;
using CallStackRules.Capture.Sources.Linux.Interop;

namespace CallStackRules.Capture.Sources.Linux.Processes;

/// <summary>Reads files of <c>/proc/PID</c>, which may vanish at any moment. Buffers are reused; texts are made only where they are kept.</summary>
internal sealed class ProcFiles
{
    private const int MostBytes = 16 * 1024 * 1024;

    private readonly byte[] _path = new byte[64];
    private byte[] _content = new byte[64 * 1024];

    /// <summary>The whole of a file; empty when it is not there or may not be read. Valid until the next call.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="name">As in <c>stat</c>.</param>
    public ReadOnlySpan<byte> Read(int pid, ReadOnlySpan<byte> name)
    {
        int descriptor = LinuxSystem.OpenToRead(Path(pid, name));
        if (descriptor < 0)
            return default;
        int length = 0;
        while (true)
        {
            if (length == _content.Length)
            {
                if (length >= MostBytes)
                    break;
                Array.Resize(ref _content, length * 2);
            }
            int read = LinuxSystem.Read(descriptor, _content.AsSpan(length));
            if (read <= 0)
                break;
            length += read;
        }
        LinuxSystem.Close(descriptor);
        return _content.AsSpan(0, length);
    }

    /// <summary>What a link says; null when it is not there.</summary>
    public string? ReadLink(int pid, ReadOnlySpan<byte> name)
    {
        int length = LinuxSystem.ReadLink(Path(pid, name), _content);
        return length <= 0 ? null : Encoding.UTF8.GetString(_content.AsSpan(0, length));
    }

    /// <summary>What the link of an open file says; null when it is not there.</summary>
    public string? ReadOpenFile(int pid, int descriptor)
    {
        Span<byte> name = stackalloc byte[16];
        "fd/"u8.CopyTo(name);
        descriptor.TryFormat(name[3..], out int written, default, CultureInfo.InvariantCulture);
        return ReadLink(pid, name[..(3 + written)]);
    }

    /// <summary>Fields of <c>stat</c> that are wanted; null when the process is gone.</summary>
    public ProcStat? ReadStat(int pid)
    {
        int descriptor = LinuxSystem.OpenToRead(Path(pid, "stat"u8));
        if (descriptor < 0)
            return null;
        // The kernel writes the line at once.
        int length = LinuxSystem.Read(descriptor, _content);
        LinuxSystem.Close(descriptor);
        return length <= 0 ? null : ProcStat.Parse(_content.AsSpan(0, length));
    }

    private ReadOnlySpan<byte> Path(int pid, ReadOnlySpan<byte> name)
    {
        Span<byte> path = _path;
        "/proc/"u8.CopyTo(path);
        pid.TryFormat(path[6..], out int written, default, CultureInfo.InvariantCulture);
        int length = 6 + written;
        path[length++] = (byte)'/';
        name.CopyTo(path[length..]);
        length += name.Length;
        path[length] = 0;
        return path[..(length + 1)];
    }
}

/// <summary>The lines of <c>/proc/PID/status</c> with real, effective, saved and file system number.</summary>
internal static class ProcStatus
{
    /// <summary>Real and effective user and group; null when the content does not say.</summary>
    public static (uint User, uint EffectiveUser, uint Group, uint EffectiveGroup)? ReadIds(ReadOnlySpan<byte> status) =>
        TryRead(status, "\nUid:\t"u8, out uint user, out uint effectiveUser) && TryRead(status, "\nGid:\t"u8, out uint group, out uint effectiveGroup)
            ? (user, effectiveUser, group, effectiveGroup)
            : null;

    private static bool TryRead(ReadOnlySpan<byte> status, ReadOnlySpan<byte> key, out uint real, out uint effective)
    {
        real = 0;
        effective = 0;
        int place = status.IndexOf(key);
        if (place < 0)
            return false;
        ReadOnlySpan<byte> line = status[(place + key.Length)..];
        if (!Utf8Parser.TryParse(line, out real, out int length) || length >= line.Length)
            return false;
        return Utf8Parser.TryParse(line[(length + 1)..], out effective, out _);
    }
}

/// <summary>Fields of <c>/proc/PID/stat</c> (proc(5)).</summary>
/// <param name="Parent">Field 4.</param>
/// <param name="Group">Field 5: the leader of the process group.</param>
/// <param name="Session">Field 6: the leader of the session.</param>
/// <param name="Terminal">Field 7: device number of the terminal, or 0.</param>
/// <param name="IsDead">Field 3: whether the first thread has ended, and the parent does not know yet or other threads go on.</param>
/// <param name="Threads">Field 20: how many threads there are, a dead first one included.</param>
/// <param name="StartTicks">Field 22: clock ticks since boot.</param>
internal readonly record struct ProcStat(int Parent, int Group, int Session, int Terminal, bool IsDead, long Threads, long StartTicks)
{
    /// <summary>Reads the line; null when it cannot be one.</summary>
    public static ProcStat? Parse(ReadOnlySpan<byte> line)
    {
        // The name in parentheses may hold anything, parentheses too.
        int end = line.LastIndexOf((byte)')');
        if (end < 0 || end + 2 > line.Length)
            return null;
        ReadOnlySpan<byte> rest = line[(end + 2)..];
        bool isDead = !rest.IsEmpty && rest[0] is (byte)'Z' or (byte)'X';
        Span<long> fields = stackalloc long[23];
        for (int field = 3; field <= 22; field++)
        {
            int space = rest.IndexOf((byte)' ');
            ReadOnlySpan<byte> text = space < 0 ? rest : rest[..space];
            if (field > 3 && !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out fields[field]))
                return null;
            if (space < 0 && field < 22)
                return null;
            rest = rest[(space + 1)..];
        }
        return new ProcStat((int)fields[4], (int)fields[5], (int)fields[6], (int)fields[7], isDead, fields[20], fields[22]);
    }
}
