using System.CommandLine;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Ecs;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sensor.Alerts;
using CallStackRules.Sensor.Output;
using CallStackRules.Sensor.Pipeline;
using Spectre.Console;

namespace CallStackRules.Sensor.Commands;

/// <summary><c>replay FILE...</c>: runs the rules over recordings.</summary>
internal static class ReplayCommand
{
    /// <summary>The argument of <c>--events</c> that means standard output.</summary>
    private const string StandardOutput = "-";

    public static Command Create(RuleSet<EndpointEvent> builtIn)
    {
        var files = new Argument<string[]>("FILE")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "Recordings, read one after the other as one stream: of 'run --record', logs, traces, or lines, plain or compressed.",
        };
        Option<string[]> rules = RulesOption.Create();
        var format = new Option<RecordingFormat?>("--format")
        {
            Description = "What the files are: recordings of 'run', Sysmon records or events of the Elastic Common Schema as JSON lines, logs of Process Monitor, or traces of ETW. Without it, told from the beginning of the first.",
        };
        format.AcceptOnlyFromAmong("sensor", "sysmon", "ecs", "procmon", "etw");
        var json = new Option<bool>("--json")
        {
            Description = "Print NDJSON only: an alert a line, then {\"summary\":{...}}. Its 'bytesPerEvent' is what reading and matching allocate per used " +
                $"event once they are warm: behind the first quarter to half, at least {AllocationMeter.WarmUpEvents} events; writing is not included.",
        };
        var failOn = new Option<RuleSeverity?>("--fail-on") { Description = "End with exit code 1 when there was an alert of this severity or above." };
        failOn.AcceptOnlyFromAmong("low", "medium", "high", "critical");
        Option<int> maxPending = MaxPendingOption.Create();
        var events = new Option<string?>("--events") { HelpName = "FILE|-", Description = "Write every event as NDJSON to a file, or with - to standard output." };
        var stacks = new Option<EventStacks>("--event-stacks") { Description = "Whether --events includes call stacks, which make most of its size. Default: never." };
        stacks.AcceptOnlyFromAmong("always", "never");

        var command = new Command("replay", "Run the rules over recordings and print alerts.") { files, rules, format, json, failOn, maxPending, events, stacks };
        command.SetAction((result, cancellation) =>
        {
            var options = new Options(
                result.GetRequiredValue(files), result.GetValue(rules) ?? [], result.GetValue(format), result.GetValue(json), result.GetValue(failOn), result.GetValue(maxPending),
                result.GetValue(events), result.GetValue(stacks));
            // On another thread, so that Ctrl-C is listened for meanwhile.
            return Task.Run(() => Run(builtIn, options, result.InvocationConfiguration, cancellation), CancellationToken.None);
        });
        return command;
    }

    private static int Run(RuleSet<EndpointEvent> builtIn, Options options, InvocationConfiguration configuration, CancellationToken cancellation)
    {
        TextWriter error = configuration.Error;
        if (options.EventFile is { } target && options.Files.Any(file => Path.GetFullPath(file) == Path.GetFullPath(target)))
        {
            error.WriteLine("--events would overwrite a recording that is to be read; name another file.");
            return ExitCode.BadUsage;
        }
        if (RulesOption.TryOpen(options.Rules, builtIn, error, options.MaxPending) is not { } rules)
            return ExitCode.BadInput;
        try
        {
            using Recording recording = Recording.Open(options.Format, options.Files);
            using StreamWriter? eventFile = options.EventFile is null or StandardOutput ? null : new StreamWriter(options.EventFile);
            ReplaySummary summary = Run(recording, rules, options, configuration.Output, error, eventFile, cancellation);
            WriteWarnings(summary.Source, error);
            return Judge(summary, options.FailOn);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            error.WriteLine(PrintableText.Of(e.Message));
            return ExitCode.BadInput;
        }
    }

    private static ReplaySummary Run(
        Recording recording, ActiveRules rules, Options options, TextWriter output, TextWriter error, StreamWriter? eventFile, CancellationToken cancellation)
    {
        // What people read makes room for events on standard output.
        IAnsiConsole console = Terminal.Open(options.EventFile == StandardOutput ? error : output);
        using var alertLines = new JsonLines(output);
        using var eventLines = new JsonLines(eventFile ?? output);
        var alertWriter = new AlertJsonWriter(alertLines);
        var alertView = new AlertView(console);
        var eventWriter = new EcsWriter { WritesCallStacks = options.EventStacks == EventStacks.Always };

        ReplaySummary summary = ProgressBar.Watch(Watcher(options, console, error), recording.Source.Statistics.TotalBytes, showProgress =>
        {
            var replay = new Replay(recording, rules)
            {
                WriteAlert = options.IsJson ? alertWriter.Write : alertView.Write,
                WriteStepsAlert = options.IsJson ? alertWriter.Write : alertView.Write,
                WriteEvent = options.EventFile is null ? null : WriteEvent,
                ShowProgress = showProgress,
                ReportRules = message => error.WriteLine(PrintableText.Of(message)),
            };
            return replay.Run(cancellation);
        });

        if (options.IsJson)
        {
            summary.WriteTo(alertLines.Json);
            alertLines.EndLine();
        }
        else
        {
            SummaryView.Write(console, summary);
        }
        return summary;

        void WriteEvent(EndpointEvent e)
        {
            eventWriter.Write(eventLines.Json, e);
            eventLines.EndLine();
        }
    }

    /// <summary>The terminal that can show progress without getting between lines for a program; null when there is none.</summary>
    private static IAnsiConsole? Watcher(Options options, IAnsiConsole console, TextWriter error)
    {
        bool hasJson = options.IsJson || options.EventFile == StandardOutput;
        if (console.Profile.Out.IsTerminal)
            return hasJson ? null : console;
        IAnsiConsole errorConsole = Terminal.Open(error);
        return errorConsole.Profile.Out.IsTerminal ? errorConsole : null;
    }

    private static void WriteWarnings(SourceStatistics statistics, TextWriter error)
    {
        foreach (string warning in statistics.Warnings)
            error.WriteLine(PrintableText.Of(warning));
        if (statistics.WarningsLeftOut > 0)
            error.WriteLine($"{statistics.WarningsLeftOut} more such messages left out.");
    }

    private static int Judge(ReplaySummary summary, RuleSeverity? failOn)
    {
        if (summary.IsStopped)
            return ExitCode.Stopped;
        if (summary.Source is { Used: 0, Events: > 0 })
            return ExitCode.BadInput;
        return failOn is { } least && summary.Alerts.Worst >= least ? ExitCode.Findings : ExitCode.Ok;
    }

    private sealed record Options(
        IReadOnlyList<string> Files, string[] Rules, RecordingFormat? Format, bool IsJson, RuleSeverity? FailOn, int MaxPending, string? EventFile, EventStacks EventStacks);

    private enum EventStacks
    {
        Never,
        Always,
    }
}
