using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using System.Text;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sensor.Commands;
using CallStackRules.Sensor.Pipeline;

namespace CallStackRules.Sensor;

/// <summary>The command line; each command is a file in <c>Commands</c>.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        // Before anything takes hold of Console.Out.
        Console.OutputEncoding = Encoding.UTF8;
        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = StopAt(PosixSignal.SIGINT, stop);
        using PosixSignalRegistration terminate = StopAt(PosixSignal.SIGTERM, stop);
        // Without a time limit of the library's, whose exit code would hide ours.
        return await RunAsync(args, BuiltRules.LoadBuiltIn(), new InvocationConfiguration { ProcessTerminationTimeout = null }, stop.Token);
    }

    /// <summary>The first signal asks for an orderly end, the second ends at once.</summary>
    private static PosixSignalRegistration StopAt(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        });

    /// <summary>Runs one command line.</summary>
    /// <returns>The exit code, see <see cref="ExitCode"/>.</returns>
    internal static async Task<int> RunAsync(string[] args, RuleSet<EndpointEvent> rules, InvocationConfiguration configuration, CancellationToken cancellation)
    {
        var root = new RootCommand("Runs EQL rules, compiled to C#, over events with call stacks.")
        {
            RunCommand.Create(rules),
            ReplayCommand.Create(rules),
            DemoCommand.Create(rules),
            RulesCommand.Create(rules),
            ExplainCommand.Create(rules),
            CheckCommand.Create(),
            ImportCommand.Create(),
            ServiceCommand.Create(),
        };
        root.Options.OfType<HelpOption>().Single().Action = new HelpWithExitCodes(new HelpAction());

        ParseResult result = root.Parse(args);
        // A failure nobody expected must not end with 1, which means findings.
        configuration.EnableDefaultExceptionHandler = false;
        if (result.Action is not ParseErrorAction)
            return await result.InvokeAsync(configuration, cancellation);

        // Not by the action itself: it writes help to standard output, which may belong to a program.
        foreach (ParseError mistake in result.Errors)
            await configuration.Error.WriteLineAsync(mistake.Message);
        await configuration.Error.WriteLineAsync("See --help.");
        return ExitCode.BadUsage;
    }
}
