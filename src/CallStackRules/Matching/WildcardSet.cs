using System.Buffers;
using CallStackRules.Events;

namespace CallStackRules.Matching;

/// <summary>Several wildcard patterns (see <see cref="WildcardPattern"/>), any of which may fit.</summary>
/// <remarks>
/// Patterns without wildcards are looked up together, those of the form <c>*literal*</c> are searched for together in one pass, the others are tried in turn.
/// </remarks>
public sealed class WildcardSet
{
    private readonly TextSet _literals;
    private readonly WildcardPattern[] _patterns;
    private readonly SearchValues<string>? _contained;

    /// <summary>Prepares a set.</summary>
    /// <param name="ignoreCase">Whether case is ignored, one UTF-16 unit to one unit.</param>
    /// <param name="patterns">The patterns.</param>
    public WildcardSet(bool ignoreCase, params string[] patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        ILookup<Shape, string> shapes = patterns.ToLookup(ShapeOf);
        _literals = new TextSet(ignoreCase, [.. shapes[Shape.Literal]]);
        _patterns = [.. shapes[Shape.Other].Select(pattern => new WildcardPattern(pattern, ignoreCase))];
        if (shapes.Contains(Shape.Contained))
        {
            string[] contained = [.. shapes[Shape.Contained].Select(pattern => pattern.Trim('*'))];
            _contained = SearchValues.Create(contained, ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
        }
    }

    private enum Shape
    {
        Literal,
        Contained,
        Other,
    }

    /// <summary>Whether the whole text fits any of the patterns; a missing text never does.</summary>
    public bool IsMatch(Text text)
    {
        if (text.IsMissing)
            return false;
        ReadOnlySpan<char> characters = text.Span;
        if (_literals.Contains(characters))
            return true;
        foreach (WildcardPattern pattern in _patterns)
        {
            if (pattern.IsMatch(characters))
                return true;
        }
        return _contained is not null && characters.ContainsAny(_contained);
    }

    private static Shape ShapeOf(string pattern)
    {
        if (pattern.AsSpan().IndexOfAny('*', '?') < 0)
            return Shape.Literal;
        if (pattern.Length < 3 || pattern[0] != '*' || pattern[^1] != '*')
            return Shape.Other;
        // Surrogates are compared exactly, which the runtime's search does not do.
        ReadOnlySpan<char> inside = pattern.AsSpan(1, pattern.Length - 2);
        return inside.IndexOfAny('*', '?') < 0 && !UnitComparison.HasSurrogates(inside) ? Shape.Contained : Shape.Other;
    }
}
