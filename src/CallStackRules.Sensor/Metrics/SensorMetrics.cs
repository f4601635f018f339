using System.Diagnostics.Metrics;
using CallStackRules.Capture.Sources;
using CallStackRules.Sensor.Alerts;
using CallStackRules.Sensor.Pipeline;

namespace CallStackRules.Sensor.Metrics;

/// <summary>The numbers of a running sensor for whoever listens, as <c>docs/metrics.md</c> lists them. Read from what is counted anyway, and only when asked for.</summary>
internal sealed class SensorMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "CallStackRules";

    private readonly Meter _meter = new(MeterName);

    /// <summary>Publishes the numbers of a run.</summary>
    public SensorMetrics(LiveRun run, AlertQueue alerts, Func<long> exportFailures)
    {
        CaptureStatistics capture = run.Source.Capture;
        Count("callstackrules.events", "{event}", "Events that the rules saw.", () => run.Source.Statistics.Used);
        Count("callstackrules.matches", "{match}", "Matches of rules.", () => run.Matched);
        Count("callstackrules.events.lost", "{event}", "Events that the kernel could not deliver because its buffers were full.", () => capture.LostByKernel);
        Count("callstackrules.events.shed", "{event}", "Events left out to keep the CPU budget.", () => capture.Shed);
        Count("callstackrules.events.unknown_process", "{event}", "Events of processes that nothing else was known of.", () => capture.UnknownProcesses);
        Count("callstackrules.model_records.lost", "{record}", "Records about processes and mappings that the kernel could not deliver.", () => capture.LostModelRecords);
        Count("callstackrules.records.bad", "{record}", "Records of the kernel that could not be read.", () => capture.BadRecords);
        Count("callstackrules.texts.missing", "{text}", "Paths and arguments that could not be read from the process.", () => capture.TextsMissing);
        _meter.CreateObservableCounter("callstackrules.stacks", () => Stacks(capture), "{stack}", "Call stacks by how they end.");
        Count("callstackrules.frames.uncertain", "{frame}", "Frames not called unbacked because the load of their image may have been lost.", () => capture.FramesUncertain);
        _meter.CreateObservableCounter("callstackrules.hashes", () => Hashes(capture), "{hash}", "Hashes of files that were asked for, by what came of it.");
        Count("callstackrules.hashes.forgotten", "{file}", "Hashes forgotten because there were too many.", () => capture.HashesForgotten);
        Gauge("callstackrules.hashes.waiting", "{file}", "Hashes still to come.", () => capture.HashesWaiting);
        Count("callstackrules.matches.evicted", "{match}", "Pending matches given up because a rule had too many.", () => run.Rules.EvictedMatches);
        Count("callstackrules.processes.evicted", "{process}", "Processes whose ancestry was forgotten because there were too many.", () => run.Rules.EvictedProcesses);
        Count("callstackrules.programs.held", "{program}", "Programs held until they were answered.", () => capture.ProgramsHeld);
        run.Waits.Histogram = _meter.CreateHistogram<double>("callstackrules.programs.wait", "s", "How long programs were held.");
        Count("callstackrules.programs.denied", "{program}", "Programs refused.", () => run.Denied);
        Count("callstackrules.responses.done", "{response}", "Responses carried out.", () => run.Responder?.Done ?? 0);
        Count("callstackrules.responses.not_done", "{response}", "Responses refused, failed or rehearsed.", () => run.Responder?.NotDone ?? 0);
        Count("callstackrules.alerts.dropped", "{alert}", "Alerts dropped because the outputs were too slow.", () => alerts.Dropped);
        Count("callstackrules.alerts.failed", "{alert}", "Alerts that an output could not write.", () => alerts.Failed);
        Count("callstackrules.exports.failed", "{export}", "Exports to the collector that failed.", exportFailures);
        Count("callstackrules.recording.dropped", "{event}", "Events dropped by the recording because the disk was too slow or full.", () => run.NotRecorded);
        Count("callstackrules.recording.bytes", "By", "Bytes of the recording.", () => run.Recording?.Bytes ?? 0);
        _meter.CreateObservableCounter("callstackrules.rule.time", () => RuleTimes(run, static time => time.Seconds), "s", "Time of rules over single events on sampled events.");
        _meter.CreateObservableCounter("callstackrules.rule.samples", () => RuleTimes(run, static time => time.Samples), "{event}", "Events that rules were measured on.");
        Gauge("callstackrules.alerts.waiting", "{alert}", "Alerts that wait for the outputs.", () => alerts.Waiting);
        Gauge("callstackrules.recording.waiting", "{block}", "Blocks of the recording that wait for the disk.", () => run.Recording?.Waiting ?? 0);
        Gauge("callstackrules.best_effort", "{state}", "1 while capture is weaker than it could be, as without BPF; 0 otherwise.", () => capture.IsBestEffort ? 1 : 0);
        Gauge("callstackrules.shedding", "{kind}", "Kinds of events that are left out.", () => run.Source.Shedding);
        Gauge("callstackrules.processes", "{process}", "Processes known.", () => run.Source.Processes.Count);
        Gauge("callstackrules.memory", "By", "Physical memory of the sensor.", () => Environment.WorkingSet);
        _meter.CreateObservableCounter("callstackrules.cpu.time", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time of the sensor.");
    }

    public void Dispose() => _meter.Dispose();

    private void Count(string name, string unit, string description, Func<long> value) => _meter.CreateObservableCounter(name, value, unit, description);

    private void Gauge(string name, string unit, string description, Func<long> value) => _meter.CreateObservableGauge(name, value, unit, description);

    private static Measurement<long>[] Stacks(CaptureStatistics capture) =>
    [
        new(capture.StacksComplete, KeyValuePair.Create<string, object?>("end", "complete")),
        new(capture.StacksTruncated, KeyValuePair.Create<string, object?>("end", "truncated")),
        new(capture.StacksBroken, KeyValuePair.Create<string, object?>("end", "broken")),
        new(capture.StacksMissing, KeyValuePair.Create<string, object?>("end", "missing")),
    ];

    private static Measurement<long>[] Hashes(CaptureStatistics capture) =>
    [
        new(capture.HashesComputed, KeyValuePair.Create<string, object?>("outcome", "computed")),
        new(capture.HashesKnown, KeyValuePair.Create<string, object?>("outcome", "known")),
        new(capture.HashesRefused, KeyValuePair.Create<string, object?>("outcome", "refused")),
        new(capture.HashesLate, KeyValuePair.Create<string, object?>("outcome", "late")),
    ];

    private static IEnumerable<Measurement<T>> RuleTimes<T>(LiveRun run, Func<RuleTime, T> value)
        where T : struct =>
        run.RuleTimes.Rules.Select(time => new Measurement<T>(
            value(time), KeyValuePair.Create<string, object?>("rule.id", time.Name.Id), KeyValuePair.Create<string, object?>("rule.name", time.Name.Name)));
}
