using BenchmarkDotNet.Attributes;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Linux.Decoding;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sequences;

namespace CallStackRules.Benchmarks;

/// <summary>
/// What one event of a storm costs the reader: a file that is opened from a stack of 16 frames, from the kernel's record to the rules. The records are captured once, at
/// set-up. Times are for one event. Needs Linux, root and gcc.
/// </summary>
[MemoryDiagnoser]
public class ReadingBenchmarks
{
    private const int EventCount = 1000;

    private readonly EndpointEvent _event = new();
    private readonly RuleEngine<EndpointEvent> _rules = new(new CallStackRules.Rules.RulePack());
    private readonly List<EventRule<EndpointEvent>> _matches = [];
    private readonly List<StepsMatch<EndpointEvent>> _completed = [];
    private LinuxDecoder? _decoder;
    private CapturedRing? _calls;
    private CapturedRing? _callsWithoutStacks;
    private RingMerger? _merger;
    private RingMerger? _mergerWithoutStacks;

    /// <summary>Captures a storm.</summary>
    [GlobalSetup]
    public void Capture()
    {
        string folder = Directory.CreateTempSubdirectory("callstackrules-benchmarks-").FullName;
        try
        {
            string program = Path.Combine(folder, "storm");
            using (var compiler = System.Diagnostics.Process.Start("gcc", ["-O1", "-o", program, Path.Combine(AppContext.BaseDirectory, "storm.c")]))
                compiler.WaitForExit();
            List<(byte[] Record, bool IsOfModel)> records = CapturedRing.Capture(program, ["0", EventCount.ToString(System.Globalization.CultureInfo.InvariantCulture)], out int pid);
            Prepare(records, pid);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Records become events without a stack.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = EventCount)]
    public int Decoded() => Read(_callsWithoutStacks!, _mergerWithoutStacks!, matches: false);

    /// <summary>The same with their stacks, unwound.</summary>
    [Benchmark(OperationsPerInvoke = EventCount)]
    public int Unwound() => Read(_calls!, _merger!, matches: false);

    /// <summary>The same, and all rules look at them.</summary>
    [Benchmark(OperationsPerInvoke = EventCount)]
    public int Matched() => Read(_calls!, _merger!, matches: true);

    private void Prepare(List<(byte[] Record, bool IsOfModel)> records, int pid)
    {
        var statistics = new CaptureStatistics();
        var clock = new BootClock();
        _decoder = new LinuxDecoder(new LinuxProcesses(LinuxProcesses.CreateTable(), statistics, clock), statistics, clock, new HostDescription(), stackBytes: 24 * 1024);
        var calls = new List<byte[]>();
        foreach ((byte[] record, bool isOfModel) in records)
        {
            // What begins and maps makes the model, which the calls are then read against.
            if (_decoder.Decode(record, isOfModel, _event) && _event.Process?.Pid == pid && _event.File.Path.Span is "/dev/null")
                calls.Add(record);
        }
        if (calls.Count < EventCount)
            throw new InvalidOperationException($"Only {calls.Count} of {EventCount} events were captured.");
        _calls = new CapturedRing(calls);
        _callsWithoutStacks = new CapturedRing([.. calls.Select(WithoutStack)]);
        _merger = new RingMerger([_calls.Ring]);
        _mergerWithoutStacks = new RingMerger([_callsWithoutStacks.Ring]);
    }

    private int Read(CapturedRing ring, RingMerger merger, bool matches)
    {
        ring.Refill();
        merger.Look();
        int events = 0;
        while (merger.TryNext(ulong.MaxValue, out ReadOnlySpan<byte> record))
        {
            if (!_decoder!.Decode(record, isOfModel: false, _event))
                continue;
            events++;
            if (!matches)
                continue;
            _matches.Clear();
            _completed.Clear();
            _rules.Push(_event, _matches, _completed);
        }
        return events;
    }

    /// <summary>A sample as the kernel writes it for a thread without user memory: no registers, no stack.</summary>
    private static byte[] WithoutStack(byte[] record)
    {
        PerfSample.TryRead(record, out PerfSample sample);
        // Header, pid, tid, time, size, what the program wrote; then u64 abi and u64 size of the stack, both 0.
        int length = 8 + 16 + 4 + sample.Raw.Length;
        byte[] bare = new byte[length + (2 * sizeof(ulong))];
        record.AsSpan(0, length).CopyTo(bare);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16LittleEndian(bare.AsSpan(6), (ushort)bare.Length);
        return bare;
    }
}
