using System.Text.Json;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Ecs;
using CallStackRules.Events;

namespace CallStackRules.Rules.Tests;

/// <summary>The recording that comes with the sensor, whose events say themselves whether they belong to the attack.</summary>
public sealed class DemonstrationTests
{
    private static readonly string Recording = Path.Combine(AppContext.BaseDirectory, "demo.ndjson");

    [Fact]
    public void No_benign_event_alerts() => Assert.Empty(Alerts().Where(alert => !alert.IsAttack).Select(alert => $"{alert.Event}: {alert.Rule.Name}"));

    [Fact]
    public void The_attack_is_seen_by_many_rules() => Assert.True(Alerts().Select(alert => alert.Rule.Id).Distinct().Count() >= 30);

    private static List<(string Event, bool IsAttack, RuleInfo Rule)> Alerts()
    {
        var alerts = new List<(string, bool, RuleInfo)>();
        var matches = new List<EventRule<EndpointEvent>>();
        var e = new EndpointEvent();
        using var source = new EcsSource([Recording], new ProcessTable());
        foreach (string line in File.ReadLines(Recording))
        {
            Assert.True(source.TryRead(e), line);
            using JsonDocument document = JsonDocument.Parse(line);
            bool isAttack = document.RootElement.GetProperty("labels").GetProperty("intent").GetString() == "attack";
            matches.Clear();
            Pack.Rules.Match(e, matches);
            foreach (EventRule<EndpointEvent> rule in matches)
                alerts.Add((e.Event.Id.ToString(), isAttack, rule.Info));
        }
        return alerts;
    }
}
