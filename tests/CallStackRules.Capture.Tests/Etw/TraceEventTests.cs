using System.Globalization;
using System.Text.RegularExpressions;
using CallStackRules.CallStacks;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Etw;
using CallStackRules.Capture.Sources.Etw.Files;
using CallStackRules.Events;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Etlx;

namespace CallStackRules.Capture.Tests.Etw;

/// <summary>Reading is held to TraceEvent: to what it printed on Windows of a trace, and to what it says here of each event that it is given.</summary>
public sealed class TraceEventTests
{
    /// <summary>Rows that Windows names from its own registry: there they are of the provider MSNT_SystemTrace, elsewhere they have numbers.</summary>
    private const int RowsNamedByWindows = 2;

    [SkippableFact]
    public void TraceEvent_counts_what_it_counted_on_Windows()
    {
        string baseline = EtlSamples.ProgramBaseline;
        using var folder = new TemporaryFolder();
        using TraceLog log = Log(EtlSamples.Program, folder);
        ILookup<string, string> counts = log.Events.GroupBy(NameOf).ToLookup(group => group.Key, group => group.Count().ToString(CultureInfo.InvariantCulture));

        string[] rows = [.. File.ReadLines(baseline).Where(line => line.StartsWith("COUNT ", StringComparison.Ordinal)).Select(line => line["COUNT ".Length..])];
        string[] different = [.. rows.Where(row => !counts[row[..row.LastIndexOf(':')]].Contains(row[(row.LastIndexOf(':') + 1)..]))];

        Assert.Equal(152, rows.Length);
        Assert.True(different.Length <= RowsNamedByWindows, string.Join('\n', different));
        Assert.All(different, row => Assert.StartsWith("MSNT_SystemTrace/", row, StringComparison.Ordinal));
    }

    [SkippableFact]
    public void TraceEvent_prints_what_it_printed_on_Windows()
    {
        string baseline = EtlSamples.ProgramBaseline;
        using var folder = new TemporaryFolder();
        using TraceLog log = Log(EtlSamples.Program, folder);
        // Time; names, process, thread, processor and length of the payload. Fields follow.
        var beginning = new Regex(@"^EVENT (?<time>[\d,.]+): (?<event>.*? DataLen=\d+;)", RegexOptions.CultureInvariant);
        Match[] expected = [.. File.ReadLines(baseline).Select(line => beginning.Match(line)).Where(match => match.Success)];
        ILookup<string, double> printed = log.Events.ToLookup(Print, e => e.TimeStampRelativeMSec);

        string[] missing =
        [
            .. expected.Where(line => !printed[line.Groups["event"].Value].Any(time => Math.Abs(time - double.Parse(line.Groups["time"].Value, CultureInfo.InvariantCulture)) < 0.001))
                .Select(line => line.Value),
        ];

        Assert.Equal(480, expected.Length);
        Assert.True(missing.All(line => line.Contains("MSNT_SystemTrace/", StringComparison.Ordinal)), string.Join('\n', missing));
    }

    [SkippableTheory]
    [InlineData(nameof(EtlSamples.Program))]
    [InlineData(nameof(EtlSamples.SelfDescribing))]
    [InlineData(nameof(EtlSamples.PrimitiveTypes))]
    public void Each_event_is_to_TraceEvent_what_it_is_to_us(string sample)
    {
        string path = sample switch
        {
            nameof(EtlSamples.Program) => EtlSamples.Program,
            nameof(EtlSamples.SelfDescribing) => EtlSamples.SelfDescribing,
            _ => EtlSamples.PrimitiveTypes,
        };
        TraceEventOracle.SkipWhereItCannotRun();
        AssertSame(path);
    }

    [SkippableFact]
    public void Frames_are_in_the_modules_that_TraceEvent_finds()
    {
        using var folder = new TemporaryFolder();
        using TraceLog log = Log(EtlSamples.Program, folder);
        var theirs = new Dictionary<(long Time, int Thread, ulong Address), string>();
        foreach (TraceEvent e in log.Events)
        {
            for (TraceCallStack? frame = e.CallStack(); frame is not null; frame = frame.Caller)
                theirs[(e.TimeStamp.ToUniversalTime().Ticks / Grain, e.ThreadID, frame.CodeAddress.Address)] = ModuleOf(frame.CodeAddress);
        }
        var ours = new EndpointEvent();
        var differences = new List<string>();
        int compared = 0;
        int unmatched = 0;
        int early = 0;
        using var source = new EtwFileSource([EtlSamples.Program], new ProcessTable());
        while (source.TryRead(ours))
        {
            ThreadInfo thread = ours.Thread.CallStack.Count > 0 ? ours.Thread : ours.ParentThread;
            for (int i = 0; i < thread.CallStack.Count; i++)
            {
                CallStackFrame frame = thread.CallStack[i];
                var address = (ulong)frame.InstructionPointer!.Value;
                string? module = Find(theirs, ours.UtcTicks!.Value, (int)(thread.Id ?? 0), address);
                if (module is null)
                    unmatched++;
                else if (++compared > 0 && module.Length > 0 && frame.Module == ModuleInfo.Unknown)
                    early++;
                else if (module != (frame.Module is { IsPseudo: false } known ? known.Name : ""))
                    differences.Add($"{address:x}: {frame.Module?.Name}, to TraceEvent '{module}'");
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} of {compared}:\n" + string.Join('\n', differences.Take(20)));
        // TraceEvent has read the whole trace, and knows of an image before its load is told; we only say that it is not known.
        Assert.InRange(early, 0, 1);
        Assert.True(compared > 10_000, $"{compared} compared, {unmatched} not found");
    }

    /// <summary>Ticks of 100 ns within which times of one event are the same: TraceEvent computes them otherwise.</summary>
    private const long Grain = 10;

    /// <summary>The name of the image; empty outside all: what a runtime has compiled TraceEvent takes for a part of what it was compiled from.</summary>
    private static string ModuleOf(TraceCodeAddress address) =>
        address.ModuleFile is { } file && address.Address - file.ImageBase < (ulong)file.ImageSize ? Path.GetFileName(file.FilePath.Replace('\\', '/')).ToLowerInvariant() : "";

    private static string? Find(Dictionary<(long Time, int Thread, ulong Address), string> modules, long ticks, int thread, ulong address)
    {
        for (long grain = (ticks / Grain) - 1; grain <= (ticks / Grain) + 1; grain++)
        {
            if (modules.TryGetValue((grain, thread, address), out string? module))
                return module;
        }
        return null;
    }

    /// <summary>Reads a trace here and with TraceEvent, side by side.</summary>
    internal static void AssertSame(string path)
    {
        using var folder = new TemporaryFolder();
        using var reader = new EtlReader(path, new SourceStatistics());
        using ETWTraceEventSource source = TraceEventOracle.Open(path, folder.Path);
        var differences = new List<string>();
        int number = 0;
        // An exception could not leave TraceEvent's callback.
        source.AllEvents += theirs =>
        {
            number++;
            if (!reader.TryRead(out RawEvent ours))
                differences.Add($"event {number} is one too many");
            else if (Difference(ours, reader.Clock, theirs) is { } difference)
                differences.Add($"event {number}, {NameOf(theirs)}: {difference}");
        };
        source.Process();
        Assert.True(differences.Count == 0, string.Join('\n', differences.Take(20)));
        Assert.False(reader.TryRead(out _));
        Assert.NotEqual(0, number);
    }

    private static unsafe string? Difference(in RawEvent ours, TraceClock clock, TraceEvent theirs)
    {
        bool isClassic = (ours.Flags & RawEventFlags.Classic) != 0;
#pragma warning disable CS0618 // Marked as discouraged, because other times are easier to use; only this one is exact.
        long timestamp = theirs.TimeStampQPC;
#pragma warning restore CS0618
        if (isClassic != theirs.IsClassicProvider || ours.Provider != (isClassic ? theirs.TaskGuid : theirs.ProviderGuid))
            return "provider";
        if (!isClassic && (ours.Id != (ushort)theirs.ID || ours.Task != (ushort)theirs.Task || ours.Keywords != (ulong)theirs.Keywords))
            return "id, task or keywords";
        if (ours.Opcode != (byte)theirs.Opcode || ours.Version != (byte)theirs.Version)
            return "opcode or version";
        if (ours.Timestamp != timestamp || Math.Abs(clock.ToUtcTicks(ours.Timestamp) - theirs.TimeStamp.ToUniversalTime().Ticks) > 1)
            return "time";
        if (ours.Processor != theirs.ProcessorNumber || ours.PointerSize != theirs.PointerSize)
            return "processor or size of pointers";
        // Of classic events TraceEvent gives the process and thread in the payload where there is one; what it printed on Windows is compared above.
        if (!isClassic && (ours.ProcessId != theirs.ProcessID || ours.ThreadId != theirs.ThreadID))
            return "process or thread";
        return ours.Data.SequenceEqual(new ReadOnlySpan<byte>((void*)theirs.DataStart, theirs.EventDataLength)) ? null : "payload";
    }

    private static TraceLog Log(string path, TemporaryFolder folder)
    {
        TraceEventOracle.SkipWhereItCannotRun();
        return TraceEventOracle.OpenLog(path, folder.Path);
    }

    private static string NameOf(TraceEvent e) => $"{e.ProviderName}/{e.EventName}";

    private static string Print(TraceEvent e) => string.Create(
        CultureInfo.InvariantCulture,
        $"{NameOf(e)} PID={e.ProcessID}; TID={e.ThreadID}; PName={e.ProcessName}; ProceNum={e.ProcessorNumber}; DataLen={e.EventDataLength};");
}
