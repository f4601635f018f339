using CallStackRules.Eql.Tests.Interpretation;

namespace CallStackRules.Generators.Tests.Streams;

/// <summary>What the language's tests say of whole queries, in <c>.stream</c> files, is true of compiled ones.</summary>
public class StreamCaseTests
{
    /// <summary>Pipes are not compiled.</summary>
    private const string NotCompiled = "pipes.stream";

    [Fact]
    public void Compiled_queries_give_what_the_cases_say()
    {
        StepsCase[] cases = [.. StepsCaseFile.ReadAll("Interpretation/Cases").Where(c => c.File != NotCompiled)];
        string[] queries = [.. cases.Select(c => c.Query).Distinct()];
        using StreamRules rules = StreamRules.Of(queries);
        var differences =
            from c in cases
            let found = rules.Results(StreamRules.Read(StepsCaseFile.Events(c.Stream)))[Array.IndexOf(queries, c.Query)]
            where found != c.Expected
            select $"{c} => {found}, not {c.Expected}";
        string[] all = [.. differences];
        Assert.True(all.Length == 0, string.Join('\n', all));
    }
}
