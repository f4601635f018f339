using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Tests.Syntax;

public class QueryParserTests
{
    /// <summary>Queries without mistakes, each with its tree behind <c>=></c>.</summary>
    public static TheoryData<string> Trees => [.. CaseFile.Read("Trees.txt")];

    /// <summary>Queries with mistakes, each with its messages below their places.</summary>
    public static TheoryData<string> Mistakes => [.. CaseFile.Read("QueryMistakes.txt")];

    private static (string Query, string Tree) Split(string treeCase)
    {
        int arrow = treeCase.LastIndexOf("\n=> ", StringComparison.Ordinal);
        return (treeCase[..arrow], treeCase[(arrow + 4)..]);
    }

    [Theory]
    [MemberData(nameof(Trees))]
    public void A_query_is_read_as_the_tree_beside_it(string treeCase)
    {
        (string query, string tree) = Split(treeCase);
        (QuerySyntax? parsed, IReadOnlyList<EqlDiagnostic> diagnostics) = QueryParser.ParseQuery(query);
        Assert.Equal(query, Carets.Render(query, diagnostics));
        Assert.Equal(tree, SyntaxDump.Of(parsed));
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Each_mistake_has_one_message_at_its_place(string rendered)
    {
        string query = Carets.Remove(rendered);
        Assert.Equal(rendered, Carets.Render(query, QueryParser.ParseQuery(query).Diagnostics));
    }

    [Theory]
    [MemberData(nameof(Trees))]
    public void The_span_of_a_node_is_its_text(string treeCase)
    {
        string query = Split(treeCase).Query;
        QuerySyntax root = QueryParser.ParseQuery(query).Query!;
        foreach (SyntaxNode node in SyntaxDump.Descendants(root))
        {
            string text = query.Substring(node.Span.Start, node.Span.Length);
            Assert.Equal(text.Trim(), text);
            Assert.All(SyntaxDump.Children(node), child => Assert.True(node.Span.To(child.Span) == node.Span, $"{child.GetType().Name} at {child.Span} is outside of {text}"));
            switch (node)
            {
                case QuerySyntax:
                    Assert.Equal(SyntaxDump.Of(node), SyntaxDump.Of(QueryParser.ParseQuery(text).Query));
                    break;
                case ExpressionSyntax:
                    Assert.Equal($"(* {SyntaxDump.Of(node)})", SyntaxDump.Of(QueryParser.ParseQuery("any where " + text).Query));
                    break;
                case EventFilterSyntax:
                    Assert.Equal(SyntaxDump.Of(node), SyntaxDump.Of(QueryParser.ParseQuery(text).Query));
                    break;
                case StepSyntax:
                    SequenceQuerySyntax sequence = (SequenceQuerySyntax)QueryParser.ParseQuery("sequence " + text).Query!;
                    Assert.Equal(SyntaxDump.Of(node), SyntaxDump.Of(sequence.Steps[0]));
                    break;
                case PipeSyntax:
                    Assert.StartsWith("|", text, StringComparison.Ordinal);
                    break;
                case NameSyntax name:
                    Assert.Equal(name.Text, text.Trim('"', '`'));
                    break;
                case TimeSpanSyntax:
                    Assert.Contains(text[^1], "smhd");
                    break;
            }
        }
    }

    [Theory]
    [InlineData("a == b", "==")]
    [InlineData("a - b", "-")]
    [InlineData("a not  in~ (1)", "not  in~")]
    [InlineData("a like~ \"x\"", "like~")]
    [InlineData("a : (\"x\")", ":")]
    public void The_span_of_an_operator_is_its_text(string expression, string op)
    {
        string query = "any where " + expression;
        TextSpan span = ((EventQuerySyntax)QueryParser.ParseQuery(query).Query!).Filter.Condition switch
        {
            BinarySyntax binary => binary.OperatorSpan,
            MatchSyntax match => match.OperatorSpan,
            _ => default,
        };
        Assert.Equal(op, query.Substring(span.Start, span.Length));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t ")]
    [InlineData("\uFEFF")]
    public void An_empty_text_has_no_query_and_says_so(string text)
    {
        (QuerySyntax? query, IReadOnlyList<EqlDiagnostic> diagnostics) = QueryParser.ParseQuery(text);
        Assert.Null(query);
        Assert.Equal("EQL0014", Assert.Single(diagnostics).Descriptor.Id);
    }

    [Fact]
    public void A_mistake_in_a_step_leaves_the_other_steps_as_they_are()
    {
        const string Broken = "sequence by a [process where b == ] [file where (c and] by x until [any where d e]";
        SequenceQuerySyntax sequence = (SequenceQuerySyntax)QueryParser.ParseQuery(Broken).Query!;
        Assert.Equal("(sequence by=a [(process (== b <missing>))] [(file <(and c <missing>)>) by=x] until [(* d)])", SyntaxDump.Of(sequence));
    }

    [Fact]
    public void A_byte_order_mark_and_any_line_ends_are_blanks()
    {
        (QuerySyntax? query, IReadOnlyList<EqlDiagnostic> diagnostics) = QueryParser.ParseQuery("\uFEFFprocess where\r\na == 1 // x\rand b\u00A0== 2");
        Assert.Empty(diagnostics);
        Assert.Equal("(process (and (== a 1) (== b 2)))", SyntaxDump.Of(query));
    }
}
