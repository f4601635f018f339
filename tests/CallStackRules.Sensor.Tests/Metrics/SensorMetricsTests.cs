using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using CallStackRules.Capture.Sources;
using CallStackRules.Rules;
using CallStackRules.Sensor.Alerts;
using CallStackRules.Sensor.Metrics;
using CallStackRules.Sensor.Pipeline;
using CallStackRules.Sensor.Responses;
using CallStackRules.Sensor.Tests.Pipeline;

namespace CallStackRules.Sensor.Tests.Metrics;

public sealed class SensorMetricsTests
{
    private const int Events = 2 * RuleTimes.SampledOf;

    [Fact]
    public void Every_number_of_the_document_is_published_and_no_other()
    {
        string[] documented = [.. File.ReadLines(Path.Combine(Repository.Root, "docs/metrics.md"))
            .Where(static line => line.StartsWith("| `callstackrules.", StringComparison.Ordinal))
            .Select(static line => line.Split('`')[1])];

        List<string> published = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == SensorMetrics.MeterName)
                published.Add(instrument.Name);
        };
        using var queue = new AlertQueue([]);
        using var renderer = new AlertRenderer(null);
        using var metrics = new SensorMetrics(Run(new ScriptedSource(0), queue, renderer), queue, static () => 0);
        listener.Start();

        Assert.Equal(documented.Order(StringComparer.Ordinal), published.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_listener_reads_what_was_counted()
    {
        using var source = new ScriptedSource(Events);
        source.Capture.LostByKernel = 3;
        source.Capture.StacksBroken = 5;
        using var queue = new AlertQueue([]);
        using var renderer = new AlertRenderer(null);
        LiveRun run = Run(source, queue, renderer);
        using var metrics = new SensorMetrics(run, queue, static () => 9);
        run.Run(CancellationToken.None);

        Dictionary<string, double> numbers = Read();

        Assert.Equal(Events, numbers["callstackrules.events"]);
        Assert.Equal(Events, numbers["callstackrules.matches"]);
        Assert.Equal(3, numbers["callstackrules.events.lost"]);
        Assert.Equal(5, numbers["callstackrules.stacks end=broken"]);
        Assert.Equal(9, numbers["callstackrules.exports.failed"]);
        Assert.Equal(2, numbers[$"callstackrules.rule.samples rule.id={TestRules.StartInfo.Id} rule.name={TestRules.StartInfo.Name}"]);
        Assert.True(numbers[$"callstackrules.rule.time rule.id={TestRules.StartInfo.Id} rule.name={TestRules.StartInfo.Name}"] >= 0);
        Assert.True(numbers["callstackrules.memory"] > 0);
    }

    [Fact]
    public async Task A_collector_gets_alerts_and_metrics()
    {
        using var collector = new HttpListener();
        string address = $"http://127.0.0.1:{FreePort()}/";
        collector.Prefixes.Add(address);
        collector.Start();
        var received = new Dictionary<string, string>();
        Task serving = Task.Run(async () =>
        {
            while (received.Count < 2)
            {
                HttpListenerContext request = await collector.GetContextAsync();
                using var body = new MemoryStream();
                await request.Request.InputStream.CopyToAsync(body);
                received[request.Request.Url!.AbsolutePath] = Encoding.Latin1.GetString(body.ToArray());
                request.Response.Close();
            }
        });
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        using (var export = new OtlpExport(new Uri(address)))
        {
            using var queue = new AlertQueue([]);
            using var renderer = new AlertRenderer(null);
            using var metrics = new SensorMetrics(Run(new ScriptedSource(0), queue, renderer), queue, static () => 0);
            export.Write(new Alert(new AlertedRule("id-1", "Something happened", RuleSeverity.High), "{\"n\":1}", null));
        }
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", null);
        await serving.WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Contains("Something happened", received["/v1/logs"], StringComparison.Ordinal);
        Assert.Contains("{\"n\":1}", received["/v1/logs"], StringComparison.Ordinal);
        Assert.Contains("callstackrules", received["/v1/metrics"], StringComparison.Ordinal);
    }

    [Fact]
    public void Exports_that_nobody_takes_are_counted()
    {
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        var export = new OtlpExport(new Uri($"http://127.0.0.1:{FreePort()}/"));
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", null);
        export.Write(new Alert(new AlertedRule("id-1", "Something happened", RuleSeverity.High), "{}", null));

        export.Dispose();

        Assert.True(export.Failures > 0);
    }

    private static LiveRun Run(ILiveSource source, AlertQueue queue, AlertRenderer renderer) => new(source, new ActiveRules([], new TestRules(), liveSystem: "windows"))
    {
        Renderer = renderer,
        Alerts = queue,
        Protected = new ProtectedProcesses(),
        Report = static _ => { },
    };

    private static Dictionary<string, double> Read()
    {
        var numbers = new Dictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, self) =>
        {
            if (instrument.Meter.Name == SensorMetrics.MeterName)
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => numbers[NameOf(instrument, tags)] = value);
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => numbers[NameOf(instrument, tags)] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return numbers;
    }

    private static string NameOf(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string name = instrument.Name;
        foreach ((string key, object? value) in tags)
            name += $" {key}={value}";
        return name;
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
