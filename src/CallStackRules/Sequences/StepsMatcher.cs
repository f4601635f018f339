namespace CallStackRules.Sequences;

/// <summary>The state of one rule over several events: its pending matches. Driven by event time alone, so a replay gives the same matches every time.</summary>
/// <typeparam name="TEvent">The event model.</typeparam>
public abstract class StepsMatcher<TEvent>
{
    private readonly List<StepsMatch<TEvent>> _free = [];
    private readonly List<StepsMatch<TEvent>> _handedOut = [];
    private readonly PendingPool _pool;

    private protected StepsMatcher(StepsRule<TEvent> rule, PendingPool pool)
    {
        Rule = rule;
        _pool = pool;
    }

    /// <summary>
    /// How many pending matches a rule has at most unless configured otherwise. One takes about a kilobyte, so the hundreds of sequences of a large rule set stay
    /// within a few hundred megabytes even when an attacker fills them all.
    /// </summary>
    public const int DefaultCapacity = 1024;

    /// <summary>The rule.</summary>
    public StepsRule<TEvent> Rule { get; private set; }

    /// <summary>How many matches are pending.</summary>
    public abstract int Pending { get; }

    /// <summary>How many pending matches had to go because there were too many.</summary>
    public abstract long Evicted { get; }

    /// <summary>Whether matches can complete because time passes, so that <see cref="Tick"/> must be called for every event.</summary>
    public virtual bool NeedsClock => false;

    /// <summary>The number of the event that was offered last, as the engine counts.</summary>
    internal long LastEvent { get; set; }

    /// <summary>A matcher for a rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="capacity">How many pending matches there can be; the one that waited longest goes when there are more.</param>
    public static StepsMatcher<TEvent> Create(StepsRule<TEvent> rule, int capacity = DefaultCapacity) => Create(rule, capacity, new PendingPool());

    /// <inheritdoc cref="Create(StepsRule{TEvent}, int)"/>
    internal static StepsMatcher<TEvent> Create(StepsRule<TEvent> rule, int capacity, PendingPool pool)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        StepsMatcher<TEvent> matcher = rule.Plan.Kind == StepsKind.Sequence ? new SequenceMatcher<TEvent>(rule, capacity, pool) : new UnorderedMatcher<TEvent>(rule, capacity, pool);
        return rule.Pipes.Count == 0 ? matcher : new PipedMatcher<TEvent>(matcher, pool);
    }

    /// <summary>Goes on with another form of the same query, as it is loaded anew. Nothing of the form before is kept but what pipes hold back to the end.</summary>
    internal virtual void Continue(StepsRule<TEvent> rule)
    {
        TakeBack();
        _free.Clear();
        Rule = rule;
    }

    /// <summary>Offers an event. Completed matches are appended and valid until the next call.</summary>
    /// <param name="e">The event.</param>
    /// <param name="time">When it happened, in milliseconds; may go back.</param>
    /// <param name="lineage">What is known of the ancestry of its process.</param>
    /// <param name="completed">Takes the matches in their order.</param>
    public void Offer(TEvent e, long time, ProcessFacts? lineage, List<StepsMatch<TEvent>> completed)
    {
        if (!NeedsClock)
            TakeBack();
        OfferCore(e, time, lineage, completed);
    }

    /// <summary>Says what time it is. Called before <see cref="Offer"/> where <see cref="NeedsClock"/> says so; takes back the matches of the event before.</summary>
    public void Tick(long time, List<StepsMatch<TEvent>> completed)
    {
        TakeBack();
        TickCore(time, completed);
    }

    /// <summary>The stream ends: matches that waited for an event not to come are completed, and pipes give what they held back.</summary>
    public void End(List<StepsMatch<TEvent>> completed)
    {
        TakeBack();
        EndCore(completed);
    }

    private protected abstract void OfferCore(TEvent e, long time, ProcessFacts? lineage, List<StepsMatch<TEvent>> completed);

    private protected virtual void TickCore(long time, List<StepsMatch<TEvent>> completed)
    {
    }

    private protected abstract void EndCore(List<StepsMatch<TEvent>> completed);

    /// <summary>Hands out a match in exchange for the snapshots of a pending one, which gets unused ones.</summary>
    private protected void Complete(PendingMatch pending, ReadOnlySpan<int> steps, List<StepsMatch<TEvent>> completed)
    {
        StepsMatch<TEvent> match;
        if (_free.Count > 0)
        {
            match = _free[^1];
            _free.RemoveAt(_free.Count - 1);
        }
        else
        {
            match = new StepsMatch<TEvent>(Rule, steps.Length);
        }
        (match.Snapshots, pending.Snapshots) = (pending.Snapshots, match.Snapshots);
        steps.CopyTo(match.Steps);
        _handedOut.Add(match);
        completed.Add(match);
    }

    private void TakeBack()
    {
        if (_handedOut.Count == 0)
            return;
        foreach (StepsMatch<TEvent> match in _handedOut)
        {
            match.Clear(_pool.Texts);
            _free.Add(match);
        }
        _handedOut.Clear();
    }
}
