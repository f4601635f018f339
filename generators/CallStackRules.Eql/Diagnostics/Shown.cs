using System.Globalization;
using System.Text;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Diagnostics;

/// <summary>A piece of a rule file as a message shows it: on one line, of bearable length, with nothing invisible.</summary>
internal static class Shown
{
    private const int MaxLength = 40;

    public static string Text(string text, TextSpan span)
    {
        StringBuilder shown = new();
        for (int i = span.Start; i < span.End; i++)
        {
            if (shown.Length >= MaxLength)
                return shown.Append("..").ToString();
            char c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < span.End && char.IsLowSurrogate(text[i + 1]))
                shown.Append(c).Append(text[++i]);
            else if (char.IsControl(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
                shown.Append("U+").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
            else
                shown.Append(c);
        }

        return shown.ToString();
    }
}
