using System.Globalization;
using System.Text;

namespace CallStackRules.Sensor.Output;

/// <summary>
/// Text that was written by others (names of processes, command lines, paths), made safe for a terminal: what would move the cursor, change colours or reverse
/// the direction of reading is shown as <c>\u{1B}</c> instead.
/// </summary>
internal static class PrintableText
{
    /// <summary>The text with control, format, line-separating and unpaired surrogate characters written as their code point.</summary>
    public static string Of(ReadOnlySpan<char> text)
    {
        var printable = new StringBuilder(text.Length);
        while (!text.IsEmpty)
        {
            bool isWhole = Rune.DecodeFromUtf16(text, out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
            if (isWhole && IsPrintable(rune))
                printable.Append(text[..length]);
            else
                printable.Append(CultureInfo.InvariantCulture, $"\\u{{{(isWhole ? rune.Value : text[0]):X}}}");
            text = text[length..];
        }
        return printable.ToString();
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
