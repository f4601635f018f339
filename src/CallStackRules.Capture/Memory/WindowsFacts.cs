using System.Runtime.Versioning;
using CallStackRules.CallStacks;
using CallStackRules.Capture.Memory.Interop;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Etw;
using CallStackRules.Capture.Symbols;
using Microsoft.Win32.SafeHandles;

namespace CallStackRules.Capture.Memory;

/// <summary>Asks the Windows that this runs on.</summary>
/// <param name="clock">The clock of the questions.</param>
/// <param name="statistics">Counts what there was no room for.</param>
[SupportedOSPlatform("windows")]
internal sealed class WindowsFacts(TraceClock clock, SourceStatistics statistics) : ISystemFacts
{
    private const int MostProcesses = 256;

    private static readonly long FileTimeEpoch = DateTime.FromFileTimeUtc(0).Ticks;

    private readonly Dictionary<(int Process, long Start), SafeProcessHandle?> _processes = [];
    private readonly FileLooks _files = new(statistics, WindowsTrust.Check);

    public IReadOnlyList<Volume> Volumes { get; } =
    [
        new(@"\SystemRoot", Environment.GetFolderPath(Environment.SpecialFolder.Windows)),
        .. Enumerable.Range('A', 26).Select(static letter => $"{(char)letter}:").Select(static drive => new Volume(WindowsVolumes.DeviceOf(drive), drive)),
    ];

    public RegionFacts? Region(in MemoryQuestion question) => Open(question) is { } process ? WindowsMemory.Region(process, question.Address) : null;

    public long? PrivateBytes(in MemoryQuestion question) => Open(question) is { } process ? WindowsMemory.PrivateBytes(process, question.Address) : null;

    public int Read(in MemoryQuestion question, Span<byte> bytes) => Open(question) is { } process ? WindowsMemory.Read(process, question.Address, bytes) : 0;

    // Without a drive it may be another machine's.
    public FileFacts? File(string path) => path is [_, ':', '\\', ..] ? _files.At(path) : null;

    public ISymbolSource? Symbols(in ImageIdentity image) => PeExports.Open(image, out _);

    public void Dispose()
    {
        foreach (SafeProcessHandle? process in _processes.Values)
            process?.Dispose();
        _processes.Clear();
    }

    private SafeProcessHandle? Open(in MemoryQuestion question)
    {
        var key = (question.ProcessId, question.ProcessStart);
        if (_processes.TryGetValue(key, out SafeProcessHandle? known))
            return known;
        if (_processes.Count == MostProcesses)
            Dispose();
        known = WindowsMemory.Open(question.ProcessId, question.ProcessStart == 0 ? 0 : clock.ToUtcTicks(question.ProcessStart) - FileTimeEpoch);
        _processes.Add(key, known);
        return known;
    }
}
