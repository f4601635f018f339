namespace CallStackRules.Matching;

/// <summary>A piece of a wildcard pattern without stars: literal runs at fixed places, anything between them.</summary>
internal sealed class WildcardSegment
{
    private readonly bool _ignoreCase;
    private readonly (int Offset, string Literal)[] _runs;
    private readonly (int Offset, string Literal) _longest;

    public WildcardSegment(string segment, bool ignoreCase)
    {
        _ignoreCase = ignoreCase;
        Length = segment.Length;
        var runs = new List<(int Offset, string Literal)>();
        int start = 0;
        foreach (string literal in segment.Split('?'))
        {
            if (literal.Length > 0)
                runs.Add((start, literal));
            start += literal.Length + 1;
        }
        _runs = [.. runs];
        _longest = runs.Count == 0 ? (0, "") : runs.MaxBy(run => run.Literal.Length);
    }

    /// <summary>How many units it covers.</summary>
    public int Length { get; }

    /// <summary>Whether the text begins with this segment. The text is at least as long.</summary>
    public bool Fits(ReadOnlySpan<char> text)
    {
        foreach ((int offset, string literal) in _runs)
        {
            if (!UnitComparison.AreEqual(text.Slice(offset, literal.Length), literal, _ignoreCase))
                return false;
        }
        return true;
    }

    /// <summary>The first place in a text where this segment fits, or -1.</summary>
    public int IndexIn(ReadOnlySpan<char> text)
    {
        int at = 0;
        while (text.Length - at >= Length)
        {
            // Only the longest run is searched for: searching is vectorised, comparing the others is rare.
            int found = UnitComparison.IndexOf(text[(at + _longest.Offset)..], _longest.Literal, _ignoreCase);
            if (found < 0)
                return -1;
            at += found;
            if (text.Length - at < Length)
                return -1;
            if (_runs.Length <= 1 || Fits(text[at..]))
                return at;
            at++;
        }
        return -1;
    }
}
