using System.Diagnostics;
using CallStackRules.Capture.Sources;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sensor.Responses;
using CallStackRules.Sequences;

namespace CallStackRules.Sensor.Pipeline;

/// <summary>Runs rules over what happens on this machine, on the thread that reads it.</summary>
/// <param name="source">What happens; started by the caller, who disposes it.</param>
/// <param name="rules">The rules.</param>
/// <param name="operatingSystem">The system this is, as rules name it: rules for others are not asked for their opinion.</param>
internal sealed class LiveRun(ILiveSource source, ActiveRules rules, string operatingSystem)
{
    /// <summary>Events between two times that files of rules are looked at; they are looked at when nothing happens, too.</summary>
    private const int EventsBetweenLooks = 16 * 1024;

    /// <summary>Events whose allocations are not counted: buffers still grow, and tables of files and names fill.</summary>
    private const int WarmUpEvents = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private readonly AlertTally _alerts = new();

    /// <summary>Programs that were refused.</summary>
    public long Denied { get; private set; }

    /// <inheritdoc cref="Replay.WriteAlert"/>
    public required Action<RuleInfo, EndpointEvent> WriteAlert { get; init; }

    /// <inheritdoc cref="Replay.WriteStepsAlert"/>
    public required Action<StepsMatch<EndpointEvent>, EndpointEvent?> WriteStepsAlert { get; init; }

    /// <summary>Does what rules ask for; null when the operator allows no responses.</summary>
    public Responder? Responder { get; init; }

    /// <inheritdoc cref="Replay.WriteEvent"/>
    public Action<EndpointEvent>? WriteEvent { get; init; }

    /// <inheritdoc cref="Replay.ReportRules"/>
    public required Action<string> ReportRules { get; init; }

    /// <summary>Called for each program that was refused, after it was.</summary>
    public required Action<string> ReportDenial { get; init; }

    /// <summary>Runs until cancelled; what was captured up to then is still read.</summary>
    public ReplaySummary Run(CancellationToken cancellation)
    {
        using CancellationTokenRegistration registration = cancellation.Register(source.Stop);
        var e = new EndpointEvent();
        var matches = new List<EventRule<EndpointEvent>>();
        var completed = new List<StepsMatch<EndpointEvent>>();
        long start = Stopwatch.GetTimestamp();
        long allocated = 0;
        while (true)
        {
            long mark = GC.GetAllocatedBytesForCurrentThread();
            ReadResult result = source.Read(e, Patience);
            if (result == ReadResult.End)
                break;
            if (result == ReadResult.Nothing)
            {
                rules.Refresh(ReportRules);
                continue;
            }
            matches.Clear();
            completed.Clear();
            if (source.AwaitsVerdict)
            {
                Judge(e, matches);
                continue;
            }
            rules.Push(e, matches, completed);
            if (source.Statistics.Used > WarmUpEvents)
                allocated += GC.GetAllocatedBytesForCurrentThread() - mark;
            if (matches.Count > 0 || completed.Count > 0)
                WriteAlerts(e, matches, completed);
            WriteEvent?.Invoke(e);
            if (source.Statistics.Used % EventsBetweenLooks == 0)
                rules.Refresh(ReportRules);
        }
        long counted = Math.Max(1, source.Statistics.Used - WarmUpEvents);
        return new ReplaySummary(
            source.Statistics, _alerts, Stopwatch.GetElapsedTime(start), (double)allocated / counted, rules.EvictedMatches, rules.EvictedProcesses, IsStopped: false)
        {
            Capture = source.Capture,
            Denied = Denied,
        };
    }

    private void WriteAlerts(EndpointEvent e, List<EventRule<EndpointEvent>> matches, List<StepsMatch<EndpointEvent>> completed)
    {
        foreach (EventRule<EndpointEvent> rule in matches)
        {
            if (!IsForThisSystem(rule.Info))
                continue;
            Responder?.Respond(rule.Info, e);
            _alerts.Add(rule.Info);
            WriteAlert(rule.Info, e);
        }
        foreach (StepsMatch<EndpointEvent> match in completed)
        {
            if (!IsForThisSystem(match.Rule.Info))
                continue;
            Responder?.Respond(match);
            _alerts.Add(match.Rule.Info);
            // Where the last must not come, the event at hand only shows that its time is over.
            WriteStepsAlert(match, match.Rule.Plan.Stages[^1].IsMissing ? null : e);
        }
    }

    /// <summary>
    /// Answers whether a program may run, before anything is written. Only rules over single events that ask for it can refuse: what others remember must not count the
    /// program twice, which comes again as an event when it runs.
    /// </summary>
    private void Judge(EndpointEvent e, List<EventRule<EndpointEvent>> matches)
    {
        foreach (RuleSet<EndpointEvent> set in rules.Sets)
            set.Match(e, matches);
        EventRule<EndpointEvent>? refusing = null;
        foreach (EventRule<EndpointEvent> rule in matches)
        {
            if (refusing is null && IsForThisSystem(rule.Info) && Denies(rule.Info))
                refusing = rule;
        }
        source.Answer(allow: refusing is null);
        if (refusing is null)
            return;
        Denied++;
        foreach (EventRule<EndpointEvent> rule in matches)
        {
            if (!IsForThisSystem(rule.Info))
                continue;
            _alerts.Add(rule.Info);
            WriteAlert(rule.Info, e);
        }
        ReportDenial($"denied: {e.Process?.Executable} asked for by {e.Process?.Previous.Executable} (process {e.Process?.Pid}), by the rule '{refusing.Info.Name}'");
    }

    private static bool Denies(RuleInfo rule)
    {
        foreach (RuleAction action in rule.Actions)
        {
            if (action.Kind == "deny")
                return true;
        }
        return false;
    }

    private bool IsForThisSystem(RuleInfo rule) => rule.OperatingSystems.Count == 0 || rule.OperatingSystems.Contains(operatingSystem, StringComparer.Ordinal);
}
