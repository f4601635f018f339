using System.Buffers.Binary;
using System.Globalization;
using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources.Linux.Interop;

namespace CallStackRules.Capture.Sources.Linux.Decoding;

/// <summary>
/// How much of a file's mapped code a process has changed. A changed page is a copy of its own, which <c>/proc/PID/pagemap</c> tells from a page of the file: 8
/// bytes a page, bit 63 present, bit 62 swapped, bit 61 page of a file (Documentation/admin-guide/mm/pagemap.rst).
/// </summary>
/// <remarks>
/// The answer is kept for a second, and asked for only where somebody had the means: where the protection of mapped code was changed, or a stack breaks.
/// Breakpoints of debuggers and uprobes change code, too.
/// </remarks>
internal sealed class PatchedCode
{
    private const int PageSize = 4096;
    private const int EntrySize = 8;
    private const int MostPages = 16 * 1024;
    private const ulong NanosecondsKept = 1_000_000_000;
    private const ulong Present = 1UL << 63;
    private const ulong Swapped = 1UL << 62;
    private const ulong OfFile = 1UL << 61;

    private readonly Answer[] _answers = new Answer[1024];
    private readonly byte[] _entries = new byte[MostPages * EntrySize];
    private readonly byte[] _path = new byte[32];

    /// <summary>
    /// Bytes of the mapping's pages that are no longer the file's. When the process is gone and the protection of its code had been changed, all of the mapping counts:
    /// a patch that ran once and left must not go unseen.
    /// </summary>
    /// <param name="pid">The process.</param>
    /// <param name="mapping">A mapping of a file.</param>
    /// <param name="time">Now, in nanoseconds of CLOCK_MONOTONIC.</param>
    public long PrivateBytes(int pid, in Mapping mapping, ulong time)
    {
        ref Answer answer = ref _answers[(((ulong)pid * 0x9e3779b1) ^ (mapping.Start >> 12)) % (ulong)_answers.Length];
        if (answer.Pid == pid && answer.Start == mapping.Start && time - answer.Time < NanosecondsKept)
            return answer.Bytes;
        answer = new Answer(pid, mapping.Start, time, Count(pid, mapping));
        return answer.Bytes;
    }

    private long Count(int pid, in Mapping mapping)
    {
        Span<byte> path = _path;
        "/proc/"u8.CopyTo(path);
        pid.TryFormat(path[6..], out int written, default, CultureInfo.InvariantCulture);
        "/pagemap\0"u8.CopyTo(path[(6 + written)..]);
        int descriptor = LinuxSystem.OpenToRead(path);
        if (descriptor < 0)
            return UnknownBytes(mapping);
        int pages = (int)Math.Min((mapping.End - mapping.Start) / PageSize, MostPages);
        int read = LinuxSystem.ReadAt(descriptor, _entries.AsSpan(0, pages * EntrySize), (long)(mapping.Start / PageSize * EntrySize));
        LinuxSystem.Close(descriptor);
        // The memory of a process that is ending is gone before its files are.
        if (read <= 0)
            return UnknownBytes(mapping);
        long bytes = 0;
        for (int place = 0; place + EntrySize <= read; place += EntrySize)
        {
            ulong entry = BinaryPrimitives.ReadUInt64LittleEndian(_entries.AsSpan(place));
            if ((entry & (Present | Swapped)) != 0 && (entry & OfFile) == 0)
                bytes += PageSize;
        }
        return bytes;
    }

    private static long UnknownBytes(in Mapping mapping) => mapping.IsReprotected ? (long)(mapping.End - mapping.Start) : 0;

    private readonly record struct Answer(int Pid, ulong Start, ulong Time, long Bytes);
}
