using System.Diagnostics;
using CallStackRules.Eql.Automata;
using CsCheck;

namespace CallStackRules.Eql.Tests.Automata;

public sealed class AutomatonCompilerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Both_automata_accept_what_the_oracle_accepts(bool ignoreCase)
    {
        Gen.Select(RandomRegex.Node, RandomRegex.Text.Array[8]).Check((node, texts) =>
        {
            Func<string, bool> determined = Compile(node, ignoreCase, AutomatonCompiler.MaxTransitions);
            Func<string, bool> undetermined = Compile(node, ignoreCase, maxTransitions: 0);
            foreach (string text in texts)
            {
                bool expected = RegexOracle.IsMatch(node, text, ignoreCase);
                Assert.Equal(expected, determined(text));
                Assert.Equal(expected, undetermined(text));
            }
        }, iter: 2000);
    }

    [Fact]
    public void Several_expressions_accept_what_any_of_them_accepts()
    {
        Assert.True(AutomatonCompiler.TryCompile([Parse("a+"), Parse(".*b"), Parse("")], ignoreCase: false, out AutomatonTables? tables, out _));
        Func<string, bool> accepts = Run(tables);
        Assert.All(["", "a", "aa", "b", "xxb", "ab"], text => Assert.True(accepts(text), text));
        Assert.All(["x", "ba", "B"], text => Assert.False(accepts(text), text));
    }

    [Theory]
    [InlineData(".*", 2)]
    [InlineData(".*a.*", 3)]
    [InlineData(".*(abc|abd).*", 5)]
    [InlineData("(a|b)*(a|b)(a|b)?", 3)]
    [InlineData("a{1000}", 1002)]
    [InlineData("[^\\s\\S]", 1)]
    public void The_deterministic_automaton_is_minimal(string pattern, int states)
    {
        Assert.True(AutomatonCompiler.TryCompile([Parse(pattern)], ignoreCase: false, out AutomatonTables? tables, out _));
        var deterministic = Assert.IsType<DeterministicTables>(tables);
        Assert.Equal(states, deterministic.Transitions.Count / deterministic.ClassCount);
    }

    [Fact]
    public void Equal_patterns_make_equal_tables()
    {
        Assert.True(AutomatonCompiler.TryCompile([Parse("[ab]c*")], ignoreCase: true, out AutomatonTables? one, out _));
        Assert.True(AutomatonCompiler.TryCompile([Parse("[BA](?:c{0,})")], ignoreCase: true, out AutomatonTables? other, out _));
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
    }

    [Fact]
    public void What_cannot_be_determined_runs_as_positions()
    {
        // The automaton must remember the last 41 units: 2^41 states.
        Assert.True(AutomatonCompiler.TryCompile([Parse(".*a.{40}")], ignoreCase: false, out AutomatonTables? tables, out _));
        Assert.IsType<PositionTables>(tables);
        Func<string, bool> accepts = Run(tables);
        Assert.True(accepts(new string('b', 1000) + "a" + new string('b', 40)));
        Assert.False(accepts(new string('b', 1000) + "a" + new string('b', 41)));
    }

    [Theory]
    [InlineData("(a{1000}){3}", "too large")]
    [InlineData("((((((a{1000}){1000}){1000}){1000}){1000}){1000}){1000}", "too large")]
    [InlineData(".*a.{1000}.{1000}", "too complex")]
    public void What_is_too_large_is_refused(string pattern, string message)
    {
        Assert.False(AutomatonCompiler.TryCompile([Parse(pattern)], ignoreCase: false, out _, out string? error));
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(a?){1000}a{1000}")]
    [InlineData("((a|b)?){1000}x")]
    [InlineData("(((a*)*)*)*b")]
    [InlineData(".*a.{1000}")]
    [InlineData("(.*a){500}")]
    [InlineData("[a-z]{1000}[0-9]{1000}")]
    [InlineData("(a{0,30}){30}")]
    public void Nothing_takes_long_to_compile_or_to_run(string pattern)
    {
        var watch = Stopwatch.StartNew();
        AutomatonCompiler.TryCompile([Parse(pattern)], ignoreCase: true, out AutomatonTables? tables, out string? error);
        TimeSpan compiling = watch.Elapsed;
        watch.Restart();
        if (tables is not null)
            Run(tables)(new string('a', 4 * 1024));
        TimeSpan running = watch.Elapsed;

        // Generous, for slow machines; what this is about would take hours.
        Assert.True(compiling < TimeSpan.FromMinutes(1), $"{compiling} to compile {error}");
        Assert.True(running < TimeSpan.FromMinutes(1), $"{running} to run {tables?.GetType()}");
    }

    private static Func<string, bool> Compile(RegexNode node, bool ignoreCase, int maxTransitions)
    {
        Assert.True(AutomatonCompiler.TryCompile([node], ignoreCase, maxTransitions, out AutomatonTables? tables, out _));
        return Run(tables);
    }

    private static Func<string, bool> Run(AutomatonTables tables) => RunTables.Of(tables);

    private static RegexNode Parse(string pattern) =>
        RegexSyntax.TryParse(pattern, out RegexNode? node, out RegexError? error) ? node : throw new ArgumentException(error.Message);
}
