namespace CallStackRules.Eql.Automata;

/// <summary>An immutable set of UTF-16 units, kept as ranges that ascend and neither touch nor overlap.</summary>
public sealed class CharSet : IEquatable<CharSet>
{
    private readonly CharRange[] _ranges;

    private CharSet(CharRange[] ranges) => _ranges = ranges;

    /// <summary>Every unit.</summary>
    public static CharSet All { get; } = Of(new CharRange(char.MinValue, char.MaxValue));

    /// <summary><c>0-9</c></summary>
    public static CharSet Digits { get; } = Of(new CharRange('0', '9'));

    /// <summary><c>A-Z a-z 0-9 _</c></summary>
    public static CharSet WordCharacters { get; } =
        Of(new CharRange('A', 'Z'), new CharRange('a', 'z'), new CharRange('0', '9'), new CharRange('_', '_'));

    /// <summary>Tab, line feed, vertical tab, form feed, carriage return and space.</summary>
    public static CharSet Spaces { get; } = Of(new CharRange('\t', '\r'), new CharRange(' ', ' '));

    /// <summary>The ranges, ascending, with gaps between them.</summary>
    public IReadOnlyList<CharRange> Ranges => _ranges;

    /// <summary>The units of some ranges, in any order.</summary>
    public static CharSet Of(params CharRange[] ranges)
    {
        var merged = new List<CharRange>(ranges.Length);
        foreach (CharRange range in ranges.OrderBy(range => range.First))
        {
            CharRange previous = merged.Count > 0 ? merged[merged.Count - 1] : default;
            if (merged.Count > 0 && range.First <= previous.Last + 1)
                merged[merged.Count - 1] = previous with { Last = (char)Math.Max(previous.Last, range.Last) };
            else
                merged.Add(range);
        }
        return new CharSet([.. merged]);
    }

    /// <summary>One unit.</summary>
    public static CharSet Of(char unit) => Of(new CharRange(unit, unit));

    /// <summary>Whether a unit is in the set.</summary>
    public bool Contains(char unit)
    {
        int low = 0;
        int high = _ranges.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (unit < _ranges[middle].First)
                high = middle - 1;
            else if (unit > _ranges[middle].Last)
                low = middle + 1;
            else
                return true;
        }
        return false;
    }

    /// <summary>The units that are not in the set.</summary>
    public CharSet Complement()
    {
        var gaps = new List<CharRange>();
        int start = char.MinValue;
        foreach (CharRange range in _ranges)
        {
            if (range.First > start)
                gaps.Add(new CharRange((char)start, (char)(range.First - 1)));
            start = range.Last + 1;
        }
        if (start <= char.MaxValue)
            gaps.Add(new CharRange((char)start, char.MaxValue));
        return new CharSet([.. gaps]);
    }

    /// <summary>The set with every unit that equals one of it but for case.</summary>
    public CharSet WithoutCase()
    {
        var ranges = new List<CharRange>(_ranges);
        foreach (CharRange range in _ranges)
            ranges.AddRange(CaseFold.OthersOf(range).Where(other => !Contains(other)).Select(other => new CharRange(other, other)));
        return Of([.. ranges]);
    }

    /// <inheritdoc/>
    public bool Equals(CharSet? other) => other is not null && _ranges.SequenceEqual(other._ranges);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CharSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _ranges.Aggregate(17, (hash, range) => unchecked((hash * 31) + range.GetHashCode()));
}

/// <summary>Units from one to another, both included.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last, not before the first.</param>
public readonly record struct CharRange(char First, char Last);
