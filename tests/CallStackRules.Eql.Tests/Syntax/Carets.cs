using System.Text;
using System.Text.RegularExpressions;
using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Tests.Syntax;

/// <summary>Shows diagnostics under the text they are about, each on a line of its own: carets below its characters, then id and message.</summary>
internal static partial class Carets
{
    public static string Render(string text, IReadOnlyList<EqlDiagnostic> diagnostics)
    {
        LineMap map = new(text);
        string[] lines = text.Split('\n');
        StringBuilder rendered = new();
        for (int line = 0; line < lines.Length; line++)
        {
            rendered.Append(lines[line]).Append('\n');
            foreach (EqlDiagnostic diagnostic in diagnostics)
            {
                (int startLine, int column) = map.GetPosition(diagnostic.Span.Start);
                if (startLine != line)
                    continue;
                int length = Math.Max(1, Math.Min(diagnostic.Span.Length, lines[line].Length - column));
                rendered.Append(' ', column).Append('^', length).Append(' ').Append(diagnostic.Descriptor.Id).Append(' ').Append(diagnostic.Message).Append('\n');
            }
        }

        return rendered.ToString().TrimEnd('\n');
    }

    /// <summary>The text that was rendered.</summary>
    public static string Remove(string rendered) => string.Join('\n', rendered.Split('\n').Where(line => !CaretLine().IsMatch(line)));

    [GeneratedRegex(@"^ *\^+ EQL[0-9]{4} ")]
    private static partial Regex CaretLine();
}
