using System.Text.Json;

namespace CallStackRules.Sensor.Tests.Commands;

public class RulesCommandTests
{
    [Fact]
    public async Task Rules_are_listed_in_a_table()
    {
        Outcome outcome = await CommandLine.RunAsync("rules");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches("high +Code without a file acts +windows +T1055.001 T1620 +windows/defense_evasion/unbacked.eql", outcome.Output);
        Assert.Contains("2 rules.", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_a_line_for_each_rule_with_all_its_metadata()
    {
        Outcome outcome = await CommandLine.RunAsync("rules", "--json");

        Assert.Equal(2, outcome.Json.Count);
        JsonElement rule = outcome.Json[0];
        Assert.Equal(
            ["id", "name", "severity", "description", "os", "techniques", "tactics", "references", "actions", "source", "query", "explanation", "categories", "fields"],
            rule.EnumerateObject().Select(property => property.Name));
        Assert.Equal("high", rule.GetProperty("severity").GetString());
        Assert.Equal("T1620", rule.GetProperty("techniques")[1].GetString());
        Assert.Equal(
            """{"kind":"kill_process","field":"process.entity_id","state":0,"tree":true}""", rule.GetProperty("actions")[0].GetRawText());
    }

    [Fact]
    public async Task Needs_are_those_of_all_rules_together()
    {
        Outcome outcome = await CommandLine.RunAsync("rules", "--needs", "--json");

        Assert.Equal(
            """{"categories":["any","process"],"stacks":["any"],"fields":["event.action","process.thread.Ext.call_stack_contains_unbacked"]}""",
            Assert.Single(outcome.Json).GetRawText());
    }

    [Fact]
    public async Task Needs_are_readable_too()
    {
        Outcome outcome = await CommandLine.RunAsync("rules", "--needs");

        Assert.Equal(
            "categories   any process\ncall stacks  any\nfields       2\n  event.action\n  process.thread.Ext.call_stack_contains_unbacked\n", outcome.Output);
    }
}
