namespace CallStackRules.Sequences;

/// <summary>Follows a rule whose matches go through pipes.</summary>
internal sealed class PipedMatcher<TEvent> : StepsMatcher<TEvent>
{
    private readonly StepsMatcher<TEvent> _source;
    private readonly PipeStage<TEvent>[] _stages;
    private readonly List<StepsMatch<TEvent>>[] _results;

    /// <param name="source">Finds the matches.</param>
    /// <param name="pool">Room for what pipes remember.</param>
    public PipedMatcher(StepsMatcher<TEvent> source, PendingPool pool)
        : base(source.Rule, pool)
    {
        _source = source;
        _stages = [.. Rule.Pipes.Select((_, i) => PipeStage<TEvent>.Create(Rule, i, pool))];
        _results = [.. _stages.Select(static _ => new List<StepsMatch<TEvent>>())];
    }

    public override int Pending => _source.Pending;

    public override long Evicted => _source.Evicted + _stages.Sum(static stage => stage.Evicted);

    public override bool NeedsClock => _source.NeedsClock;

    internal override void Continue(StepsRule<TEvent> rule)
    {
        base.Continue(rule);
        _source.Continue(rule);
        foreach (PipeStage<TEvent> stage in _stages)
            stage.Continue(rule);
    }

    private protected override void OfferCore(TEvent e, long time, ProcessFacts? lineage, List<StepsMatch<TEvent>> completed)
    {
        _source.Offer(e, time, lineage, _results[0]);
        Pass(0, completed);
    }

    private protected override void TickCore(long time, List<StepsMatch<TEvent>> completed)
    {
        _source.Tick(time, _results[0]);
        Pass(0, completed);
    }

    private protected override void EndCore(List<StepsMatch<TEvent>> completed)
    {
        _source.End(_results[0]);
        Pass(0, completed);
        for (int i = 0; i < _stages.Length; i++)
        {
            _stages[i].End(i + 1 < _stages.Length ? _results[i + 1] : completed);
            Pass(i + 1, completed);
        }
    }

    /// <summary>Leads what stands before a stage through it and all behind it.</summary>
    private void Pass(int from, List<StepsMatch<TEvent>> completed)
    {
        for (int i = from; i < _stages.Length; i++)
        {
            List<StepsMatch<TEvent>> passed = i + 1 < _stages.Length ? _results[i + 1] : completed;
            foreach (StepsMatch<TEvent> match in _results[i])
                _stages[i].Take(match, passed);
            _results[i].Clear();
        }
    }
}
