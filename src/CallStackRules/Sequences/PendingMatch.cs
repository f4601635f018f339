namespace CallStackRules.Sequences;

/// <summary>A match that has some of its events: what was kept of them, and when they happened.</summary>
internal sealed class PendingMatch(int snapshots)
{
    private char[] _key = new char[32];
    private int _keyLength;

    /// <summary>What is kept of the events so far.</summary>
    public Snapshot[] Snapshots { get; set; } = Empty(snapshots);

    /// <summary>The join key.</summary>
    public ReadOnlySpan<char> Key => _key.AsSpan(0, _keyLength);

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

    /// <summary>Whether the match is in the table.</summary>
    public bool IsListed { get; set; }

    /// <summary>The next match in the same bucket of the table.</summary>
    public PendingMatch? Next;

    /// <summary>The match that was inserted before.</summary>
    public PendingMatch? Older { get; set; }

    /// <summary>The match that was inserted after.</summary>
    public PendingMatch? Newer { get; set; }

    /// <summary>Copies a key.</summary>
    public void SetKey(ReadOnlySpan<char> key)
    {
        if (_key.Length < key.Length)
            _key = new char[Math.Max(_key.Length * 2, key.Length)];
        key.CopyTo(_key);
        _keyLength = key.Length;
    }

    private static Snapshot[] Empty(int count)
    {
        var snapshots = new Snapshot[count];
        for (int i = 0; i < count; i++)
            snapshots[i] = new Snapshot();
        return snapshots;
    }
}
