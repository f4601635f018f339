namespace CallStackRules.Sequences;

/// <summary>A completed match: what was kept of its events. Valid until the next event is offered.</summary>
public sealed class StepsMatch<TEvent>
{
    internal StepsMatch(StepsRule<TEvent> rule, int events)
    {
        Rule = rule;
        Snapshots = new Snapshot[events];
        for (int i = 0; i < events; i++)
            Snapshots[i] = new Snapshot();
        Steps = new int[events];
    }

    /// <summary>The rule that matched.</summary>
    public StepsRule<TEvent> Rule { get; }

    /// <summary>What was kept of the events, in the order of the steps; repeated steps one after another, missing ones left out.</summary>
    public IReadOnlyList<Snapshot> Events => Snapshots;

    internal Snapshot[] Snapshots { get; set; }

    internal int[] Steps { get; }

    /// <summary>The step, from 0, that an event belongs to.</summary>
    public int StepOf(int index) => Steps[index];
}
