using CallStackRules.CallStacks;
using CallStackRules.Capture.Symbols;

namespace CallStackRules.Capture.Memory;

/// <summary>
/// What only the operating system can answer about the processes and files of a machine: live Windows is asked, or the answers that a recording kept. Every answer may be
/// missing: the process is gone, access was refused, or the question was not asked when the recording was made.
/// </summary>
/// <remarks>Not for every event: an answer takes microseconds to milliseconds. <see cref="FactCache"/> stands between.</remarks>
public interface ISystemFacts : IDisposable
{
    /// <summary>The drives of devices, by which the kernel names files, and where Windows is (<c>\SystemRoot</c>).</summary>
    IReadOnlyList<Volume> Volumes { get; }

    /// <summary>The drive of a device that was not there at first, such as a disk image that is opened or a stick that is put in; null when it has none.</summary>
    string? DriveOf(string device);

    /// <summary>The memory region that an address lies in (VirtualQueryEx); null when not known.</summary>
    RegionFacts? Region(in MemoryQuestion question);

    /// <summary>
    /// Bytes of the executable pages of the allocation that an address is part of that are a copy of the process's own, because they were written to since they were mapped
    /// (QueryWorkingSetEx): in an image, a hook or overwritten code. Pages that are not in memory do not count. Null when not known.
    /// </summary>
    long? PrivateBytes(in MemoryQuestion question);

    /// <summary>Copies memory of the process from the address on (ReadProcessMemory).</summary>
    /// <returns>The bytes copied, 0 when not known.</returns>
    int Read(in MemoryQuestion question, Span<byte> bytes);

    /// <summary>Digest, signature and version resource of a file; null when not known, or not yet. The object is shared and does not change.</summary>
    /// <param name="path">Full path with a drive letter.</param>
    FileFacts? File(string path);

    /// <summary>The first bytes of a file, lower-case hexadecimal; null when it is empty or cannot be read.</summary>
    string? Header(in FileQuestion question);

    /// <summary>The exported functions of a file, by offset from its base; null when not known, or when the file is another one by now.</summary>
    ISymbolSource? Symbols(in ImageIdentity image);
}

/// <summary>A device and where programs find it.</summary>
/// <param name="Device">As in <c>\Device\HarddiskVolume3</c>.</param>
/// <param name="Drive">As in <c>C:</c>.</param>
public readonly record struct Volume(string Device, string Drive);

/// <summary>A question about the memory of a process at the time of an event. Times are timestamps of the session, so that they are the same live and in its recording.</summary>
/// <param name="ProcessId">The process.</param>
/// <param name="ProcessStart">When the process began, so that another process with the same number is not asked in its place; 0 when not known.</param>
/// <param name="Address">An address in the process.</param>
/// <param name="Time">Time of the event. A recording answers with what was known then.</param>
public readonly record struct MemoryQuestion(int ProcessId, long ProcessStart, ulong Address, long Time);

/// <summary>A question about the content of a file, which changes.</summary>
/// <param name="Path">Full path with a drive letter.</param>
/// <param name="Time">Time of the event, in timestamps of the session. A recording answers with what was read then.</param>
public readonly record struct FileQuestion(string Path, long Time);
