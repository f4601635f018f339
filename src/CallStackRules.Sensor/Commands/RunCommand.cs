using System.CommandLine;
using System.IO.Compression;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Ecs;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sensor.Alerts;
using CallStackRules.Sensor.Output;
using CallStackRules.Sensor.Pipeline;
using CallStackRules.Sensor.Responses;
using CallStackRules.Sequences;
using Spectre.Console;

namespace CallStackRules.Sensor.Commands;

/// <summary><c>run</c>: runs the rules over what happens on this machine.</summary>
internal static class RunCommand
{
    public static Command Create(RuleSet<EndpointEvent> builtIn)
    {
        Option<string[]> rules = RulesOption.Create();
        var json = new Option<bool>("--json") { Description = "Print NDJSON only: an alert a line as it happens, then {\"summary\":{...}} at the end." };
        var record = new Option<string?>("--record")
        {
            HelpName = "FILE",
            Description = "Write every event with its call stack to a file that 'replay' reads: NDJSON of the Elastic Common Schema, compressed with gzip.",
        };
        var all = new Option<bool>("--all-events") { Description = "Capture every kind of event, whether or not a rule needs it; for recordings that other rules shall read." };
        var prevent = new Option<bool>("--prevent")
        {
            Description = "Hold every program that is about to run until the rules have seen the call stack of who asks for it, and refuse it (EPERM) where a rule with "
                + "'@action deny' matches. Off by default. When the sensor ends or stalls, everything runs.",
        };
        var respond = new Option<bool>("--respond")
        {
            Description = "End processes where a rule with '@action kill_process' matches, and say so on standard error. Off by default.",
        };
        var command = new Command("run", "Run the rules over what happens on this machine until stopped by Ctrl-C or SIGTERM (Linux, as root).") 
        {
            rules, json, record, all, prevent, respond,
        };
        command.SetAction((result, cancellation) =>
        {
            var options = new Options(result.GetValue(rules) ?? [], result.GetValue(json), result.GetValue(record), result.GetValue(all), result.GetValue(prevent), result.GetValue(respond));
            return Task.Run(() => Run(builtIn, options, result.InvocationConfiguration, cancellation), CancellationToken.None);
        });
        return command;
    }

    private static int Run(RuleSet<EndpointEvent> builtIn, Options options, InvocationConfiguration configuration, CancellationToken cancellation)
    {
        TextWriter error = configuration.Error;
        if (RulesOption.TryOpen(options.Rules, builtIn, error, StepsMatcher<EndpointEvent>.DefaultCapacity) is not { } rules)
            return ExitCode.BadInput;
        string system = LiveSources.OperatingSystem;
        CaptureNeeds needs = options.CapturesAll ? CaptureNeeds.All : CaptureNeeds.Of(rules.Sets.SelectMany(AllInfos), system);
        try
        {
            using ILiveSource source = LiveSources.Open(needs, options.Prevents);
            using Stream? recordFile = options.Record is null ? null : new GZipStream(File.Create(options.Record), CompressionLevel.Fastest);
            source.Start();
            error.WriteLine("ready");
            if (source.Missing.Count > 0)
                error.WriteLine($"This system does not tell of {string.Join(", ", source.Missing)}; all else is captured.");
            Run(source, rules, system, options, configuration.Output, error, recordFile, cancellation);
            return ExitCode.Ok;
        }
        catch (CaptureException e)
        {
            error.WriteLine(PrintableText.Of(e.Message));
            return ExitCode.NoCapture;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine(PrintableText.Of(e.Message));
            return ExitCode.BadInput;
        }
    }

    private static void Run(
        ILiveSource source, ActiveRules rules, string system, Options options, TextWriter output, TextWriter error, Stream? recordFile, CancellationToken cancellation)
    {
        IAnsiConsole console = Terminal.Open(output);
        using var alertLines = new JsonLines(output);
        using StreamWriter? recordWriter = recordFile is null ? null : new StreamWriter(recordFile, bufferSize: 64 * 1024);
        using JsonLines? recordLines = recordWriter is null ? null : new JsonLines(recordWriter);
        var alertWriter = new AlertJsonWriter(alertLines);
        var alertView = new AlertView(console);
        var eventWriter = new EcsWriter { WritesCallStacks = true };
        var run = new LiveRun(source, rules, system)
        {
            WriteAlert = options.IsJson ? alertWriter.Write : alertView.Write,
            WriteStepsAlert = options.IsJson ? alertWriter.Write : alertView.Write,
            WriteEvent = recordLines is null ? null : WriteEvent,
            Responder = options.Responds ? new Responder(message => error.WriteLine(PrintableText.Of(message))) : null,
            ReportDenial = message => error.WriteLine(PrintableText.Of(message)),
            ReportRules = message => error.WriteLine(PrintableText.Of(message)),
        };
        ReplaySummary summary = run.Run(cancellation);
        if (options.IsJson)
        {
            summary.WriteTo(alertLines.Json);
            alertLines.EndLine();
        }
        else
        {
            SummaryView.Write(console, summary);
        }

        void WriteEvent(EndpointEvent e)
        {
            eventWriter.Write(recordLines!.Json, e);
            recordLines.EndLine();
        }
    }

    private static IEnumerable<RuleInfo> AllInfos(RuleSet<EndpointEvent> rules) =>
        rules.Rules.Select(static rule => rule.Info).Concat(rules.StepsRules.Select(static rule => rule.Info));

    private sealed record Options(string[] Rules, bool IsJson, string? Record, bool CapturesAll, bool Prevents, bool Responds);
}
