using System.Globalization;

namespace CallStackRules.Generators.Tests.Differential;

/// <summary>Compiled matchers against the interpreter, on rules that a person chose and on random ones.</summary>
public class MatcherTests
{
    private const int RulesInABatch = 200;

    /// <summary>How many batches of random rules are compiled: more of them find more, at a few seconds each.</summary>
    private static readonly int Batches = Environment.GetEnvironmentVariable("MATCHER_TEST_BATCHES") is { Length: > 0 } batches
        ? int.Parse(batches, CultureInfo.InvariantCulture) : 2;

    [Fact]
    public void Chosen_rules_match_as_the_interpreter_says_and_allocate_nothing()
    {
        Assert.NotEmpty(ChosenQueries.All);
        using RuleBatch batch = RuleBatch.Of(ChosenQueries.All);
        Check(batch);
    }

    [Fact]
    public void Random_rules_match_as_the_interpreter_says_and_allocate_nothing()
    {
        for (uint i = 0; i < Batches; i++)
        {
            using RuleBatch batch = RuleBatch.Random(RulesInABatch, i);
            Check(batch);
            Assert.InRange(batch.MatchingPercent, 10, 90);
        }
    }

    private static void Check(RuleBatch batch)
    {
        string[] disagreements = [.. batch.Disagreements().Take(5)];
        Assert.True(disagreements.Length == 0, string.Join('\n', disagreements));
        Assert.Empty(batch.DisagreementsOfTheSet());
        Assert.Equal(0, batch.AllocatedBytes());
    }
}
