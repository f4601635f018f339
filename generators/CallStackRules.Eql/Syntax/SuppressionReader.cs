using System.Text.RegularExpressions;
using CallStackRules.Eql.Diagnostics;

namespace CallStackRules.Eql.Syntax;

/// <summary>Finds the <c>eql-disable</c> comments of a rule file.</summary>
internal static class SuppressionReader
{
    private const string Word = "eql-disable";

    public static List<Suppression> Read(string text, Lexer.Result tokens, LineMap lines, List<EqlDiagnostic> diagnostics)
    {
        List<Suppression> suppressions = [];
        int next = 0;
        foreach (TextSpan comment in tokens.LineComments)
        {
            int word = SkipBlanks(text, comment.Start + 2, comment.End);
            int end = word + Word.Length;
            if (string.CompareOrdinal(text, word, Word, 0, Word.Length) != 0 || (end < comment.End && !char.IsWhiteSpace(text[end]) && text[end] != ':'))
                continue;

            int colon = text.IndexOf(':', end, comment.End - end);
            string reason = colon < 0 ? "" : text.Substring(colon + 1, comment.End - colon - 1).Trim();
            List<Tagged<string>> words = ReadWords(text, TextSpan.FromBounds(end, colon < 0 ? comment.End : colon));
            if (words.Count == 0)
                diagnostics.Add(EqlDiagnostics.SuppressionWithoutId(TextSpan.FromBounds(word, end)));
            else if (reason.Length == 0)
                diagnostics.Add(EqlDiagnostics.MissingReason(TextSpan.FromBounds(word, SkipBlanksBack(text, comment.End))));

            List<string> ids = [];
            foreach (Tagged<string> id in words)
            {
                if (Regex.IsMatch(id.Value, "^EQL2[0-9]{3}$"))
                    ids.Add(id.Value);
                else
                    diagnostics.Add(EqlDiagnostics.NotALint(id.Span, Shown.Text(text, id.Span)));
            }

            while (tokens.Tokens[next].Span.Start < comment.End)
                next++;
            suppressions.Add(new(comment, lines.GetPosition(tokens.Tokens[next].Span.Start).Line, ids, reason));
        }

        return suppressions;
    }

    private static List<Tagged<string>> ReadWords(string text, TextSpan range)
    {
        List<Tagged<string>> words = [];
        foreach (Match match in Regex.Matches(text.Substring(range.Start, range.Length), @"[^\s,]+"))
            words.Add(new(match.Value, new(range.Start + match.Index, match.Length)));
        return words;
    }

    private static int SkipBlanks(string text, int start, int end)
    {
        while (start < end && char.IsWhiteSpace(text[start]))
            start++;
        return start;
    }

    private static int SkipBlanksBack(string text, int end)
    {
        while (char.IsWhiteSpace(text[end - 1]))
            end--;
        return end;
    }
}
