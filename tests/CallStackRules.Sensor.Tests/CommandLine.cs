using System.CommandLine;
using System.Text.Json;
using CallStackRules.Events;
using CallStackRules.Rules;

namespace CallStackRules.Sensor.Tests;

/// <summary>Runs the sensor's command line in this process.</summary>
internal static class CommandLine
{
    public static Task<Outcome> RunAsync(params string[] args) => RunAsync(new TestRules(), CancellationToken.None, args);

    public static async Task<Outcome> RunAsync(RuleSet<EndpointEvent> rules, CancellationToken cancellation, params string[] args)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        int exitCode = await Program.RunAsync(args, rules, new InvocationConfiguration { Output = output, Error = error }, cancellation);
        return new Outcome(exitCode, output.ToString(), error.ToString());
    }
}

/// <summary>What a command line came to.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as NDJSON; throws when a line is anything else.</summary>
    public List<JsonElement> Json => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
}
