using System.Globalization;
using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Linux;
using CallStackRules.Capture.Sources.Linux.Decoding;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Capture.Sources.Linux.Tracing;
using CallStackRules.Capture.Unwinding;
using CallStackRules.Events;

namespace CallStackRules.Load;

/// <summary>How many stacks are followed to the start of their thread, by program, and why the others are not.</summary>
internal static class Completeness
{
    private const double LeastPercent = 97;
    private const double LeastPercentWithoutDotNet = 99;

    /// <summary>Programs and causes that are printed; the rest is in the totals.</summary>
    private const int MostLines = 12;

    /// <summary>Runs the load and prints what came of it.</summary>
    /// <returns>Whether at least 97 % of all stacks are complete, and 99 % of those of processes without .NET.</returns>
    public static bool Run()
    {
        string folder = Directory.CreateTempSubdirectory("callstackrules-load-").FullName;
        try
        {
            return Run(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Run(string folder)
    {
        var options = new LinuxCaptureOptions { Calls = Enum.GetValues<CapturedCall>().ToHashSet(), WantsReading = true };
        using CaptureSession session = CaptureSession.Start(options);
        var statistics = new CaptureStatistics();
        var clock = new BootClock();
        var processes = new LinuxProcesses(LinuxProcesses.CreateTable(), statistics, clock);
        processes.ReadAll();
        var decoder = new LinuxDecoder(processes, statistics, clock, new HostDescription(), options.StackBytes);
        var count = new Counter(processes, options.StackBytes);
        TracepointRecords? tracepoints = session.Tracepoints is { } layout ? new TracepointRecords(layout, options, processes, statistics, Environment.ProcessId) : null;
        session.FollowCalls();
        var merger = new RingMerger(session.Rings);
        var e = new EndpointEvent();

        Task load = Task.Run(() => MixedLoad.Run(folder));
        while (!load.IsCompleted)
        {
            Thread.Sleep(TimeSpan.FromMilliseconds(2));
            Read(RingMerger.HorizonNow());
        }
        load.GetAwaiter().GetResult();
        session.Stop();
        Read(ulong.MaxValue);

        count.Print(MostLines);
        Console.WriteLine($"{statistics.LostByKernel} calls and {statistics.LostModelRecords} records of processes and mappings were lost");
        bool isWithin = count.All.Percent >= LeastPercent && count.WithoutDotNet.Percent >= LeastPercentWithoutDotNet;
        Console.WriteLine(isWithin ? "At least 97 %, and 99 % without .NET." : "FAILED: less than 97 %, or than 99 % without .NET.");
        return isWithin;

        void Read(ulong horizon)
        {
            merger.Look();
            while (merger.TryNext(horizon, out ReadOnlySpan<byte> record))
            {
                bool isOfModel = merger.Current!.IsOfModel;
                if (tracepoints?.TryRewrite(ref record) == false)
                    continue;
                count.See(record);
                decoder.Decode(record, isOfModel, e);
            }
        }
    }

    /// <summary>Follows the stack of each call once more, beside the decoder, and counts how it ends.</summary>
    private sealed class Counter(LinuxProcesses processes, int stackBytes)
    {
        private readonly StackUnwinder _unwinder = new(stackBytes);
        private readonly UnwoundFrame[] _frames = new UnwoundFrame[StackFacts.MostFrames];
        private readonly Dictionary<string, Ends> _byProgram = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int> _causes = new(StringComparer.Ordinal);

        public Ends All { get; } = new();

        public Ends WithoutDotNet { get; } = new();

        public void See(ReadOnlySpan<byte> record)
        {
            if (PerfRecords.TypeOf(record) != PerfRecordType.Sample || !PerfSample.TryRead(record, out PerfSample sample)
                || !CaptureRecord.TryRead(sample.Raw, out CaptureRecord call) || call.Row.Call == CapturedCall.Executed || sample.Registers.IsEmpty)
                return;
            LinuxProcess process = processes.GetOrRead(sample.Pid, call);
            if (!IsOfLoad(process.Info))
                return;
            Registers registers = Registers.FromPerf(sample.Registers);
            UnwindStatus status = _unwinder.Unwind(process.Space, ref registers, sample.Stack, _frames, out int count);
            string name = process.Info.Name.ToString();
            if (!_byProgram.TryGetValue(name, out Ends? ends))
                _byProgram.Add(name, ends = new Ends());
            ends.Add(status);
            All.Add(status);
            if ((process.Space.Runtimes & JitRuntimes.DotNet) == 0)
                WithoutDotNet.Add(status);
            if (status != UnwindStatus.Broken)
                return;
            string cause = $"{_unwinder.BrokenReason} in {ModuleOf(_frames[count - 1], process.Space)} of {name}";
            _causes[cause] = _causes.GetValueOrDefault(cause) + 1;
        }

        public void Print(int most)
        {
            Console.WriteLine($"{"program",-24}{"stacks",9}{"complete",10}{"deeper than copy",18}{"than frames kept",18}{"broken",9}");
            foreach ((string name, Ends ends) in _byProgram.OrderByDescending(static entry => entry.Value.Stacks).Take(most))
                ends.Print(name);
            All.Print("all");
            WithoutDotNet.Print("without .NET");
            foreach ((string cause, int times) in _causes.OrderByDescending(static entry => entry.Value).Take(most))
                Console.WriteLine($"broken {times,7} times: {cause}");
        }

        private static bool IsOfLoad(ProcessInfo process) =>
            process.Parent is { } parent && (parent.Pid == Environment.ProcessId || IsOfLoad(parent));

        private static string ModuleOf(in UnwoundFrame frame, AddressSpace space) =>
            frame.MappingIndex < 0 ? "nothing" : space[frame.MappingIndex].File?.Path ?? "memory without a file";
    }

    /// <summary>How stacks ended.</summary>
    private sealed class Ends
    {
        private readonly long[] _byStatus = new long[Enum.GetValues<UnwindStatus>().Length];

        public long Stacks => _byStatus.Sum();

        public double Percent => PercentOf(UnwindStatus.Complete);

        public void Add(UnwindStatus status) => _byStatus[(int)status]++;

        public void Print(string name) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-24}{Stacks,9}{Percent,9:0.00}%{PercentOf(UnwindStatus.Truncated),17:0.00}%{PercentOf(UnwindStatus.FrameLimit),17:0.00}%{PercentOf(UnwindStatus.Broken),8:0.00}%"));

        private double PercentOf(UnwindStatus status) => 100.0 * _byStatus[(int)status] / Math.Max(1, Stacks);
    }
}
