using System.Text.RegularExpressions;
using CallStackRules.Sensor.Pipeline;

namespace CallStackRules.Sensor.Tests.Commands;

public class DemoCommandTests
{
    [Fact]
    public async Task The_demonstration_shows_alerts_of_at_least_five_built_in_rules_with_process_tree_and_stack()
    {
        Outcome outcome = await CommandLine.RunAsync(BuiltRules.LoadBuiltIn(), CancellationToken.None, "demo");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Empty(outcome.Error);
        string[] alerts = Regex.Split(outcome.Output, "^── ", RegexOptions.Multiline)[1..];
        Assert.True(alerts.Select(alert => alert.Split('\n')[0]).Distinct().Count() >= 5);
        Assert.All(alerts, alert => Assert.Matches(@"(?s)^(LOW|MEDIUM|HIGH|CRITICAL)  .+\n  process +.+└── .+ stack +0  ", alert));
        Assert.Contains("◀ unbacked", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Try next:", outcome.Output, StringComparison.Ordinal);
    }
}
