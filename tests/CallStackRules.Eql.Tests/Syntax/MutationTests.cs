using System.Globalization;
using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Syntax;
using CsCheck;

namespace CallStackRules.Eql.Tests.Syntax;

/// <summary>Rules that somebody is in the middle of typing: random edits of good ones.</summary>
public class MutationTests
{
    private static readonly string[] Rules =
    [
        .. CaseFile.Read("Trees.txt").Select(treeCase => treeCase[..treeCase.LastIndexOf("\n=> ", StringComparison.Ordinal)]),
        .. CaseFile.Read("RuleFileMistakes.txt").Select(Carets.Remove),
    ];

    private static readonly string[] Pieces =
    [
        "(", ")", "[", "]", "\"", "\"\"\"", "'", "`", ",", "|", "=", "==", "!", ":", "~", "?", "$", ".", "-", "+", "*", "/", "//", "/*", "*/", "\\", "\\u{", "\n", "\r\n", " ", "@", "#",
        " and ", " or ", " not ", " in ", " like~ ", " by ", " with ", " until ", " where ", " as ", "maxspan=", "runs=", "descendant of ", "![", "0", "9223372036854775808", "1e999",
        "\0", "\uFEFF", "\uD800", "\uDC00", "é", "\U0001F600", "// @", "// eql-disable", "// eql-disable EQL2001: x", "x", ".5", "30s",
    ];

    private static readonly Gen<(int At, int Removed, string Inserted)> Edits =
        Gen.Select(Gen.Int[0, 10_000], Gen.Frequency((2, Gen.Const(0)), (2, Gen.Int[1, 3]), (1, Gen.Int[4, 40])), Gen.Frequency((3, Gen.Int[0, Pieces.Length - 1].Select(index => Pieces[index])), (1, Gen.Const(""))));

    private static readonly Gen<string> EditedRules = Gen.Select(Gen.Int[0, Rules.Length - 1].Select(index => Rules[index]), Edits.Array[1, 6], (rule, edits) => edits.Aggregate(rule, Edit));

    private static string Edit(string text, (int At, int Removed, string Inserted) edit)
    {
        int at = edit.At % (text.Length + 1);
        int removed = Math.Min(edit.Removed, text.Length - at);
        return text.Remove(at, removed).Insert(at, edit.Inserted);
    }

    [Fact]
    public void Edited_rules_are_read_without_failing_and_all_spans_are_inside_the_text() => EditedRules.Check(
        text =>
        {
            RuleFile file = RuleFile.Parse(text);
            Check(text, file.QuerySpan);
            foreach (EqlDiagnostic diagnostic in file.Diagnostics)
            {
                Check(text, diagnostic.Span);
                Assert.DoesNotContain('\n', diagnostic.Message);
            }

            foreach (Suppression suppression in file.Suppressions)
                Assert.InRange(suppression.Line, 0, file.Lines.LineCount - 1);
            if (file.Query is null)
            {
                Assert.Contains(file.Diagnostics, diagnostic => diagnostic.IsError);
                return;
            }

            foreach (SyntaxNode node in SyntaxDump.Descendants(file.Query))
            {
                Check(text, node.Span);
                foreach (SyntaxNode child in SyntaxDump.Children(node))
                    Assert.True(node.Span.To(child.Span) == node.Span, string.Create(CultureInfo.InvariantCulture, $"{child.Span} is outside of {node.Span} in {text}"));
                bool isMissing = node is MissingExpressionSyntax;
                Assert.True(!isMissing || file.Diagnostics.Any(diagnostic => diagnostic.IsError), $"Something is missing without a message in {text}");
            }
        },
        iter: 5_000);

    private static void Check(string text, TextSpan span)
    {
        Assert.InRange(span.Start, 0, text.Length);
        Assert.InRange(span.Length, 0, text.Length - span.Start);
    }
}
