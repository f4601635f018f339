using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Linux.Decoding;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Events;

namespace CallStackRules.Fuzz.Targets;

/// <summary>The kernel's ring, up to the event with its stack: records, lengths, registers, copies of stacks and texts.</summary>
internal static class LinuxRing
{
    private const int StackBytes = 2048;
    private const int RecordsOfSeed = 48;

    public static readonly FuzzTarget Target = new("linux-ring", Capture, Read);

    private static List<byte[]> Capture()
    {
        if (!OperatingSystem.IsLinux())
            throw new NoSeedsException("live capture is for Linux");
        try
        {
            const string work = "ls / > /dev/null; cat /etc/hostname > /dev/null; cd /; (true); mv /nowhere/a /nowhere/b 2> /dev/null; true";
            return [.. CapturedRing.Capture("sh", ["-c", work], out _, StackBytes).Select(static entry => entry.Record).Chunk(RecordsOfSeed).Select(static records => records.SelectMany(static record => record).ToArray())];
        }
        catch (CaptureException e)
        {
            throw new NoSeedsException($"the kernel refuses live capture here: {e.Message}");
        }
    }

    private static void Read(byte[] input)
    {
        // The kernel only ever moves on by multiples of 8.
        using var ring = new CapturedRing([input[..(input.Length & ~7)]]);
        ring.Refill();
        var merger = new RingMerger([ring.Ring]);
        merger.Look();
        var statistics = new CaptureStatistics();
        var clock = new BootClock();
        var decoder = new LinuxDecoder(new LinuxProcesses(new ProcessTable(), statistics, clock), statistics, clock, new HostDescription(), StackBytes);
        var e = new EndpointEvent();
        while (merger.TryNext(ulong.MaxValue - 1, out ReadOnlySpan<byte> record))
        {
            // Which ring a record is from matters to few kinds; its last bit decides.
            bool isOfModel = (record[^1] & 1) != 0;
            if (decoder.Decode(record, isOfModel, e))
                LookAt(e);
        }
    }

    /// <summary>What is worked out only when a rule asks.</summary>
    private static void LookAt(EndpointEvent e)
    {
        _ = e.Thread.CallStackSummary;
        _ = e.Thread.FinalUserModule.Name;
        for (int i = 0; i < e.Thread.CallStack.Count; i++)
            _ = e.Thread.CallStack[i].SymbolInfo;
    }
}
