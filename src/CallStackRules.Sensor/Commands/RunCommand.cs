using System.CommandLine;
using System.Globalization;
using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Sources;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sensor.Hosting;
using CallStackRules.Sensor.Metrics;
using CallStackRules.Sensor.Output;
using CallStackRules.Sensor.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;

namespace CallStackRules.Sensor.Commands;

/// <summary><c>run</c>: runs the rules over what happens on this machine.</summary>
internal static class RunCommand
{
    public static Command Create(RuleSet<EndpointEvent> builtIn)
    {
        Option<string[]> rules = RulesOption.Create();
        var json = new Option<bool>("--json") { Description = "Print NDJSON only: an alert a line as it happens, then {\"summary\":{...}} at the end." };
        var output = new Option<string?>("--output")
        {
            HelpName = "FILE",
            Description = "Append alerts to a file as NDJSON, besides printing them. It is opened for each, so it can be rotated at any time; SIGHUP does no harm.",
        };
        var otlp = new Option<Uri?>("--otlp")
        {
            HelpName = "ENDPOINT",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = static result => ParseEndpoint(result),
            Description = "Send alerts and metrics to a collector by the OpenTelemetry protocol, such as http://localhost:4317. Without an endpoint, or without the option, as "
                + "OTEL_EXPORTER_OTLP_ENDPOINT says.",
        };
        var record = new Option<string?>("--record")
        {
            HelpName = "FILE",
            Description = "Write every event with its call stack to a recording that 'replay' reads. On Windows a FILE.etl is the trace itself, with the answers of the system in "
                + $"FILE.etl{FactRecorder.Extension}.",
        };
        record.Validators.Add(static result =>
        {
            if (result.Tokens is [{ Value: var file }] && LiveSources.IsTrace(file) && !OperatingSystem.IsWindows())
                result.AddError("--record: only Windows writes traces (.etl); give the recording another name.");
        });
        var all = new Option<bool>("--all-events") { Description = "Capture every kind of event, whether or not a rule needs it; for recordings that other rules shall read." };
        var budget = new Option<double?>("--cpu-budget")
        {
            HelpName = "PERCENT",
            Description = "Leave out the least valuable events when the sensor takes more than this share of one processor over some seconds: first files opened to be read, then all "
                + "other files, then connections; processes and memory never.",
        };
        budget.Validators.Add(static result =>
        {
            // What is no number at all is the parser's to say.
            if (result.Tokens is [{ Value: var text }] && double.TryParse(text, CultureInfo.InvariantCulture, out double percent) && !(percent > 0 && percent <= 10_000))
                result.AddError("--cpu-budget must be a share of one processor in percent, above 0.");
        });
        Option<int> maxPending = MaxPendingOption.Create();
        var prevent = new Option<bool>("--prevent")
        {
            Description = "Hold every program that is about to run until the rules have seen the call stack of who asks for it, and refuse it (EPERM) where a rule with "
                + "'@action deny' matches. Off by default. When the sensor ends or stalls, everything runs.",
        };
        var respond = new Option<bool>("--respond") { Description = "End processes where a rule with '@action kill_process' matches. Off by default." };
        var dryRun = new Option<bool>("--dry-run") { Description = "With --prevent and --respond: only say, among the alerts, what would be refused or ended." };
        var command = new Command("run", "Run the rules over what happens on this machine until stopped by Ctrl-C or SIGTERM (Linux as root, Windows as administrator).")
        {
            rules, json, output, otlp, record, all, budget, maxPending, prevent, respond, dryRun,
        };
        command.SetAction((result, cancellation) =>
        {
            var options = new SensorOptions
            {
                Rules = result.GetValue(rules) ?? [],
                IsJson = result.GetValue(json),
                Output = result.GetValue(output),
                Exports = result.GetResult(otlp) is not null || OtlpExport.IsAskedFor,
                Collector = result.GetValue(otlp),
                Record = result.GetValue(record),
                CapturesAll = result.GetValue(all),
                CpuBudget = result.GetValue(budget),
                MaxPending = result.GetValue(maxPending),
                Prevents = result.GetValue(prevent),
                Responds = result.GetValue(respond),
                IsDryRun = result.GetValue(dryRun),
            };
            return RunAsync(builtIn, options, result.InvocationConfiguration, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(RuleSet<EndpointEvent> builtIn, SensorOptions options, InvocationConfiguration configuration, CancellationToken cancellation)
    {
        TextWriter error = configuration.Error;
        if (RulesOption.TryOpen([.. options.Rules], builtIn, error, options.MaxPending, LiveSources.OperatingSystem) is not { } rules)
            return ExitCode.BadInput;
        try
        {
            await SensorHost.RunAsync(
                services => new SensorService(
                    options, rules, configuration.Output, error, services.GetRequiredService<IHostApplicationLifetime>(), services.GetService<ISystemdNotifier>()),
                cancellation);
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
        catch (TimeoutException e)
        {
            error.WriteLine(PrintableText.Of(e.Message));
            return ExitCode.Hung;
        }
    }

    private static Uri? ParseEndpoint(System.CommandLine.Parsing.ArgumentResult result)
    {
        if (result.Tokens.Count == 0)
            return null;
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? endpoint) && endpoint is { Scheme: "http" or "https" })
            return endpoint;
        result.AddError($"--otlp: '{result.Tokens[0].Value}' is no address such as http://localhost:4317.");
        return null;
    }
}
