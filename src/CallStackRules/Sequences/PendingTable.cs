using System.Numerics;

namespace CallStackRules.Sequences;

/// <summary>
/// The pending matches of one rule, found by stage and key. There are at most as many as its capacity says; when it is full, the one that has waited longest
/// without a step goes, and is counted.
/// </summary>
/// <param name="capacity">How many matches there can be.</param>
/// <param name="pool">Where matches come from and go to.</param>
internal sealed class PendingTable(int capacity, PendingPool pool)
{
    /// <summary>How many matches that are too old go at a time: two for each that comes, so that they go faster than they can come.</summary>
    private const int MostExpiredAtOnce = 2;

    /// <summary>No event comes so much late, in milliseconds: one that is so much older than another is of a clock that was set back, or of another recording.</summary>
    private const long ClockSetBack = 24 * 60 * 60 * 1000;

    /// <summary>Buckets there are from the beginning, unless there cannot be so many matches: so that tables of usual size allocate nothing while they fill.</summary>
    private const uint PreparedBuckets = 1024;

    private PendingMatch?[] _buckets = new PendingMatch?[BitOperations.RoundUpToPowerOf2(Math.Clamp((uint)capacity, 1, PreparedBuckets))];
    private readonly AgeList<PendingMatch> _byAge = new();

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

    /// <summary>Puts a match in, at its stage, as the newest. When the table is full the oldest goes.</summary>
    public void Insert(PendingMatch match, int stage)
    {
        if (Count == capacity)
        {
            Evicted++;
            Remove(_byAge.Oldest!);
        }
        if (Count >= _buckets.Length)
            Grow();
        match.Stage = stage;
        ref PendingMatch? bucket = ref _buckets[Bucket(Hash(stage, match.Key))];
        match.Next = bucket;
        bucket = match;
        _byAge.Add(match);
        match.Table = this;
        Count++;
    }

    /// <summary>Takes a match out; the caller inserts it elsewhere or gives it back.</summary>
    public void Take(PendingMatch match)
    {
        ref PendingMatch? link = ref _buckets[Bucket(Hash(match.Stage, match.Key))];
        while (link != match)
            link = ref link!.Next;
        link = match.Next;
        _byAge.Remove(match);
        match.Table = null;
        Count--;
    }

    /// <summary>Takes a match out and gives it back.</summary>
    public void Remove(PendingMatch match)
    {
        Take(match);
        pool.Return(match);
    }

    /// <summary>
    /// Gives up the matches that have waited longest for a step, when they began too long ago, or so far in the future that the clock was set back since; some at a time.
    /// </summary>
    /// <param name="time">Now, in milliseconds.</param>
    /// <param name="span">How long ago a match can have begun, in milliseconds.</param>
    public void Expire(long time, long span)
    {
        for (int i = 0; i < MostExpiredAtOnce && _byAge.Oldest is { } oldest && (time - oldest.First > span || oldest.First - time > ClockSetBack); i++)
            Remove(oldest);
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
