using CallStackRules.Events;

namespace CallStackRules.Sequences;

/// <summary>What the rules of one engine share to keep pending matches in. Matches and the room for their texts are used again, by whichever rule needs them next.</summary>
internal sealed class PendingPool
{
    /// <summary>Matches that each rule brings with it, so that nothing is allocated while rules have not more than that on the average.</summary>
    private const int MatchesOfRule = 32;

    /// <summary>Characters that each of these matches brings with it.</summary>
    private const int CharactersOfMatch = 1024;

    private readonly List<Stack<PendingMatch>> _bySnapshots = [];

    /// <summary>Room for keys and kept values.</summary>
    public TextArena Texts { get; } = new();

    /// <summary>Takes what a rule keeps of an event.</summary>
    public SnapshotWriter Writer { get; } = new();

    /// <summary>Makes room for a rule whose matches have so many snapshots.</summary>
    public void Prepare(int snapshots)
    {
        while (_bySnapshots.Count <= snapshots)
            _bySnapshots.Add(new Stack<PendingMatch>());
        for (int i = 0; i < MatchesOfRule; i++)
            _bySnapshots[snapshots].Push(new PendingMatch(snapshots));
        Texts.Prepare(MatchesOfRule * CharactersOfMatch);
    }

    /// <summary>A match with a key, without anything kept. The caller sets the rest.</summary>
    public PendingMatch Rent(int snapshots, ReadOnlySpan<char> key)
    {
        if (!_bySnapshots[snapshots].TryPop(out PendingMatch? match))
            match = new PendingMatch(snapshots);
        match.SetKey(key, Texts);
        return match;
    }

    /// <summary>Takes a match back, and the room for what it kept.</summary>
    public void Return(PendingMatch match)
    {
        match.Clear(Texts);
        _bySnapshots[match.Snapshots.Length].Push(match);
    }

    /// <summary>Keeps what a rule needs of an event.</summary>
    public void Capture<TEvent>(StepsRule<TEvent> rule, int step, TEvent e, Snapshot snapshot)
    {
        Writer.Clear();
        rule.Capture(step, e, Writer);
        snapshot.Set(Writer, Texts);
    }
}
