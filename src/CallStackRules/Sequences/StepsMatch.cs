using CallStackRules.Events;

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

    internal int[] Steps { get; private init; }

    /// <summary>How many matches it stands for; null unless the rule counts. Behind <c>| count</c> there are no events.</summary>
    public MatchCount? Count { get; internal set; }

    /// <summary>The time of the latest event, in milliseconds since 1970-01-01 UTC; behind <c>| count</c> that of all that were counted.</summary>
    internal long Time
    {
        get
        {
            long latest = Count?.Values.Time ?? long.MinValue;
            foreach (Snapshot snapshot in Snapshots)
                latest = Math.Max(latest, snapshot.Time);
            return latest;
        }
    }

    /// <summary>A match to keep with what this one has; this one is empty then.</summary>
    internal StepsMatch<TEvent> TakeOver()
    {
        var kept = new StepsMatch<TEvent>(Rule, Snapshots.Length) { Steps = [.. Steps], Count = Count };
        (kept.Snapshots, Snapshots) = (Snapshots, kept.Snapshots);
        return kept;
    }

    /// <summary>Gives back the room for what was kept.</summary>
    internal void Clear(TextArena arena)
    {
        foreach (Snapshot snapshot in Snapshots)
            snapshot.Clear(arena);
    }

    /// <summary>The step, from 0, that an event belongs to.</summary>
    public int StepOf(int index) => Steps[index];
}
