using System.Diagnostics;
using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Tests.Syntax;

public class LongAndDeepQueryTests
{
    /// <summary>Far above what reading a megabyte takes, far below what anything quadratic would take, also on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static readonly Dictionary<string, string> Deep = new()
    {
        { "parentheses", $"process where {Repeat("(", 10_000)}a{Repeat(")", 10_000)}" },
        { "unclosed parentheses", $"process where {Repeat("(", 10_000)}" },
        { "not", $"process where {Repeat("not ", 10_000)}a" },
        { "minus", $"process where {Repeat("-", 10_000)}a == 1" },
        { "sum", $"process where a{Repeat(" + a", 100_000)} == 1" },
        { "product", $"process where a{Repeat(" * a", 100_000)} == 1" },
        { "functions", $"process where {Repeat("length(", 10_000)}a{Repeat(")", 10_000)}" },
        { "lists", $"process where {Repeat("a : (f(", 10_000)}a{Repeat("))", 10_000)}" },
        { "lineage", $"process where {Repeat("descendant of [process where ", 10_000)}true{Repeat("]", 10_000)}" },
        { "sums in parentheses on the left", $"process where {Repeat("(", 150)}a{Repeat("+ 1)", 150)} == 1" },
        { "sums in parentheses on the right", $"process where {Repeat("(1 + ", 150)}a{Repeat(")", 150)} == 1" },
    };

    public static TheoryData<string> DeepQueries => [.. Deep.Keys];

    [Theory]
    [MemberData(nameof(DeepQueries))]
    public void A_query_that_nests_too_deeply_has_one_message(string kind)
    {
        (QuerySyntax? query, IReadOnlyList<EqlDiagnostic> diagnostics) = QueryParser.ParseQuery(Deep[kind]);
        EqlDiagnostic diagnostic = Assert.Single(diagnostics);
        Assert.True(diagnostic.Descriptor.Id == "EQL0018", $"{kind}: {diagnostic.Message}");
        Assert.NotNull(query);
    }

    [Fact]
    public void Too_deep_a_step_leaves_the_other_steps_checked()
    {
        string deep = Repeat("(", 1000) + "a" + Repeat(")", 1000);
        (QuerySyntax? query, IReadOnlyList<EqlDiagnostic> diagnostics) = QueryParser.ParseQuery($"sequence [process where {deep}] [file where b = 1]");
        Assert.Equal(["EQL0018", "EQL0006"], diagnostics.Select(diagnostic => diagnostic.Descriptor.Id));
        Assert.Equal("[(file (== b 1))]", SyntaxDump.Of(((SequenceQuerySyntax)query!).Steps[1]));
    }

    [Fact]
    public void Every_tree_is_at_most_as_deep_as_the_limit_says()
    {
        for (int count = 1; count < 2 * QueryParser.MaxDepth; count += 3)
        {
            string text = $"process where {Repeat("not (a + (", count)}b{Repeat(") == 1)", count)}";
            (QuerySyntax? query, IReadOnlyList<EqlDiagnostic> diagnostics) = QueryParser.ParseQuery(text);
            int height = Height(((EventQuerySyntax)query!).Filter.Condition);
            Assert.InRange(height, 1, QueryParser.MaxDepth);
            Assert.True(diagnostics.Count > 0 || height > count, "A tree was cut short without a message.");
        }

        static int Height(SyntaxNode node) => 1 + SyntaxDump.Children(node).Select(Height).DefaultIfEmpty().Max();
    }

    private static readonly Dictionary<string, (string Text, int MostMessages)> Long = new()
    {
        { "chain of and", ("process where a == 1" + Repeat(" and a == 1", 100_000), 0) },
        { "chain of or", ("process where a" + Repeat(" or b", 200_000), 0) },
        { "list", ("process where a : (\"x\"" + Repeat(", \"some text\"", 80_000) + ")", 0) },
        { "steps", ("sequence" + Repeat(" [process where a == 1] by x", 40_000), 0) },
        { "one string", ("process where a == \"" + Repeat("x", 1_000_000) + "\"", 0) },
        { "one comment", ("process where a /*" + Repeat("*", 1_000_000) + "*/ == 1", 0) },
        { "one field", ("process where a" + Repeat(".b", 500_000), 0) },
        { "blanks before a dot that does not come", ("process where a" + Repeat(" ", 1_000_000), 0) },
        { "stray brackets", ("process where a" + Repeat(")", 500_000), 1) },
        { "junk", ("process where a" + Repeat("#", 1_000_000), 1) },
        { "open brackets", ("process where " + Repeat("[", 500_000), 1) },
        { "opened filters", ("sequence " + Repeat("[a where ", 100_000), 200_000) },
        { "values without operators", ("process where a" + Repeat(" b", 400_000), 1) },
        { "unclosed strings", (Repeat("\"abc\n", 200_000), 200_000) },
        { "swallowed brackets", ("process where a == \"" + Repeat("[", 300_000) + "\n" + Repeat(")", 300_000), 2) },
        { "unclosed lists", ("process where a" + Repeat(" and b : (\"x\"", 50_000), 50_000) },
    };

    public static TheoryData<string> LongTexts => [.. Long.Keys];

    [Theory]
    [MemberData(nameof(LongTexts))]
    public void A_megabyte_is_read_in_time_that_grows_with_its_length_only(string kind)
    {
        (string text, int mostMessages) = Long[kind];
        Stopwatch watch = Stopwatch.StartNew();
        IReadOnlyList<EqlDiagnostic> diagnostics = QueryParser.ParseQuery(text).Diagnostics;
        Assert.True(watch.Elapsed < Patience, $"{kind} took {watch.Elapsed}.");
        Assert.InRange(diagnostics.Count, Math.Min(1, mostMessages), mostMessages);
    }

    [Fact]
    public void A_megabyte_of_tags_and_comments_is_read_in_time_that_grows_with_its_length_only()
    {
        Stopwatch watch = Stopwatch.StartNew();
        RuleFile.Parse(Repeat("// @description words // more words\n//     and more\n// eql-disable EQL2001: x\n", 15_000) + "process where true");
        Assert.True(watch.Elapsed < Patience, $"It took {watch.Elapsed}.");
    }
}
