namespace CallStackRules.Sequences;

/// <summary>
/// Follows a sequence: a key has one pending match a stage. An event is offered to the last stage first, so it can complete or advance one match and begin
/// another, but never be two events of one.
/// </summary>
internal sealed class SequenceMatcher<TEvent> : StepsMatcher<TEvent>
{
    /// <summary>How much later than others an event can come, in milliseconds: so long a match stays after its time is over.</summary>
    private const long LateEvents = 60 * 1000;

    private StepsPlan _plan;
    private readonly PendingTable _table;
    private readonly JoinKey _key = new();

    /// <summary>The step of each stage that is not missing.</summary>
    private readonly int[] _steps;

    /// <summary>For each stage that is not missing, the steps that must be absent before it; for the first, before the whole; behind the last, after it.</summary>
    private readonly int[][] _absent;

    /// <summary>What was kept, by step as written: what conditions on earlier events read.</summary>
    private readonly Snapshot[] _earlier;

    /// <summary>Whether a step was found to match the event at hand: unknown, no, yes. A repeated step is asked once.</summary>
    private readonly sbyte[] _asked;

    /// <summary>Matches that wait for an event not to come, by deadline.</summary>
    private readonly PriorityQueue<PendingMatch, (long Deadline, long Arrival)> _waiting = new();

    /// <summary>Room for sorting out which matches still wait.</summary>
    private readonly List<(PendingMatch Match, (long Deadline, long Arrival) Due)> _stillWaiting = [];

    private readonly PendingPool _pool;
    private readonly int _capacity;
    private long _arrivals;

    public SequenceMatcher(StepsRule<TEvent> rule, int capacity, PendingPool pool)
        : base(rule, pool)
    {
        _plan = rule.Plan;
        _capacity = capacity;
        _pool = pool;
        var steps = new List<int>();
        var absent = new List<int[]>();
        var gap = new List<int>();
        foreach (Stage stage in _plan.Stages)
        {
            if (stage.IsMissing)
            {
                gap.Add(stage.Step);
                continue;
            }
            steps.Add(stage.Step);
            absent.Add([.. gap]);
            gap.Clear();
        }
        absent.Add([.. gap]);
        _steps = [.. steps];
        _absent = [.. absent];
        _table = new PendingTable(capacity, pool);
        pool.Prepare(_steps.Length);
        _earlier = new Snapshot[_plan.StepCount];
        _asked = new sbyte[_plan.StepCount + 1];
    }

    public override int Pending => _table.Count;

    public override long Evicted => _table.Evicted;

    public override bool NeedsClock => _absent[WaitingStage].Length > 0;

    /// <summary>The stage of matches that have all events and wait for none to follow.</summary>
    private int WaitingStage => _steps.Length;

    internal override void Continue(StepsRule<TEvent> rule)
    {
        base.Continue(rule);
        _plan = rule.Plan;
    }

    private protected override void OfferCore(TEvent e, long time, ProcessFacts? lineage, List<StepsMatch<TEvent>> completed)
    {
        _arrivals++;
        Array.Clear(_asked);

        for (int stage = _steps.Length - 1; stage > 0; stage--)
            Advance(stage, e, time, lineage, completed);
        Begin(e, time, lineage, completed);

        for (int stage = 1; stage < _steps.Length; stage++)
        {
            foreach (int step in _absent[stage])
                Break(step, stage - 1, e, time, lineage);
        }
        foreach (int step in _absent[WaitingStage])
            Break(step, WaitingStage, e, time, lineage);
        foreach (int step in _absent[0])
            Remember(step, e, time, lineage);
        if (_plan.HasUntil)
            Kill(e, lineage);
    }

    private protected override void TickCore(long time, List<StepsMatch<TEvent>> completed) => Fire(time, completed);

    private protected override void EndCore(List<StepsMatch<TEvent>> completed) => Fire(long.MaxValue, completed);

    /// <summary>Begins a match when the first step asks for the event.</summary>
    private void Begin(TEvent e, long time, ProcessFacts? lineage, List<StepsMatch<TEvent>> completed)
    {
        if (!Asks(_steps[0], e, lineage) || !ReadKey(_steps[0], e))
            return;
        if (_table.Find(0, _key.Span) is { } overwritten)
            _table.Remove(overwritten);
        if (_plan.MaxSpan is { } span)
            _table.Expire(time - LateEvents, span);
        PendingMatch match = _pool.Rent(_steps.Length, _key.Span);
        match.First = time;
        Take(match, 0, e, time);
        Settle(match, 0, time, completed);
    }

    /// <summary>Advances a match to a stage when its step asks for the event.</summary>
    private void Advance(int stage, TEvent e, long time, ProcessFacts? lineage, List<StepsMatch<TEvent>> completed)
    {
        int step = _steps[stage];
        bool readsEarlier = _plan.ReadsEarlier[step];
        if ((!readsEarlier && !Asks(step, e, lineage)) || !ReadKey(step, e) || _table.Find(stage - 1, _key.Span) is not { } match)
            return;
        // What is older than the last event neither advances nor consumes.
        if (time < match.Last || (readsEarlier && !AsksWith(match, stage, step, e, lineage)))
            return;
        _table.Take(match);
        if (_plan.MaxSpan is { } span && time - match.First > span)
        {
            _pool.Return(match);
            return;
        }
        Take(match, stage, e, time);
        Settle(match, stage, time, completed);
    }

    private void Take(PendingMatch match, int stage, TEvent e, long time)
    {
        Snapshot snapshot = match.Snapshots[stage];
        snapshot.Time = time;
        snapshot.Arrival = _arrivals;
        _pool.Capture(Rule, _steps[stage], e, snapshot);
        match.Last = time;
        match.Arrival = _arrivals;
    }

    /// <summary>Puts a match where it stands now: at its stage, among those that wait, or out as completed.</summary>
    private void Settle(PendingMatch match, int stage, long time, List<StepsMatch<TEvent>> completed)
    {
        if (stage < _steps.Length - 1)
        {
            if (_table.Find(stage, match.Key) is { } overwritten)
                _table.Remove(overwritten);
            _table.Insert(match, stage);
        }
        else if (HadForbidden(match, time))
        {
            _pool.Return(match);
        }
        else if (_absent[WaitingStage].Length > 0)
        {
            // Those that wait stand side by side: none overwrites another.
            _table.Insert(match, WaitingStage);
            if (_waiting.Count >= 2 * _capacity)
                ForgetEnded();
            _waiting.Enqueue(match, (match.First + _plan.MaxSpan!.Value, _arrivals));
        }
        else
        {
            Complete(match, _steps, completed);
            _pool.Return(match);
        }
    }

    /// <summary>Whether an event that must not come before the whole, and is no event of it, came within the span before the last event.</summary>
    private bool HadForbidden(PendingMatch match, long time)
    {
        foreach (int step in _absent[0])
        {
            for (PendingMatch? seen = _table.Find(RememberedStage(step), match.Key); seen is not null; seen = PendingTable.FindNext(seen))
            {
                if (seen.Last <= time && seen.Last >= time - _plan.MaxSpan && !Has(match, seen.Arrival))
                    return true;
            }
        }
        return false;
    }

    private static bool Has(PendingMatch match, long arrival)
    {
        foreach (Snapshot snapshot in match.Snapshots)
        {
            if (snapshot.Arrival == arrival)
                return true;
        }
        return false;
    }

    /// <summary>
    /// Remembers when an event came that must not come before the whole. Those that a match has as its own steps do not count, so one more than a match has events
    /// is all that must be known.
    /// </summary>
    private void Remember(int step, TEvent e, long time, ProcessFacts? lineage)
    {
        if (!Asks(step, e, lineage) || !ReadKey(step, e))
            return;
        int stage = RememberedStage(step);
        int count = 0;
        PendingMatch? oldest = null;
        for (PendingMatch? other = _table.Find(stage, _key.Span); other is not null; other = PendingTable.FindNext(other))
        {
            oldest = other;
            count++;
        }
        if (count > _steps.Length)
            _table.Remove(oldest!);
        PendingMatch seen = _pool.Rent(_steps.Length, _key.Span);
        seen.First = time;
        seen.Last = time;
        seen.Arrival = _arrivals;
        _table.Insert(seen, stage);
    }

    /// <summary>Ends the matches of a stage when the event is one that must not come.</summary>
    private void Break(int step, int stage, TEvent e, long time, ProcessFacts? lineage)
    {
        bool readsEarlier = _plan.ReadsEarlier[step];
        if ((!readsEarlier && !Asks(step, e, lineage)) || !ReadKey(step, e))
            return;
        PendingMatch? next;
        for (PendingMatch? match = _table.Find(stage, _key.Span); match is not null; match = next)
        {
            next = PendingTable.FindNext(match);
            // An event that is the match's last step and absent is the step; one that is older did not come behind it.
            if (match.Arrival != _arrivals && time >= match.Last && (!readsEarlier || AsksWith(match, Math.Min(stage + 1, _steps.Length), step, e, lineage)))
                _table.Remove(match);
        }
    }

    /// <summary>Ends all matches of the key that <c>until</c> names. Those that only wait are past it.</summary>
    private void Kill(TEvent e, ProcessFacts? lineage)
    {
        if (!Asks(_plan.StepCount, e, lineage) || !ReadKey(_plan.StepCount, e))
            return;
        for (int stage = 0; stage < _steps.Length - 1; stage++)
        {
            if (_table.Find(stage, _key.Span) is { } match)
                _table.Remove(match);
        }
    }

    /// <summary>Completes the matches whose deadline has passed without the event that must not come.</summary>
    private void Fire(long time, List<StepsMatch<TEvent>> completed)
    {
        while (_waiting.TryPeek(out PendingMatch? match, out (long Deadline, long Arrival) due) && due.Deadline < time)
        {
            _waiting.Dequeue();
            if (!IsWaiting(match, due.Arrival))
                continue;
            _table.Take(match);
            Complete(match, _steps, completed);
            _pool.Return(match);
        }
    }

    /// <summary>Whether a match still waits. One that was ended meanwhile may be another one by now.</summary>
    private bool IsWaiting(PendingMatch match, long arrival) => match.Table == _table && match.Stage == WaitingStage && match.Arrival == arrival;

    /// <summary>Takes matches that were ended out of those that wait, so that there are never many more than the table has.</summary>
    private void ForgetEnded()
    {
        _stillWaiting.Clear();
        foreach ((PendingMatch match, (long Deadline, long Arrival) due) in _waiting.UnorderedItems)
        {
            if (IsWaiting(match, due.Arrival))
                _stillWaiting.Add((match, due));
        }
        _waiting.Clear();
        _waiting.EnqueueRange(_stillWaiting);
        _stillWaiting.Clear();
    }

    private bool Asks(int step, TEvent e, ProcessFacts? lineage)
    {
        if (_asked[step] == 0)
            _asked[step] = Rule.Matches(step, e, [], lineage) ? (sbyte)1 : (sbyte)-1;
        return _asked[step] > 0;
    }

    private bool AsksWith(PendingMatch match, int stages, int step, TEvent e, ProcessFacts? lineage)
    {
        // A repeated step is known by its first event.
        for (int stage = stages - 1; stage >= 0; stage--)
            _earlier[_steps[stage]] = match.Snapshots[stage];
        return Rule.Matches(step, e, _earlier, lineage);
    }

    private bool ReadKey(int step, TEvent e)
    {
        _key.Clear();
        return Rule.ReadKey(step, e, _key);
    }

    private static int RememberedStage(int step) => -1 - step;
}
