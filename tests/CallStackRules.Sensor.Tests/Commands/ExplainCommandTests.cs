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
              reads      any events with call stacks

              an event
                whose stack holds unbacked code

              any where process.thread.Ext.call_stack_contains_unbacked == true

            """.ReplaceLineEndings("\n"),
            outcome.Output);
    }
}
