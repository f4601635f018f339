using CallStackRules.Events;

namespace CallStackRules.Sequences;

/// <summary>A match that has some of its events: what was kept of them, and when they happened.</summary>
internal sealed class PendingMatch(int snapshots) : IAged<PendingMatch>
{
    private TextBlock _key;
    private int _keyLength;

    /// <summary>What is kept of the events so far.</summary>
    public Snapshot[] Snapshots { get; set; } = Empty(snapshots);

    /// <summary>The join key.</summary>
    public ReadOnlySpan<char> Key => _key.Span[.._keyLength];

    /// <summary>Time of the first event, in milliseconds.</summary>
    public long First { get; set; }

    /// <summary>Time of the last event, in milliseconds.</summary>
    public long Last { get; set; }

    /// <summary>The number of the event that brought the match to where it is, by arrival.</summary>
    public long Arrival { get; set; }

    /// <summary>Which filters of a sample or join have their event, a bit each.</summary>
    public ulong Filled { get; set; }

    /// <summary>Where the match stands.</summary>
    public int Stage { get; set; }

    /// <summary>The table that the match is in; null when it is in none. Who has kept a match finds out by it whether another rule uses it by now.</summary>
    public PendingTable? Table { get; set; }

    /// <summary>The next match in the same bucket of the table.</summary>
    public PendingMatch? Next;

    /// <inheritdoc/>
    public PendingMatch? Older { get; set; }

    /// <inheritdoc/>
    public PendingMatch? Newer { get; set; }

    /// <summary>Copies a key.</summary>
    public void SetKey(ReadOnlySpan<char> key, TextArena arena)
    {
        _key = arena.Rent(key.Length);
        key.CopyTo(_key.Span);
        _keyLength = key.Length;
    }

    /// <summary>Gives back all room.</summary>
    public void Clear(TextArena arena)
    {
        arena.Return(_key);
        _key = default;
        _keyLength = 0;
        foreach (Snapshot snapshot in Snapshots)
            snapshot.Clear(arena);
    }

    private static Snapshot[] Empty(int count)
    {
        var snapshots = new Snapshot[count];
        for (int i = 0; i < count; i++)
            snapshots[i] = new Snapshot();
        return snapshots;
    }
}
