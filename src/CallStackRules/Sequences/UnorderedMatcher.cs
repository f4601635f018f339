namespace CallStackRules.Sequences;

/// <summary>
/// Follows a sample or a join: a key has one event a step, in any order. A sample's events are distinct; a join lets one event fill several steps. When all are
/// there, the match is complete and the key starts afresh.
/// </summary>
internal sealed class UnorderedMatcher<TEvent> : StepsMatcher<TEvent>
{
    private StepsPlan _plan;
    private readonly PendingTable _table;
    private readonly JoinKey _key = new();
    private readonly int[] _steps;
    private readonly ulong _all;

    /// <summary>The matches that the event at hand took part in.</summary>
    private readonly List<PendingMatch> _touched = [];

    private readonly PendingPool _pool;
    private long _arrivals;

    public UnorderedMatcher(StepsRule<TEvent> rule, int capacity, PendingPool pool)
        : base(rule, pool)
    {
        _plan = rule.Plan;
        _steps = [.. _plan.Stages.Select(static stage => stage.Step)];
        if (_steps.Length > 64)
            throw new ArgumentException("A sample or join has at most 64 steps.", nameof(rule));
        _all = _steps.Length == 64 ? ulong.MaxValue : (1UL << _steps.Length) - 1;
        _table = new PendingTable(capacity, pool);
        _pool = pool;
        pool.Prepare(_steps.Length);
    }

    public override int Pending => _table.Count;

    public override long Evicted => _table.Evicted;

    internal override void Continue(StepsRule<TEvent> rule)
    {
        base.Continue(rule);
        _plan = rule.Plan;
    }

    private protected override void OfferCore(TEvent e, long time, ProcessFacts? lineage, List<StepsMatch<TEvent>> completed)
    {
        _arrivals++;
        for (int stage = 0; stage < _steps.Length; stage++)
        {
            if (!Rule.Matches(_steps[stage], e, [], lineage) || !ReadKey(_steps[stage], e))
                continue;
            PendingMatch? match = _table.Find(0, _key.Span);
            if (match is null)
            {
                match = _pool.Rent(_steps.Length, _key.Span);
                match.Filled = 0;
                match.Arrival = 0;
                _table.Insert(match, 0);
            }
            ulong bit = 1UL << stage;
            if ((match.Filled & bit) != 0 || (_plan.Kind == StepsKind.Sample && match.Arrival == _arrivals))
                continue;
            Take(match, stage, e, time);
            match.Filled |= bit;
            match.Arrival = _arrivals;
            _touched.Add(match);
        }
        foreach (PendingMatch match in _touched)
            Settle(match, completed);
        _touched.Clear();
        if (_plan.HasUntil && Rule.Matches(_plan.StepCount, e, [], lineage) && ReadKey(_plan.StepCount, e) && _table.Find(0, _key.Span) is { } killed)
            _table.Remove(killed);
    }

    private protected override void EndCore(List<StepsMatch<TEvent>> completed)
    {
    }

    /// <summary>Completes a match that has all its events; another has come further, and goes last when there are too many.</summary>
    private void Settle(PendingMatch match, List<StepsMatch<TEvent>> completed)
    {
        // One event can fill several steps of a match, and complete it only once.
        if (match.Table != _table)
            return;
        _table.Take(match);
        if (match.Filled != _all)
        {
            _table.Insert(match, 0);
            return;
        }
        Complete(match, _steps, completed);
        _pool.Return(match);
    }

    private void Take(PendingMatch match, int stage, TEvent e, long time)
    {
        Snapshot snapshot = match.Snapshots[stage];
        snapshot.Time = time;
        _pool.Capture(Rule, _steps[stage], e, snapshot);
    }

    private bool ReadKey(int step, TEvent e)
    {
        _key.Clear();
        return Rule.ReadKey(step, e, _key);
    }
}
