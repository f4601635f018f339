using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace CallStackRules.Generators.Emit;

/// <summary>Values as C# source.</summary>
internal static class CSharpLiteral
{
    /// <summary>A string, everything that could be misread escaped.</summary>
    public static string Of(string value)
    {
        string literal = SymbolDisplay.FormatLiteral(value, quote: true);
        // Roslyn leaves characters in that are invisible or turn the direction of what follows.
        return literal.Any(IsFormat) ? string.Concat(literal.Select(static c => IsFormat(c) ? $"\\u{(int)c:x4}" : c.ToString())) : literal;
    }

    /// <summary>A string or <c>null</c>.</summary>
    public static string OrNull(string? value) => value is null ? "null" : Of(value);

    /// <summary>A whole number of type <see cref="long"/>.</summary>
    public static string Of(long value) =>
        value == long.MinValue ? "long.MinValue" : value.ToString(CultureInfo.InvariantCulture) + "L";

    /// <summary>A number that reads back as the same <see cref="double"/>.</summary>
    public static string Of(double value) => value.ToString("R", CultureInfo.InvariantCulture) + "D";

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public static string Of(bool value) => value ? "true" : "false";

    /// <summary>Texts as the items of a collection expression or the arguments of a call.</summary>
    public static string List(IEnumerable<string> values) => string.Join(", ", values.Select(Of));

    /// <summary>Numbers as a collection expression.</summary>
    public static string Collection<T>(IEnumerable<T> values)
        where T : IFormattable => "[" + string.Join(", ", values.Select(static value => value.ToString(null, CultureInfo.InvariantCulture))) + "]";

    private static bool IsFormat(char c) => char.GetUnicodeCategory(c) == UnicodeCategory.Format;
}
