using System.Diagnostics;
using CallStackRules.Capture.Sources;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sequences;

namespace CallStackRules.Sensor.Pipeline;

/// <summary>Runs rules over the events of a recording.</summary>
/// <param name="recording">The recording; the caller disposes it.</param>
/// <param name="rules">The rules.</param>
internal sealed class Replay(Recording recording, ActiveRules rules)
{
    /// <summary>Events between two times that progress is shown and files of rules are looked at.</summary>
    private const int EventsBetweenLooks = 1024;

    /// <summary>Called for each match while the event is valid; its process has its ancestors, so far as they are known.</summary>
    public required Action<RuleInfo, EndpointEvent> WriteAlert { get; init; }

    /// <summary>
    /// Called for each match of a rule over several events while it is valid, with the event that completed it; null when time did, because none came that must
    /// not come.
    /// </summary>
    public required Action<StepsMatch<EndpointEvent>, EndpointEvent?> WriteStepsAlert { get; init; }

    /// <summary>Called for each event while it is valid; null when nobody wants the events.</summary>
    public Action<EndpointEvent>? WriteEvent { get; init; }

    /// <summary>Called now and then with what was read so far; null when nobody watches.</summary>
    public Action<SourceStatistics>? ShowProgress { get; init; }

    /// <summary>Called when a file of rules changed, with what came of it.</summary>
    public required Action<string> ReportRules { get; init; }

    /// <summary>Reads to the end, or until cancelled.</summary>
    public ReplaySummary Run(CancellationToken cancellation)
    {
        IEventSource source = recording.Source;
        var e = new EndpointEvent();
        var matches = new List<EventRule<EndpointEvent>>();
        var completed = new List<StepsMatch<EndpointEvent>>();
        var alerts = new AlertTally();
        var allocations = new AllocationMeter();
        long start = Stopwatch.GetTimestamp();

        allocations.Begin();
        while (!cancellation.IsCancellationRequested && source.TryRead(e))
        {
            matches.Clear();
            completed.Clear();
            rules.Push(e, matches, completed);
            allocations.End();

            if (matches.Count > 0 || completed.Count > 0)
                WriteAlertsWithAncestors(e, matches, completed, alerts);
            WriteEvent?.Invoke(e);
            if (source.Statistics.Used % EventsBetweenLooks == 0)
            {
                ShowProgress?.Invoke(source.Statistics);
                rules.Refresh(ReportRules);
            }
            allocations.Begin();
        }
        bool isStopped = cancellation.IsCancellationRequested;
        // Part of a recording does not tell whether an event comes that must not.
        if (!isStopped)
        {
            completed.Clear();
            rules.End(completed);
            WriteStepsAlerts(null, completed, alerts);
        }
        return new ReplaySummary(
            source.Statistics, alerts, Stopwatch.GetElapsedTime(start), allocations.BytesPerEvent, rules.EvictedMatches, rules.EvictedProcesses, isStopped)
        {
            Capture = recording.Capture,
        };
    }

    /// <summary>Rules see what the record says; whoever reads an alert wants to know where the process comes from, too.</summary>
    private void WriteAlertsWithAncestors(
        EndpointEvent e, List<EventRule<EndpointEvent>> matches, List<StepsMatch<EndpointEvent>> completed, AlertTally alerts)
    {
        ProcessInfo? orphan = e.Process is { Parent: null } process ? process : null;
        if (orphan is not null)
            orphan.Parent = recording.Processes.Find(orphan.EntityId.Span)?.Parent;
        foreach (EventRule<EndpointEvent> rule in matches)
        {
            alerts.Add(rule.Info);
            WriteAlert(rule.Info, e);
        }
        WriteStepsAlerts(e, completed, alerts);
        if (orphan is not null)
            orphan.Parent = null;
    }

    private void WriteStepsAlerts(EndpointEvent? e, List<StepsMatch<EndpointEvent>> completed, AlertTally alerts)
    {
        foreach (StepsMatch<EndpointEvent> match in completed)
        {
            alerts.Add(match.Rule.Info);
            // Where the last must not come, the event at hand only shows that its time is over.
            WriteStepsAlert(match, match.Rule.Plan.Stages[^1].IsMissing ? null : e);
        }
    }
}
