using System.Globalization;
using System.Text.RegularExpressions;
using CallStackRules.Eql.Automata;
using CsCheck;

namespace CallStackRules.Eql.Tests.Automata;

public sealed class RegexOracleTests
{
    [Fact]
    public void It_says_the_same_as_the_regular_expressions_of_the_runtime()
    {
        Gen.Select(RandomRegex.Node, RandomRegex.Text).Check((node, text) =>
            Assert.Equal(Regex.IsMatch(text, $@"\A(?:{Write(node)})\z", RegexOptions.CultureInvariant), RegexOracle.IsMatch(node, text, ignoreCase: false)), iter: 2000);
    }

    [Fact]
    public void What_it_reads_is_what_was_written()
    {
        Gen.Select(RandomRegex.Node, RandomRegex.Text).Check((node, text) =>
        {
            Assert.True(RegexSyntax.TryParse(Write(node), out RegexNode? read, out _));
            Assert.Equal(RegexOracle.IsMatch(node, text, ignoreCase: true), RegexOracle.IsMatch(read, text, ignoreCase: true));
        }, iter: 2000);
    }

    [Theory]
    [InlineData("[^k]", "K", false)]
    [InlineData("[^k]", "\u212A", true)]
    [InlineData("[a-z]+", "WIN", true)]
    [InlineData("É", "é", true)]
    [InlineData(@"\w", "\u212A", false)]
    [InlineData(@"\W", "K", false)]
    [InlineData("\uD801\uDC00", "\uD801\uDC28", false)]
    public void Case_is_ignored_before_a_class_is_negated(string pattern, string text, bool expected)
    {
        Assert.True(RegexSyntax.TryParse(pattern, out RegexNode? node, out _));
        Assert.Equal(expected, RegexOracle.IsMatch(node, text, ignoreCase: true));
    }

    private static string Write(RegexNode node) => node switch
    {
        RegexUnit unit => $"[{(unit.IsNegated ? "^" : "")}{string.Concat(unit.Units.Ranges.Select(range => $"{Write(range.First)}-{Write(range.Last)}"))}]",
        RegexSequence sequence => string.Concat(sequence.Parts.Select(part => $"(?:{Write(part)})")),
        RegexChoice choice => $"({string.Join('|', choice.Alternatives.Select(Write))})",
        RegexRepeat repeat => $"(?:{Write(repeat.Repeated)}){{{repeat.Least},{repeat.Most?.ToString(CultureInfo.InvariantCulture)}}}",
        _ => throw new ArgumentException($"No form for {node.GetType()}."),
    };

    private static string Write(char unit) => $@"\u{(int)unit:X4}";
}
