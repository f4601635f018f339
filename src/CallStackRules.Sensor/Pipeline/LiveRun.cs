using System.Diagnostics;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Recordings;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sensor.Alerts;
using CallStackRules.Sensor.Responses;
using CallStackRules.Sequences;

namespace CallStackRules.Sensor.Pipeline;

/// <summary>Runs rules over what happens on this machine, on the thread that reads it.</summary>
/// <param name="source">What happens; started by the caller, who disposes it.</param>
/// <param name="rules">The rules for this system.</param>
internal sealed class LiveRun(ILiveSource source, ActiveRules rules)
{
    /// <summary>Milliseconds between two times that what is not about events is done.</summary>
    private const int Interval = 200;

    /// <summary>How much later than it happened an event can be read.</summary>
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(Interval);

    private readonly List<EventRule<EndpointEvent>> _matches = [];
    private readonly List<StepsMatch<EndpointEvent>> _completed = [];
    private readonly AlertTally _tally = new();
    private long _alerts;
    private long _denied;
    private long _lastLook = Environment.TickCount64;
    private long _lastEventTime;
    private long _quietSince;
    private bool _isQuiet;
    private bool _hasSaidNotHolding;
    private bool _hasSaidNotRecording;

    /// <summary>What is captured.</summary>
    public ILiveSource Source => source;

    /// <summary>The rules.</summary>
    public ActiveRules Rules => rules;

    /// <summary>Makes alerts.</summary>
    public required AlertRenderer Renderer { get; init; }

    /// <summary>Takes alerts.</summary>
    public required AlertQueue Alerts { get; init; }

    /// <summary>Does what rules ask for; null when the operator allows no responses.</summary>
    public Responder? Responder { get; init; }

    /// <summary>Whose programs are never refused.</summary>
    public required ProtectedProcesses Protected { get; init; }

    /// <summary>Whether programs that a rule denies run nevertheless, and it is only said.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Keeps all events; null when nobody wants them.</summary>
    public RecordingWriter? Recording { get; init; }

    /// <summary>Leaves out events when there is no time for all; null when there is no bound.</summary>
    public CpuBudget? Budget { get; init; }

    /// <summary>Tells how long no event has come.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Receives lines for the operator.</summary>
    public required Action<string> Report { get; init; }

    /// <summary>How long rules take.</summary>
    public RuleTimes RuleTimes { get; } = new();

    /// <summary>How long programs were held.</summary>
    public VerdictTimes Waits { get; } = new();

    /// <summary>Matches of rules so far.</summary>
    public long Matched => Interlocked.Read(ref _alerts);

    /// <summary>Programs that were refused.</summary>
    public long Denied => Interlocked.Read(ref _denied);

    /// <summary>Events, and answers of the system, that no recording has because the disk was too slow or full.</summary>
    public long NotRecorded => (Recording?.Dropped ?? 0) + source.Capture.NotRecorded;

    /// <summary>When the reading thread last looked around, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    public long LastLook => Interlocked.Read(ref _lastLook);

    /// <summary>
    /// Compiles the rules, with events of nothing: the first events must not wait for the compiler, nor held programs. To be called before the source is started.
    /// </summary>
    public void WarmUp()
    {
        var e = new EndpointEvent { Process = new ProcessInfo() };
        foreach (string category in EventCategories.All.Split(' '))
        {
            e.Event.Category.Clear();
            e.Event.Category.Add(category);
            e.Event.Type.Add("start");
            FindAll(e);
            FindRefusing(e);
            _matches.Clear();
        }
    }

    /// <summary>Runs until cancelled; what was captured up to then is still read.</summary>
    public ReplaySummary Run(CancellationToken cancellation)
    {
        using CancellationTokenRegistration registration = cancellation.Register(source.Stop);
        var e = new EndpointEvent();
        long start = Stopwatch.GetTimestamp();
        var allocations = new AllocationMeter();
        while (true)
        {
            if (Environment.TickCount64 - _lastLook >= Interval)
                LookAround();
            allocations.Begin();
            ReadResult result = source.Read(e, Patience);
            if (result == ReadResult.End)
                break;
            _matches.Clear();
            _completed.Clear();
            if (result == ReadResult.Nothing)
            {
                LetTimePass(e);
                continue;
            }
            if (source.AwaitsVerdict)
            {
                Judge(e);
                continue;
            }
            rules.Push(e, _matches, _completed);
            Recording?.Write(e);
            _isQuiet = false;
            _lastEventTime = Math.Max(_lastEventTime, e.Timestamp ?? 0);
            RuleTimes.See(rules.Sets, e);
            allocations.End();
            if (_matches.Count > 0 || _completed.Count > 0)
                RaiseAlerts(e);
        }
        return new ReplaySummary(
            source.Statistics, _tally, Stopwatch.GetElapsedTime(start), allocations.BytesPerEvent, rules.EvictedMatches, rules.EvictedProcesses, IsStopped: false)
        {
            Capture = source.Capture,
            Denied = Denied,
            Responses = Responder?.Done ?? 0,
            Waits = Waits,
        };
    }

    /// <summary>That an event does not come is an alert, too, and must not wait for another event to come.</summary>
    private void LetTimePass(EndpointEvent e)
    {
        long now = Clock.GetTimestamp();
        if (!_isQuiet)
            _quietSince = now;
        _isQuiet = true;
        TimeSpan quiet = Clock.GetElapsedTime(_quietSince, now) - Lateness;
        if (quiet <= TimeSpan.Zero)
            return;
        rules.AdvanceTo(_lastEventTime + (long)quiet.TotalMilliseconds, _completed);
        RaiseAlerts(e);
    }

    private void LookAround()
    {
        Interlocked.Exchange(ref _lastLook, Environment.TickCount64);
        rules.Refresh(Report);
        Recording?.Flush();
        Budget?.Check();
        if (source.Capture.RecordingProblem is { } problem && !_hasSaidNotRecording)
        {
            _hasSaidNotRecording = true;
            Report($"The answers of the system are no longer recorded: {problem} Replaying the trace will lack them.");
        }
        if (!source.Capture.HasStoppedHolding || _hasSaidNotHolding)
            return;
        _hasSaidNotHolding = true;
        Report("Programs are no longer held: the sensor was silent for too long. Start it again to hold them.");
    }

    private void RaiseAlerts(EndpointEvent e)
    {
        foreach (EventRule<EndpointEvent> rule in _matches)
        {
            // First what must be quick.
            Responder?.Respond(rule.Info, e);
            Raise(rule.Info, e);
        }
        foreach (StepsMatch<EndpointEvent> match in _completed)
        {
            Responder?.Respond(match);
            _alerts++;
            _tally.Add(match.Rule.Info);
            // Where the last must not come, the event at hand only shows that its time is over.
            Alerts.Add(Renderer.Render(match, match.Rule.Plan.Stages[^1].IsMissing ? null : e));
        }
    }

    private void Raise(RuleInfo rule, EndpointEvent e)
    {
        _alerts++;
        _tally.Add(rule);
        Alerts.Add(Renderer.Render(rule, e));
    }

    /// <summary>
    /// Answers whether a program may run, before anything is written. Only rules over single events that ask for it can refuse: what others remember must not count the
    /// program twice, which comes again as an event when it runs.
    /// </summary>
    private void Judge(EndpointEvent e)
    {
        bool isProtected = e.Process?.Pid is { } pid && Protected.Contains(pid);
        EventRule<EndpointEvent>? refusing = isProtected ? null : FindRefusing(e);
        source.Answer(allow: refusing is null || IsDryRun);
        Waits.Add(new TimeSpan(DateTime.UtcNow.Ticks - e.UtcTicks!.Value));
        if (refusing is null)
            return;
        if (!IsDryRun)
            _denied++;
        FindAll(e);
        foreach (EventRule<EndpointEvent> rule in _matches)
            Raise(rule.Info, e);
        string reason = $"{(IsDryRun ? "would refuse" : "refused")}: {e.Process?.Executable} asked for by {e.Process?.Previous.Executable} (process {e.Process?.Pid})";
        var response = new Response(
            refusing.Info, ActiveRules.Deny, e.Process?.EntityId.ToString() ?? "", (int?)e.Process?.Pid, IsDryRun ? ResponseOutcome.DryRun : ResponseOutcome.Done, reason);
        Alerts.Add(Renderer.Render(response));
    }

    private EventRule<EndpointEvent>? FindRefusing(EndpointEvent e)
    {
        foreach (EventRule<EndpointEvent> rule in rules.Refusing)
        {
            if (rule.Matches(e, lineage: null))
                return rule;
        }
        return null;
    }

    private void FindAll(EndpointEvent e)
    {
        foreach (RuleSet<EndpointEvent> set in rules.Sets)
            set.Match(e, _matches);
    }
}
