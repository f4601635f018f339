using System.Buffers;
using System.Globalization;
using CallStackRules.Events;

namespace CallStackRules.Matching;

/// <summary>The language's functions of texts. The result is missing when an argument is. Lengths and places are in UTF-16 units, places from 0.</summary>
public static class TextFunctions
{
    private static readonly SearchValues<char> DecimalDigits = SearchValues.Create("0123456789");
    private static readonly SearchValues<char> HexadecimalDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>The text from a place on; a negative place counts from the end, one outside is moved to the nearest end.</summary>
    public static Text Substring(Text text, long? from) =>
        text.IsMissing || from is null ? Text.Missing : Slice(text, from.Value, text.Length);

    /// <summary>
    /// The text from a place up to another, which is not included; negative places count from the end, those outside are moved to the nearest end. Empty
    /// when the places cross.
    /// </summary>
    public static Text Substring(Text text, long? from, long? to) =>
        text.IsMissing || from is null || to is null ? Text.Missing : Slice(text, from.Value, to.Value);

    /// <summary>How many units a text has.</summary>
    public static long? Length(Text text) => text.IsMissing ? null : text.Length;

    /// <summary>How many values a field has; missing when it has none.</summary>
    public static long? Length(TextList values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Length(values.Count);
    }

    /// <summary>How many values a field has, from their count; missing when it has none.</summary>
    public static long? Length(int count) => count == 0 ? null : count;

    /// <summary>The first place where a text holds another; missing when nowhere.</summary>
    public static long? IndexOf(Text text, Text sought, bool ignoreCase) => IndexOf(text, sought, 0, ignoreCase);

    /// <summary>The first place, from a given one on, where a text holds another; missing when nowhere. A negative place to begin at is 0.</summary>
    public static long? IndexOf(Text text, Text sought, long? from, bool ignoreCase)
    {
        if (text.IsMissing || sought.IsMissing || from is null || from.Value > text.Length)
            return null;
        int start = (int)Math.Max(from.Value, 0);
        int at = UnitComparison.IndexOf(text.Span[start..], sought.Span, ignoreCase);
        return at < 0 ? null : start + at;
    }

    /// <summary>
    /// What stands between the first place of one text and a later place of another: the next one, or the last one when greedy. Missing when either is absent.
    /// </summary>
    public static Text Between(Text text, Text left, Text right, bool greedy, bool ignoreCase)
    {
        if (text.IsMissing || left.IsMissing || right.IsMissing)
            return Text.Missing;
        int start = UnitComparison.IndexOf(text.Span, left.Span, ignoreCase);
        if (start < 0)
            return Text.Missing;
        start += left.Length;
        ReadOnlySpan<char> rest = text.Span[start..];
        int length = greedy ? UnitComparison.LastIndexOf(rest, right.Span, ignoreCase) : UnitComparison.IndexOf(rest, right.Span, ignoreCase);
        return length < 0 ? Text.Missing : text.Slice(start, length);
    }

    /// <summary>A text as an integer: decimal, or hexadecimal after <c>0x</c>. Missing when it is none, or too large for 64 bits.</summary>
    public static long? ToNumber(Text text) => ToNumber(text, IsPrefixedHexadecimal(text.Span) ? 16 : 10);

    /// <summary>
    /// A text as an integer in base 10, or in base 16 with or without <c>0x</c>; a sign may stand before it. Missing when it is none, when it is too large for
    /// 64 bits, or for another base.
    /// </summary>
    public static long? ToNumber(Text text, long? numberBase) => numberBase switch
    {
        10 => Decimal(text.Span),
        16 => Hexadecimal(text.Span),
        _ => null,
    };

    /// <summary>
    /// A text as a number: an integer as <see cref="ToNumber(Text)"/> reads it, or decimal digits with a point, an exponent, or both. Missing when it is neither.
    /// </summary>
    public static double? ToFloat(Text text) => ToFloat(text, IsPrefixedHexadecimal(text.Span) ? 16 : 10);

    /// <summary>
    /// A text as a number: an integer in that base, or with base 10 decimal digits with a point, an exponent, or both. Missing when it is neither.
    /// </summary>
    public static double? ToFloat(Text text, long? numberBase)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (numberBase != 10 || !WithoutSign(text.Span).ContainsAnyExcept(DecimalDigits))
            return ToNumber(text, numberBase);
        // The runtime passes over zero characters at the end, and reads words for what is not finite.
        return !text.Span.Contains('\0') && double.TryParse(text.Span, style, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : null;
    }

    private static Text Slice(Text text, long from, long to)
    {
        int start = Place(from, text.Length);
        int end = Place(to, text.Length);
        return text.Slice(start, Math.Max(end - start, 0));
    }

    private static int Place(long place, int length) => (int)Math.Clamp(place < 0 ? place + length : place, 0, length);

    private static bool IsPrefixedHexadecimal(ReadOnlySpan<char> text) => WithoutSign(text) is ['0', 'x' or 'X', ..];

    private static long? Decimal(ReadOnlySpan<char> text) =>
        !WithoutSign(text).ContainsAnyExcept(DecimalDigits)
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : null;

    private static long? Hexadecimal(ReadOnlySpan<char> text)
    {
        bool negative = text is ['-', ..];
        ReadOnlySpan<char> digits = WithoutSign(text);
        if (digits is ['0', 'x' or 'X', ..])
            digits = digits[2..];
        if (digits.ContainsAnyExcept(HexadecimalDigits) || !ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong magnitude))
            return null;
        if (negative)
            return magnitude <= (ulong)long.MaxValue + 1 ? unchecked(-(long)magnitude) : null;
        return magnitude <= long.MaxValue ? (long)magnitude : null;
    }

    private static ReadOnlySpan<char> WithoutSign(ReadOnlySpan<char> text) => text is ['+' or '-', ..] ? text[1..] : text;
}
