using System.Text.Json;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Ecs;
using CallStackRules.Events;

namespace CallStackRules.Rules.Tests;

/// <summary>What servers and developer machines do all day: runtimes that compile, Go programs, containers, log-ins, packages, debuggers.</summary>
public sealed class BackgroundTests
{
    private static readonly string Recording = Path.Combine(AppContext.BaseDirectory, "linux-background.ndjson");

    [Fact]
    public void No_rule_reports_the_everyday_life_of_linux()
    {
        var engine = new RuleEngine<EndpointEvent>(Pack.Rules);
        var alerts = new List<string>();
        var e = new EndpointEvent();
        using var source = new EcsSource([Recording], new ProcessTable());
        foreach (string line in File.ReadLines(Recording))
        {
            Assert.True(source.TryRead(e), line);
            using JsonDocument document = JsonDocument.Parse(line);
            alerts.AddRange(Pack.Push(engine, e).Select(rule => $"{document.RootElement.GetProperty("what")}: {e.Process?.Name}: {rule.Name}"));
        }
        Assert.Empty(alerts);
    }
}
