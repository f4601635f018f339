namespace CallStackRules.Sequences;

/// <summary>
/// The pending matches of one rule, found by stage and key. There are at most as many as its capacity says; when it is full, the one that has waited longest
/// without a step goes, and is counted. Matches are reused: once the table has been full nothing is allocated.
/// </summary>
/// <param name="capacity">How many matches there can be.</param>
/// <param name="snapshotsPerMatch">How many events a match keeps.</param>
internal sealed class PendingTable(int capacity, int snapshotsPerMatch)
{
    private readonly List<PendingMatch> _free = [];
    private PendingMatch?[] _buckets = new PendingMatch?[16];
    private PendingMatch? _oldest;
    private PendingMatch? _newest;

    /// <summary>How many matches are pending.</summary>
    public int Count { get; private set; }

    /// <summary>How many matches had to go because the table was full.</summary>
    public long Evicted { get; private set; }

    /// <summary>Hashes a stage and a key.</summary>
    public static int Hash(int stage, ReadOnlySpan<char> key) => string.GetHashCode(key, StringComparison.Ordinal) ^ (stage * 0x61C88647);

    /// <summary>The match of a stage with a key, or null. Where several stand side by side, the newest; <see cref="PendingMatch.Next"/> leads on.</summary>
    public PendingMatch? Find(int stage, ReadOnlySpan<char> key) => Same(_buckets[Bucket(Hash(stage, key))], stage, key);

    /// <summary>The next match with the same stage and key.</summary>
    public static PendingMatch? FindNext(PendingMatch match) => Same(match.Next, match.Stage, match.Key);

    /// <summary>A match that is in no list yet. It has the key; the caller sets the rest and calls <see cref="Insert"/>.</summary>
    public PendingMatch Rent(ReadOnlySpan<char> key)
    {
        PendingMatch match;
        if (_free.Count > 0)
        {
            match = _free[^1];
            _free.RemoveAt(_free.Count - 1);
        }
        else
        {
            match = new PendingMatch(snapshotsPerMatch);
        }
        match.SetKey(key);
        return match;
    }

    /// <summary>Gives back a match that is not in the table.</summary>
    public void Return(PendingMatch match) => _free.Add(match);

    /// <summary>Puts a match in, at its stage, as the newest. When the table is full the oldest goes.</summary>
    public void Insert(PendingMatch match, int stage)
    {
        if (Count == capacity)
        {
            Evicted++;
            Remove(_oldest!);
        }
        if (Count >= _buckets.Length)
            Grow();
        match.Stage = stage;
        ref PendingMatch? bucket = ref _buckets[Bucket(Hash(stage, match.Key))];
        match.Next = bucket;
        bucket = match;
        match.Older = _newest;
        match.Newer = null;
        if (_newest is not null)
            _newest.Newer = match;
        _newest = match;
        _oldest ??= match;
        match.IsListed = true;
        Count++;
    }

    /// <summary>Takes a match out; the caller inserts it elsewhere or gives it back.</summary>
    public void Take(PendingMatch match)
    {
        ref PendingMatch? link = ref _buckets[Bucket(Hash(match.Stage, match.Key))];
        while (link != match)
            link = ref link!.Next;
        link = match.Next;
        if (match.Older is null)
            _oldest = match.Newer;
        else
            match.Older.Newer = match.Newer;
        if (match.Newer is null)
            _newest = match.Older;
        else
            match.Newer.Older = match.Older;
        match.IsListed = false;
        Count--;
    }

    /// <summary>Takes a match out and gives it back.</summary>
    public void Remove(PendingMatch match)
    {
        Take(match);
        Return(match);
    }

    private static PendingMatch? Same(PendingMatch? match, int stage, ReadOnlySpan<char> key)
    {
        while (match is not null && !(match.Stage == stage && match.Key.SequenceEqual(key)))
            match = match.Next;
        return match;
    }

    private int Bucket(int hash) => hash & (_buckets.Length - 1);

    private void Grow()
    {
        PendingMatch?[] old = _buckets;
        _buckets = new PendingMatch?[old.Length * 2];
        foreach (PendingMatch? first in old)
        {
            // Chains keep their order: the newest of equals comes first.
            PendingMatch? reversed = null;
            for (PendingMatch? match = first, next; match is not null; match = next)
            {
                next = match.Next;
                match.Next = reversed;
                reversed = match;
            }
            for (PendingMatch? match = reversed, next; match is not null; match = next)
            {
                next = match.Next;
                ref PendingMatch? bucket = ref _buckets[Bucket(Hash(match.Stage, match.Key))];
                match.Next = bucket;
                bucket = match;
            }
        }
    }
}
