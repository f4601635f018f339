using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Ecs;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sensor.Pipeline;

namespace CallStackRules.Sensor.Tests.Pipeline;

public sealed class SystemRulesTests
{
    [Theory]
    [InlineData("linux")]
    [InlineData("windows")]
    public void Rules_for_a_system_match_what_they_match_among_all_and_rules_for_others_match_nothing(string system)
    {
        RuleSet<EndpointEvent> all = BuiltRules.LoadBuiltIn();
        var ofSystem = new SystemRules(all, system);
        var expected = new List<EventRule<EndpointEvent>>();
        var found = new List<EventRule<EndpointEvent>>();
        int matches = 0;
        int others = 0;
        using var source = new EcsSource(Directory.GetFiles(Path.Combine(Repository.Root, "rules"), "*.examples.ndjson", SearchOption.AllDirectories), new ProcessTable());
        var e = new EndpointEvent();
        while (source.TryRead(e))
        {
            expected.Clear();
            found.Clear();
            all.Match(e, expected);
            ofSystem.Match(e, found);

            others += expected.RemoveAll(rule => !rule.Info.OperatingSystems.Contains(system, StringComparer.Ordinal));
            Assert.Equal(expected.Select(static rule => rule.Info.Id).Order(), found.Select(static rule => rule.Info.Id).Order());
            matches += found.Count;
        }
        Assert.InRange(matches, 10, int.MaxValue);
        Assert.InRange(others, 10, int.MaxValue);
        Assert.All(ofSystem.StepsRules, rule => Assert.Contains(system, rule.Info.OperatingSystems));
    }

    [Fact]
    public void A_rule_that_names_no_system_is_for_all()
    {
        RuleInfo[] rules = [.. new SystemRules(new TestRules(), "linux").Rules.Select(static rule => rule.Info)];

        Assert.Equal([TestRules.StartInfo], rules);
    }
}
