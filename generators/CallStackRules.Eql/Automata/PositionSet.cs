namespace CallStackRules.Eql.Automata;

/// <summary>A set of positions of an automaton as bits. Sets that meet in one operation have the same number of words.</summary>
internal sealed class PositionSet(ulong[] words) : IEquatable<PositionSet>
{
    public PositionSet(int wordCount)
        : this(new ulong[wordCount])
    {
    }

    /// <summary>The bits, lowest position first.</summary>
    public ulong[] Words { get; } = words;

    public bool IsEmpty => Array.TrueForAll(Words, word => word == 0);

    public void Add(int position) => Words[position / 64] |= 1UL << (position % 64);

    public void UnionWith(PositionSet other)
    {
        for (int i = 0; i < Words.Length; i++)
            Words[i] |= other.Words[i];
    }

    public PositionSet Intersect(PositionSet other)
    {
        var both = new PositionSet(Words.Length);
        for (int i = 0; i < Words.Length; i++)
            both.Words[i] = Words[i] & other.Words[i];
        return both;
    }

    public bool Intersects(PositionSet other)
    {
        for (int i = 0; i < Words.Length; i++)
        {
            if ((Words[i] & other.Words[i]) != 0)
                return true;
        }
        return false;
    }

    public PositionSet Clone() => new((ulong[])Words.Clone());

    /// <summary>The positions in ascending order.</summary>
    public IEnumerable<int> Positions()
    {
        for (int i = 0; i < Words.Length; i++)
        {
            int position = i * 64;
            for (ulong bits = Words[i]; bits != 0; bits >>= 1, position++)
            {
                if ((bits & 1) != 0)
                    yield return position;
            }
        }
    }

    public bool Equals(PositionSet? other) => other is not null && Words.SequenceEqual(other.Words);

    public override bool Equals(object? obj) => Equals(obj as PositionSet);

    public override int GetHashCode()
    {
        ulong hash = 17;
        foreach (ulong word in Words)
            hash = unchecked(((hash ^ word) * 0x9E3779B97F4A7C15UL) ^ (hash >> 29));
        return unchecked((int)(hash ^ (hash >> 32)));
    }
}
