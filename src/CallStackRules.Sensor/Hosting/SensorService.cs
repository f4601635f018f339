using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Recordings;
using CallStackRules.Sensor.Alerts;
using CallStackRules.Sensor.Metrics;
using CallStackRules.Sensor.Output;
using CallStackRules.Sensor.Pipeline;
using CallStackRules.Sensor.Responses;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Spectre.Console;

namespace CallStackRules.Sensor.Hosting;

/// <summary>The live run as a service: it has started when everything that happens is seen, and has stopped when all that was seen is read and the summary is written.</summary>
/// <param name="options">What the operator asks for.</param>
/// <param name="rules">The rules.</param>
/// <param name="output">Standard output.</param>
/// <param name="error">Standard error.</param>
/// <param name="lifetime">Ends the program when the run fails.</param>
/// <param name="notifier">Tells systemd; null when it did not start us.</param>
internal sealed class SensorService(
    SensorOptions options, ActiveRules rules, TextWriter output, TextWriter error, IHostApplicationLifetime lifetime, ISystemdNotifier? notifier) : IHostedService, IDisposable
{
    /// <summary>How long the thread that reads events may be silent while it is waited for: beyond, it hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stack<IDisposable> _held = new();
    private LiveRun? _run;

    /// <inheritdoc/>
    /// <exception cref="CaptureException">The system refuses.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be written.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        string system = LiveSources.OperatingSystem;
        CaptureNeeds needs = options.CapturesAll ? CaptureNeeds.All : CaptureNeeds.Of(rules.Infos, system);
        string? trace = options.Record is { } record && LiveSources.IsTrace(record) ? record : null;
        ILiveSource source = Hold(LiveSources.Open(needs, options.Prevents, trace));
        RecordingWriter? recording = options.Record is null || trace is not null ? null : Hold(new RecordingWriter(options.Record));
        OtlpExport? export = options.Exports ? new OtlpExport(options.Collector) : null;
        IAnsiConsole console = Terminal.Open(output);
        AlertQueue alerts = Hold(new AlertQueue([.. Outputs(export)]));
        AlertRenderer renderer = Hold(new AlertRenderer(options.IsJson ? null : console));
        var protectedProcesses = new ProtectedProcesses();
        var run = new LiveRun(source, rules)
        {
            Renderer = renderer,
            Alerts = alerts,
            Protected = protectedProcesses,
            Responder = options.Responds
                ? new Responder(protectedProcesses, options.IsDryRun, response => alerts.Add(renderer.Render(response)), TimeProvider.System)
                : null,
            IsDryRun = options.IsDryRun,
            Recording = recording,
            Budget = options.CpuBudget is { } percent ? new CpuBudget(percent, source, TimeProvider.System, static () => Environment.CpuUsage.TotalTime, Report) : null,
            Report = Report,
        };
        Hold(new SensorMetrics(run, alerts, () => export?.Failures ?? 0));
        run.WarmUp();
        source.Start();
        error.WriteLine("ready");
        if (source.Weakness is { } weakness)
            Report(weakness);
        if (source.Missing.Count > 0)
            Report($"This system does not tell of {string.Join(", ", source.Missing)}; all else is captured.");
        Hold(new ServiceWatchdog(notifier, () => run.LastLook));
        _run = run;
        new Thread(() => Run(run, console)) { Name = "events", IsBackground = true }.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    /// <exception cref="TimeoutException">The thread that reads events hangs.</exception>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        while (await Task.WhenAny(_ended.Task, Task.Delay(Patience / 10, CancellationToken.None)) != _ended.Task)
        {
            if (_run is not { } run || Environment.TickCount64 - run.LastLook <= Patience.TotalMilliseconds)
                continue;
            // What it may use is left to the end of the process.
            _held.Clear();
            throw new TimeoutException("The thread that reads events hangs. The sensor ends without it; the summary is left out.");
        }
        await _ended.Task;
    }

    public void Dispose()
    {
        while (_held.TryPop(out IDisposable? held))
            held.Dispose();
        _stop.Dispose();
    }

    private void Run(LiveRun run, IAnsiConsole console)
    {
        try
        {
            ReplaySummary summary = run.Run(_stop.Token);
            // All alerts come before the summary, and what the disk or a collector did not take is known then.
            run.Recording?.Dispose();
            run.Alerts.Dispose();
            if (run.Alerts.IsStuck)
                Report($"An output hangs; {run.Alerts.Dropped} alerts were not written, and the summary is left out.");
            else
                Write(summary with { Outputs = OutputLosses.Of(run) }, console);
            _ended.SetResult();
        }
        catch (Exception e)
        {
            // The service ends with it, and the command says it.
            _ended.SetException(e);
        }
        lifetime.StopApplication();
    }

    private void Write(ReplaySummary summary, IAnsiConsole console)
    {
        if (options.IsJson)
        {
            using var lines = new JsonLines(output);
            summary.WriteTo(lines.Json);
            lines.EndLine();
        }
        else
        {
            SummaryView.Write(console, summary);
        }
        output.Flush();
    }

    private IEnumerable<IAlertOutput> Outputs(OtlpExport? export)
    {
        yield return new ConsoleOutput(output, options.IsJson);
        if (options.Output is not null)
            yield return new AlertFile(options.Output);
        if (export is not null)
            yield return export;
    }

    private void Report(string message) => error.WriteLine(PrintableText.Of(message));

    private T Hold<T>(T held)
        where T : IDisposable
    {
        _held.Push(held);
        return held;
    }
}
