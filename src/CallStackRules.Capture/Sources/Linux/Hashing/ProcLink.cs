using System.Globalization;
using System.Text.Unicode;
using CallStackRules.Capture.Modules;

namespace CallStackRules.Capture.Sources.Linux.Hashing;

/// <summary>Links of <c>/proc</c> that lead to a file whatever its path is by now. Written with a closing zero, without allocating.</summary>
internal static class ProcLink
{
    /// <summary>Room for the longest.</summary>
    public const int MostBytes = 64;

    /// <summary>The program that a process runs.</summary>
    public static ReadOnlySpan<byte> Program(int pid, Span<byte> room)
    {
        Utf8.TryWrite(room, CultureInfo.InvariantCulture, $"/proc/{pid}/exe\0", out int length);
        return room[..length];
    }

    /// <summary>A file that a process has mapped. Needs CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE.</summary>
    public static ReadOnlySpan<byte> Mapped(int pid, in Mapping mapping, Span<byte> room)
    {
        Utf8.TryWrite(room, CultureInfo.InvariantCulture, $"/proc/{pid}/map_files/{mapping.Start:x}-{mapping.End:x}\0", out int length);
        return room[..length];
    }

    /// <summary>A file that this process has open.</summary>
    public static ReadOnlySpan<byte> Descriptor(int descriptor, Span<byte> room)
    {
        Utf8.TryWrite(room, CultureInfo.InvariantCulture, $"/proc/self/fd/{descriptor}\0", out int length);
        return room[..length];
    }
}
