namespace CallStackRules.Eql.Tests.Interpretation;

/// <summary>Whole queries by examples: every case of <c>Cases/*.stream</c> is parsed, bound and interpreted.</summary>
public class StepsCaseTests
{
    private static readonly IReadOnlyDictionary<string, StepsCase> Cases = StepsCaseFile.ReadAll("Interpretation/Cases").ToDictionary(c => c.ToString());

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_language_means(string name)
    {
        StepsCase @case = Cases[name];
        Assert.Equal(@case.Expected, StepsRun.Results(@case.Query, StepsCaseFile.Events(@case.Stream)));
    }
}
