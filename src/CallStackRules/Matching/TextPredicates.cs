using CallStackRules.Events;

namespace CallStackRules.Matching;

/// <summary>
/// Comparisons of texts. Each is false when a text is missing. Without case means ordinal and one UTF-16 unit to one unit: é equals É, k does not equal the
/// Kelvin sign.
/// </summary>
public static class TextPredicates
{
    /// <summary>Whether two texts are the same.</summary>
    public static bool Equals(Text left, Text right) => !left.IsMissing && !right.IsMissing && left.Span.SequenceEqual(right.Span);

    /// <summary>Whether two texts are the same but for case.</summary>
    public static bool EqualsIgnoreCase(Text left, Text right) =>
        !left.IsMissing && !right.IsMissing && UnitComparison.AreEqualIgnoringCase(left.Span, right.Span);

    /// <summary>Whether a text is a literal.</summary>
    public static bool EqualsLiteral(Text text, string literal) => !text.IsMissing && text.Span.SequenceEqual(literal);

    /// <summary>Whether a text is a literal but for case.</summary>
    public static bool EqualsLiteralIgnoreCase(Text text, string literal) =>
        !text.IsMissing && UnitComparison.AreEqualIgnoringCase(text.Span, literal);

    /// <summary>Whether a text begins with another; every text begins with the empty one.</summary>
    public static bool StartsWith(Text text, Text sought, bool ignoreCase) =>
        !text.IsMissing && !sought.IsMissing && UnitComparison.StartsWith(text.Span, sought.Span, ignoreCase);

    /// <summary>Whether a text ends with another; every text ends with the empty one.</summary>
    public static bool EndsWith(Text text, Text sought, bool ignoreCase) =>
        !text.IsMissing && !sought.IsMissing && UnitComparison.EndsWith(text.Span, sought.Span, ignoreCase);

    /// <summary>Whether a text holds another anywhere; none holds the empty one.</summary>
    public static bool Contains(Text text, Text sought, bool ignoreCase) =>
        !text.IsMissing && sought.Length > 0 && UnitComparison.IndexOf(text.Span, sought.Span, ignoreCase) >= 0;

    /// <summary>Whether the left text comes before the right one, unit by unit.</summary>
    public static bool Less(Text left, Text right) => !left.IsMissing && !right.IsMissing && Order(left, right) < 0;

    /// <summary>Whether the left text comes before the right one or is the same.</summary>
    public static bool LessOrEqual(Text left, Text right) => !left.IsMissing && !right.IsMissing && Order(left, right) <= 0;

    /// <summary>Whether the left text comes after the right one, unit by unit.</summary>
    public static bool Greater(Text left, Text right) => !left.IsMissing && !right.IsMissing && Order(left, right) > 0;

    /// <summary>Whether the left text comes after the right one or is the same.</summary>
    public static bool GreaterOrEqual(Text left, Text right) => !left.IsMissing && !right.IsMissing && Order(left, right) >= 0;

    private static int Order(Text left, Text right) => left.Span.SequenceCompareTo(right.Span);
}
