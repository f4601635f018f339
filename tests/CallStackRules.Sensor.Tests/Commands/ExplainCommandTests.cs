namespace CallStackRules.Sensor.Tests.Commands;

public class ExplainCommandTests
{
    [Theory]
    [InlineData("11111111-1111-4111-8111-111111111111")]
    [InlineData("code WITHOUT a file acts")]
    [InlineData("unbacked.eql")]
    [InlineData(@"defense_evasion\unbacked.eql")]
    [InlineData("rules/windows/defense_evasion/unbacked.eql")]
    public async Task A_built_in_rule_is_found_by_id_name_or_path(string name)
    {
        Outcome outcome = await CommandLine.RunAsync("explain", name);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(
            """
            Code without a file acts
              id         11111111-1111-4111-8111-111111111111
              severity   high
              os         windows
              technique  T1055.001 T1620 TA0005
              source     windows/defense_evasion/unbacked.eql
              action     kill_process process.entity_id and its descendants
              reference  https://example.org/unbacked
              why        Unbacked code is on the stack.

              an event
                whose stack holds unbacked code

              any where process.thread.Ext.call_stack_contains_unbacked == true

            """.ReplaceLineEndings("\n"),
            outcome.Output);
    }

    [Fact]
    public async Task An_action_of_a_rule_over_several_events_names_its_step_built_in_or_not()
    {
        const string Action = "  action     kill_process process.entity_id of step 1\n";

        Outcome builtIn = await CommandLine.RunAsync(new RulePack(), CancellationToken.None, "explain", "library-after-start.eql");
        Outcome file = await CommandLine.RunAsync(
            "explain", Path.Combine(Repository.Root, "tests", "CallStackRules.Sensor.Tests", "StepsRules", "library-after-start.eql"));

        Assert.Contains(Action, builtIn.Output, StringComparison.Ordinal);
        Assert.Contains(Action, file.Output, StringComparison.Ordinal);
        Assert.Contains("sequence by process.entity_id with maxspan=1m", builtIn.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_file_is_compiled_and_explained()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write(
            "new.eql",
            "// @id          3f0c6a52-0000-4000-8000-000000000001",
            "// @name        A new rule",
            "// @description Finds it.",
            "// @severity    critical",
            "// @technique   T1055.001",
            "process where process.name : \"a.exe\"");

        Outcome outcome = await CommandLine.RunAsync("explain", file);

        Assert.Equal(0, outcome.ExitCode);
        Assert.StartsWith("A new rule\n  id         3f0c6a52-0000-4000-8000-000000000001\n  severity   critical\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Events: process.", outcome.Output, StringComparison.Ordinal);
        Assert.EndsWith("  process where process.name : \"a.exe\"\n", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_file_with_a_mistake_ends_with_3_and_names_its_place()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("new.eql", "process where proces.name : \"a.exe\"");

        Outcome outcome = await CommandLine.RunAsync("explain", file);

        Assert.Equal(3, outcome.ExitCode);
        Assert.Empty(outcome.Output);
        Assert.Contains($"{file}(1,15): error EQL1", outcome.Error, StringComparison.Ordinal);
    }
}
