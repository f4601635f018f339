using CallStackRules.Eql.Automata;
using CallStackRules.Matching;
using CsCheck;

namespace CallStackRules.Eql.Tests.Automata;

public sealed class WildcardSyntaxTests
{
    [Fact]
    public void The_automaton_of_a_wildcard_pattern_matches_what_the_pattern_matches()
    {
        Gen<string> patterns = Gen.OneOf((RandomRegex.Alphabet + "**??").ToCharArray()).Array[0, 8].Select(units => new string(units));
        Gen.Select(patterns, RandomRegex.Text, Gen.Bool).Check((pattern, text, ignoreCase) =>
        {
            Assert.True(AutomatonCompiler.TryCompile([WildcardSyntax.Parse(pattern)], ignoreCase, out AutomatonTables? tables, out _));
            Assert.Equal(new WildcardPattern(pattern, ignoreCase).IsMatch(text), RunTables.Of(tables)(text));
        }, iter: 3000);
    }
}
