using System.Numerics;
using CallStackRules.Events;

namespace CallStackRules.Matching;

/// <summary>
/// A position automaton over UTF-16 units, for patterns whose deterministic automaton would be too large. It follows all places in the pattern at once as bits,
/// so its time is linear in the text too, with a factor of at most the number of places squared over 64. Its tables are made at build time.
/// </summary>
public sealed class TextNfa
{
    private const int MaxWords = 16;

    private readonly UnitClasses _classes;
    private readonly bool _acceptsEmpty;
    private readonly int _words;
    private readonly ulong[] _first;
    private readonly ulong[] _last;
    private readonly ulong[] _positionsOfClass;
    private readonly ushort[] _followIndex;
    private readonly ulong[] _followSets;

    /// <summary>Takes the tables and checks that they fit together. A set of positions is as many 64-bit words as positions need, lowest first.</summary>
    /// <param name="rangeStarts">First units of the ranges of units, ascending from 0; each range reaches up to the next.</param>
    /// <param name="rangeClasses">The class of each range.</param>
    /// <param name="classCount">How many classes there are.</param>
    /// <param name="acceptsEmpty">Whether the empty text is accepted.</param>
    /// <param name="first">Positions that can take the first unit.</param>
    /// <param name="last">Positions that can take the last unit.</param>
    /// <param name="positionsOfClass">For each class in turn, the positions that take a unit of it.</param>
    /// <param name="followIndex">For each position, the number of the set of positions that can take the next unit.</param>
    /// <param name="followSets">The distinct sets that <paramref name="followIndex"/> counts, one after another.</param>
    /// <exception cref="ArgumentException">The tables contradict each other, or there are more than 1,024 positions.</exception>
    public TextNfa(
        ushort[] rangeStarts,
        ushort[] rangeClasses,
        int classCount,
        bool acceptsEmpty,
        ulong[] first,
        ulong[] last,
        ulong[] positionsOfClass,
        ushort[] followIndex,
        ulong[] followSets)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(last);
        ArgumentNullException.ThrowIfNull(positionsOfClass);
        ArgumentNullException.ThrowIfNull(followIndex);
        ArgumentNullException.ThrowIfNull(followSets);
        _classes = new UnitClasses(rangeStarts, rangeClasses, classCount);
        _words = first.Length;
        if (_words is 0 or > MaxWords || (followIndex.Length + 63) / 64 > _words)
            throw new ArgumentException("The sets of positions must have a bit for each position, and at most 1,024.", nameof(first));
        if (last.Length != _words || positionsOfClass.Length != classCount * _words || followSets.Length % _words != 0)
            throw new ArgumentException("All sets of positions must be equally long.", nameof(last));
        foreach (ushort index in followIndex)
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, followSets.Length / _words, nameof(followIndex));
        _acceptsEmpty = acceptsEmpty;
        _first = first;
        _last = last;
        _positionsOfClass = positionsOfClass;
        _followIndex = followIndex;
        _followSets = followSets;
    }

    /// <summary>Whether the whole text is accepted; a missing text never is.</summary>
    public bool IsMatch(Text text)
    {
        if (text.IsMissing)
            return false;
        ReadOnlySpan<char> units = text.Span;
        if (units.IsEmpty)
            return _acceptsEmpty;

        Span<ulong> next = stackalloc ulong[MaxWords];
        Span<ulong> active = stackalloc ulong[MaxWords];
        next = next[.._words];
        active = active[.._words];
        _first.CopyTo(next);
        for (int i = 0; ; i++)
        {
            if (!Intersect(next, _positionsOfClass.AsSpan(_classes.Of(units[i]) * _words, _words), active))
                return false;
            if (i == units.Length - 1)
                return Intersect(active, _last, next);
            Follow(active, next);
        }
    }

    /// <summary>What two sets share; false when that is nothing.</summary>
    private static bool Intersect(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right, Span<ulong> both)
    {
        ulong any = 0;
        for (int i = 0; i < both.Length; i++)
            any |= both[i] = left[i] & right[i];
        return any != 0;
    }

    private void Follow(ReadOnlySpan<ulong> active, Span<ulong> next)
    {
        next.Clear();
        for (int word = 0; word < active.Length; word++)
        {
            for (ulong bits = active[word]; bits != 0; bits &= bits - 1)
            {
                int position = (word * 64) + BitOperations.TrailingZeroCount(bits);
                ReadOnlySpan<ulong> set = _followSets.AsSpan(_followIndex[position] * _words, _words);
                for (int i = 0; i < next.Length; i++)
                    next[i] |= set[i];
            }
        }
    }
}
