using System.Text.Json;

namespace CallStackRules.Sensor.Tests.Commands;

public class RulesCommandTests
{
    [Fact]
    public async Task Rules_are_listed_in_a_table()
    {
        Outcome outcome = await CommandLine.RunAsync("rules");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches("high +event +Code without a file acts +windows +T1055.001 T1620 +windows/defense_evasion/unbacked.eql", outcome.Output);
        Assert.Contains("2 rules.", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_a_line_for_each_rule_with_all_its_metadata()
    {
        Outcome outcome = await CommandLine.RunAsync("rules", "--json");

        Assert.Equal(2, outcome.Json.Count);
        JsonElement rule = outcome.Json[0];
        Assert.Equal(
            ["id", "name", "kind", "severity", "description", "os", "techniques", "tactics", "references", "actions", "source", "query", "explanation", "categories", "fields"],
            rule.EnumerateObject().Select(property => property.Name));
        Assert.Equal("high", rule.GetProperty("severity").GetString());
        Assert.Equal("T1620", rule.GetProperty("techniques")[1].GetString());
        Assert.Equal(
            """{"kind":"kill_process","field":"process.entity_id","state":0,"tree":true}""", rule.GetProperty("actions")[0].GetRawText());
    }

    [Fact]
    public async Task Rules_over_several_events_stand_among_the_others_with_their_kind()
    {
        Outcome table = await CommandLine.RunAsync(new RulePack(), CancellationToken.None, "rules");
        Outcome json = await CommandLine.RunAsync(new RulePack(), CancellationToken.None, "rules", "--json");

        Assert.Matches("high +sequence +A started process loads a planted library +windows +T1574.002", table.Output);
        Assert.Contains("4 rules.", table.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["sample StepsRules/file-and-value.eql", "event StepsRules/file-below-word.eql", "sequence StepsRules/library-after-start.eql",
                "sequence StepsRules/start-without-connection.eql"],
            json.Json.Select(rule => $"{rule.GetProperty("kind").GetString()} {rule.GetProperty("source").GetString()}"));
    }

    [Fact]
    public async Task Needs_cover_every_step()
    {
        Outcome outcome = await CommandLine.RunAsync(new RulePack(), CancellationToken.None, "rules", "--needs", "--json");

        JsonElement needs = Assert.Single(outcome.Json);
        Assert.Equal(["file", "library", "network", "process", "registry"], needs.GetProperty("categories").EnumerateArray().Select(category => category.GetString()));
        Assert.Contains("process start", needs.GetProperty("events").EnumerateArray().Select(needed => needed.GetString()));
        Assert.Contains("dll.path", needs.GetProperty("fields").EnumerateArray().Select(field => field.GetString()));
    }

    [Fact]
    public async Task Needs_are_those_of_all_rules_together()
    {
        Outcome outcome = await CommandLine.RunAsync("rules", "--needs", "--json");

        Assert.Equal(
            """{"categories":["any","process"],"events":["any","process"],"stacks":["any"],"fields":["event.action","process.thread.Ext.call_stack_contains_unbacked"],"end":[]}""",
            Assert.Single(outcome.Json).GetRawText());
    }

    [Fact]
    public async Task Needs_are_readable_too()
    {
        Outcome outcome = await CommandLine.RunAsync("rules", "--needs");

        Assert.Equal(
            "categories   any process\nevent        any\nevent        process\ncall stacks  any\nfields       2\n  event.action\n  process.thread.Ext.call_stack_contains_unbacked\n", outcome.Output);
    }
}
