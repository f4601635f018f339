using System.CommandLine;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sensor.Output;
using CallStackRules.Sensor.Pipeline;
using Spectre.Console;

namespace CallStackRules.Sensor.Commands;

/// <summary><c>demo</c>: replays a small recording that comes with the sensor.</summary>
internal static class DemoCommand
{
    /// <summary>Written for this project; it lies beside the executable, so that it can be read and changed.</summary>
    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "Demo", "demo.ndjson");

    public static Command Create(RuleSet<EndpointEvent> builtIn)
    {
        var command = new Command("demo", "Replay a small recording that comes with the sensor and show its alerts.");
        command.SetAction(result =>
        {
            Run(new ActiveRules([ActiveRules.BuiltIn], builtIn), Terminal.Open(result.InvocationConfiguration.Output));
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Run(ActiveRules rules, IAnsiConsole console)
    {
        using Recording recording = Recording.Open(RecordingFormat.Ecs, [File]);
        var view = new AlertView(console);
        var replay = new Replay(recording, rules) { WriteAlert = view.Write, WriteStepsAlert = view.Write, ReportRules = console.WriteLine };
        ReplaySummary summary = replay.Run(CancellationToken.None);
        SummaryView.Write(console, summary);

        console.WriteLine();
        console.WriteLine("Try next:");
        console.WriteLine("  rules                                 list the rules that are built in");
        foreach ((AlertedRule rule, _) in summary.Alerts.ByRule.Take(1))
            console.WriteLine($"  explain \"{rule.Name}\"");
        console.WriteLine($"  replay {File} --json");
    }
}
