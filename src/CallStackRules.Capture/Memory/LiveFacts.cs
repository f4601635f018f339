using CallStackRules.CallStacks;
using CallStackRules.Capture.Sources.Etw;
using CallStackRules.Capture.Symbols;

namespace CallStackRules.Capture.Memory;

/// <summary>Asks the Windows that this runs on.</summary>
/// <param name="calls">The system's calls.</param>
/// <param name="clock">The clock of the questions.</param>
/// <param name="files">Looks at files; owned by this.</param>
internal sealed class LiveFacts(ISystemCalls calls, TraceClock clock, FileLooks files) : ISystemFacts
{
    /// <summary>Processes that are kept open. When there are more, all are closed, and opened again when they are asked.</summary>
    public const int MostProcesses = 256;

    private const int PageSize = 4096;

    // An image has a dozen of regions, and no more code than this is looked at: it takes a microsecond for ten pages.
    private const int MostRegions = 256;
    private const int MostPages = 16 * 1024;

    private static readonly string[] Drives = [.. Enumerable.Range('A', 26).Select(static letter => $"{(char)letter}:")];

    private static readonly long FileTimeEpoch = DateTime.FromFileTimeUtc(0).Ticks;

    private readonly Dictionary<(int Process, long Start), IProcessMemory?> _processes = [];

    /// <inheritdoc/>
    public IReadOnlyList<Volume> Volumes { get; } =
        [new(@"\SystemRoot", calls.WindowsFolder), .. Drives.Select(drive => new Volume(calls.DeviceOf(drive), drive)).Where(static volume => volume.Device.Length > 0)];

    /// <inheritdoc/>
    public string? DriveOf(string device) => Array.Find(Drives, drive => calls.DeviceOf(drive).Equals(device, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public RegionFacts? Region(in MemoryQuestion question) => Open(question)?.Region(question.Address);

    /// <inheritdoc/>
    public long? PrivateBytes(in MemoryQuestion question)
    {
        if (Open(question) is not { } process || process.Region(question.Address) is not { AllocationBase: > 0 and var allocation })
            return null;
        long pages = 0;
        ulong next = allocation;
        // Regions of one allocation follow one another.
        for (int i = 0; i < MostRegions && process.Region(next) is { } region && region.AllocationBase == allocation && region.Base + region.Size > next; i++)
        {
            next = region.Base + region.Size;
            if (region.Protection.IsExecutable())
                pages += process.PrivatePages(region.Base, (int)Math.Min(region.Size / PageSize, MostPages));
        }
        return pages * PageSize;
    }

    /// <inheritdoc/>
    public int Read(in MemoryQuestion question, Span<byte> bytes) => Open(question)?.Read(question.Address, bytes) ?? 0;

    /// <summary>Files without a drive letter may be another machine's, and are not looked at.</summary>
    public FileFacts? File(string path) => IsOfThisMachine(path) ? files.At(path) : null;

    /// <inheritdoc cref="File"/>
    public string? Header(in FileQuestion question) => IsOfThisMachine(question.Path) ? files.Header(question.Path) : null;

    /// <inheritdoc/>
    public ISymbolSource? Symbols(in ImageIdentity image) => PeExports.Open(image, out _);

    /// <inheritdoc/>
    public void Dispose()
    {
        CloseProcesses();
        files.Dispose();
    }

    private void CloseProcesses()
    {
        foreach (IProcessMemory? process in _processes.Values)
            process?.Dispose();
        _processes.Clear();
    }

    private static bool IsOfThisMachine(string path) => path is [_, ':', '\\', ..];

    private IProcessMemory? OpenAnew(in MemoryQuestion question)
    {
        if (question.ProcessStart == 0)
            return calls.Open(question.ProcessId, 0, 0);
        // The session counts on from when it began; the system's clock, by which it knows the start, was set right since, by seconds in a day.
        long bySession = clock.ToUtcTicks(question.ProcessStart) - FileTimeEpoch;
        long bySystem = calls.Clock.ToUtcTicks(question.ProcessStart) - FileTimeEpoch;
        return calls.Open(question.ProcessId, Math.Min(bySession, bySystem), Math.Max(bySession, bySystem));
    }

    private IProcessMemory? Open(in MemoryQuestion question)
    {
        var key = (question.ProcessId, question.ProcessStart);
        if (_processes.TryGetValue(key, out IProcessMemory? known))
            return known;
        if (_processes.Count == MostProcesses)
            CloseProcesses();
        known = OpenAnew(question);
        _processes.Add(key, known);
        return known;
    }
}
