using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace CallStackRules.Eql.Interpretation;

/// <summary>Values rendered as texts, and texts read as numbers, in every culture alike.</summary>
internal static class NumberText
{
    private const string Whole = @"^[+-]?[0-9]+\z";
    private const string Fraction = @"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\z";
    private const string PrefixedHex = @"^[+-]?0[xX][0-9a-fA-F]+\z";
    private const string PlainHex = @"^[+-]?[0-9a-fA-F]+\z";

    /// <summary>
    /// A value in <c>string</c> and <c>concat</c>. Fractions take the shortest form that reads back as the same number; one without a fraction renders like the
    /// whole number it equals, so that equal values render equally: <c>string(21.0)</c> is <c>21</c>.
    /// </summary>
    public static string Render(object value) => value switch
    {
        string text => text,
        bool truth => truth ? "true" : "false",
        long whole => whole.ToString(CultureInfo.InvariantCulture),
        double fraction => fraction.ToString("R", CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"{value.GetType()} is not a value of the language.", nameof(value)),
    };

    /// <summary>
    /// What <c>number(text, radix)</c> is: null when the text is no number, has more than 64 bits, or the radix is neither 10 nor 16. Without a radix,
    /// <c>0x</c> means 16. Nothing may stand around the number, blanks neither.
    /// </summary>
    public static object? Read(string text, long? radix)
    {
        if (radix is null or 16 && Regex.IsMatch(text, PrefixedHex))
            return ReadHex(text.Remove(text.IndexOf('0'), 2));
        if (radix is 16 && Regex.IsMatch(text, PlainHex))
            return ReadHex(text);
        if (radix is null or 10 && Regex.IsMatch(text, Whole))
            return Numbers.Narrow(BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
        if (radix is null or 10 && Regex.IsMatch(text, Fraction))
            return Numbers.Finite(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));
        return null;
    }

    private static object? ReadHex(string text)
    {
        // A leading zero keeps BigInteger from taking the first digit's high bit for a sign.
        var magnitude = BigInteger.Parse("0" + text.TrimStart('+', '-'), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return Numbers.Narrow(text[0] == '-' ? -magnitude : magnitude);
    }
}
