using System.Diagnostics;
using System.Globalization;
using CallStackRules.Capture.Sources;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sensor.Alerts;
using CallStackRules.Sensor.Pipeline;
using CallStackRules.Sensor.Responses;

namespace CallStackRules.Load;

/// <summary>
/// One processor opens and closes a file from a stack of 16 frames as fast as it can, the sensor's own loop reads on the other with all rules. Every event must be seen
/// or be counted as lost.
/// </summary>
internal static class Storm
{
    private const int Frames = 16;

    /// <summary>Events that are not measured: code is compiled, and tables fill.</summary>
    private const int WarmUp = 20_000;

    /// <summary>Runs it and prints what came of it.</summary>
    /// <param name="calls">Calls that are made while the sensor reads.</param>
    /// <param name="processor">The processor they are made on.</param>
    /// <returns>Whether all events are accounted for.</returns>
    public static bool Run(long calls, int processor)
    {
        string folder = Directory.CreateTempSubdirectory("callstackrules-load-").FullName;
        try
        {
            string program = CProgram.Compile("storm", folder);
            (double seconds, double busy) alone = Call(program, processor, Math.Min(calls, 2_000_000), out _);
            Print("without the sensor", Math.Min(calls, 2_000_000), alone);
            return Run(program, calls, processor, alone.busy / Math.Min(calls, 2_000_000));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Run(string program, long calls, int processor, double secondsPerCallAlone)
    {
        var marks = new List<Mark>();
        var rules = new ActiveRules([], BuiltRules.LoadBuiltIn(), liveSystem: "linux");
        using var source = new CountingSource(LiveSources.Open(CaptureNeeds.Of(rules.Sets.SelectMany(AllInfos), "linux"), holdsPrograms: false, trace: null), Look);
        using var stop = new CancellationTokenSource();
        using var alerts = new AlertQueue([]);
        using var renderer = new AlertRenderer(console: null);
        var run = new LiveRun(source, rules) { Alerts = alerts, Renderer = renderer, Protected = new ProtectedProcesses(), Report = static _ => { } };
        run.WarmUp();
        source.Start();
        ReplaySummary? summary = null;
        var reader = new Thread(() =>
        {
            summary = run.Run(stop.Token);
            marks.Add(Mark.Take(source.Statistics.Used));
        });
        reader.Start();
        (double, double) under = Call(program, processor, calls, out int pid, started => source.Pid = started);
        stop.Cancel();
        reader.Join();

        CaptureStatistics capture = source.Capture;
        Print("with the sensor", calls, under);
        (Mark first, Mark last) = (marks[0], marks[^1]);
        double others = summary!.Source.Used - source.Opens;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
              the program's time for a call    {under.Item2 / calls / secondsPerCallAlone:0.00} times that without
              generated, seen, lost            {calls}, {source.Opens}, {capture.LostByKernel} ({others} events of other processes seen; process {pid})
              frames of a stack at least       {source.LeastFrames}; stacks complete {capture.StacksComplete}, truncated {capture.StacksTruncated}, broken {capture.StacksBroken}
              reader's processor time          {(last.Seconds - first.Seconds) / (last.Events - first.Events) * 1e6:0.00} us an event, waiting for events included
              allocated                        {summary.BytesPerEvent:0.000} bytes an event
              resident at start, middle, end   {first.Mebibytes:0.0}, {marks[marks.Count / 2].Mebibytes:0.0}, {last.Mebibytes:0.0} MiB
            """));
        // What others lost is counted with what the storm lost, and nothing else can make the sum too large.
        bool isExact = capture.LostByKernel == 0 ? source.Opens == calls : source.Opens <= calls && source.Opens + capture.LostByKernel >= calls;
        bool isDeep = source.LeastFrames >= Frames;
        Console.WriteLine(isExact ? "Every event was seen or counted as lost." : "FAILED: some events were neither seen nor counted as lost.");
        if (!isDeep)
            Console.WriteLine($"FAILED: a stack had fewer than {Frames} frames.");
        return isExact && isDeep;

        void Look(long events)
        {
            // By the thread that reads, at the start and where half of the events would be; more often it would allocate what is measured.
            long next = WarmUp + (marks.Count * Math.Max(1, (calls - WarmUp) / 2));
            if (events >= next)
                marks.Add(Mark.Take(events));
        }
    }

    private static (double Seconds, double Busy) Call(string program, int processor, long calls, out int pid, Action<int>? started = null)
    {
        var start = new ProcessStartInfo(program, [Text(processor), Text(calls)]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        pid = process.Id;
        started?.Invoke(pid);
        // It waits until it is known whose calls are counted.
        process.StandardInput.Close();
        string[] numbers = process.StandardOutput.ReadToEnd().Split(' ');
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new LoadException($"The storm ended with {process.ExitCode}: is there a processor {processor}?");
        return (double.Parse(numbers[0], CultureInfo.InvariantCulture), double.Parse(numbers[1], CultureInfo.InvariantCulture));
    }

    private static IEnumerable<RuleInfo> AllInfos(RuleSet<EndpointEvent> set) =>
        set.Rules.Select(static rule => rule.Info).Concat(set.StepsRules.Select(static rule => rule.Info));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Print(string what, long calls, (double Seconds, double Busy) took) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{what,-20}{calls / took.Seconds / 1000,8:0} thousand calls a second, {took.Busy / calls * 1e6,6:0.00} us of processor time each"));

    /// <summary>What the reading thread had used when it had read so many events.</summary>
    private readonly record struct Mark(long Events, double Seconds, double Mebibytes)
    {
        public static Mark Take(long events) => new(events, ProcessUse.SecondsOfThisThread(), ProcessUse.ResidentMebibytes(Environment.ProcessId));
    }
}
