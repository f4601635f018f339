using CallStackRules.Events;

namespace CallStackRules.Matching;

/// <summary>
/// A pattern for a whole text: <c>*</c> stands for any run of characters, <c>?</c> for exactly one UTF-16 unit; nothing escapes them.
/// </summary>
/// <remarks>
/// The stars cut the pattern into segments. The first and the last segment are compared in place and each one between is looked for where the one before
/// ended; taking the earliest place is always right because a star can take up the rest. Work is at most the length of the pattern times that of the text.
/// </remarks>
public sealed class WildcardPattern
{
    private readonly bool _hasStar;
    private readonly int _minimumLength;
    private readonly WildcardSegment _first;
    private readonly WildcardSegment[] _middle;
    private readonly WildcardSegment _last;

    /// <summary>Prepares a pattern.</summary>
    /// <param name="pattern">The pattern; an empty one fits the empty text only.</param>
    /// <param name="ignoreCase">Whether case is ignored, one UTF-16 unit to one unit.</param>
    public WildcardPattern(string pattern, bool ignoreCase)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        string[] segments = pattern.Split('*');
        _hasStar = segments.Length > 1;
        _first = new WildcardSegment(segments[0], ignoreCase);
        _last = new WildcardSegment(_hasStar ? segments[^1] : "", ignoreCase);
        _middle = [.. segments.Skip(1).SkipLast(1).Where(segment => segment.Length > 0).Select(segment => new WildcardSegment(segment, ignoreCase))];
        _minimumLength = segments.Sum(segment => segment.Length);
    }

    /// <summary>Whether the whole text fits; a missing text never does.</summary>
    public bool IsMatch(Text text) => !text.IsMissing && IsMatch(text.Span);

    internal bool IsMatch(ReadOnlySpan<char> text)
    {
        if (_hasStar ? text.Length < _minimumLength : text.Length != _minimumLength)
            return false;
        if (!_first.Fits(text) || !_last.Fits(text[^_last.Length..]))
            return false;
        ReadOnlySpan<char> rest = text[_first.Length..^_last.Length];
        foreach (WildcardSegment segment in _middle)
        {
            int at = segment.IndexIn(rest);
            if (at < 0)
                return false;
            rest = rest[(at + segment.Length)..];
        }
        return true;
    }
}
