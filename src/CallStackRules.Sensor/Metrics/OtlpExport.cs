using CallStackRules.Rules;
using CallStackRules.Sensor.Alerts;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace CallStackRules.Sensor.Metrics;

/// <summary>
/// Sends alerts as log records, and the sensor's metrics, to a collector by the OpenTelemetry protocol. The packages of OpenTelemetry do so in batches on threads of their own;
/// the environment variables <c>OTEL_EXPORTER_OTLP_*</c> count.
/// </summary>
internal sealed class OtlpExport : IAlertOutput
{
    private readonly ExportFailures _failures = new();
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly MeterProvider _metrics;

    /// <summary>Begins to send.</summary>
    /// <param name="endpoint">The collector; null: as the environment says.</param>
    public OtlpExport(Uri? endpoint)
    {
        ResourceBuilder resource = ResourceBuilder.CreateDefault().AddService("callstackrules");
        _loggers = LoggerFactory.Create(builder => builder.AddOpenTelemetry(options =>
        {
            options.SetResourceBuilder(resource);
            options.IncludeFormattedMessage = true;
            options.AddOtlpExporter(exporter => SetEndpoint(exporter, endpoint, "logs"));
        }));
        _logger = _loggers.CreateLogger(SensorMetrics.MeterName);
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(SensorMetrics.MeterName)
            .AddOtlpExporter(exporter => SetEndpoint(exporter, endpoint, "metrics"))
            .Build();
    }

    /// <summary>Exports that failed.</summary>
    public long Failures => _failures.Count;

    /// <summary>Whether the environment names a collector.</summary>
    public static bool IsAskedFor =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"));

    /// <inheritdoc/>
    public void Write(Alert alert)
    {
        LogLevel level = alert.IsResponse ? LogLevel.Information : alert.Rule.Severity switch
        {
            RuleSeverity.Critical => LogLevel.Critical,
            RuleSeverity.High => LogLevel.Error,
            RuleSeverity.Medium => LogLevel.Warning,
            _ => LogLevel.Information,
        };
        KeyValuePair<string, object?>[] attributes =
        [
            new("event.kind", alert.IsResponse ? "event" : "alert"),
            new("rule.id", alert.Rule.Id),
            new("rule.name", alert.Rule.Name),
            new("rule.severity", alert.Rule.Severity.ToString().ToLowerInvariant()),
        ];
        _logger.Log(level, default, attributes, exception: null, (_, _) => alert.Json);
    }

    /// <summary>Sends what is left, for as long as the packages wait.</summary>
    public void Dispose()
    {
        _loggers.Dispose();
        _metrics.Dispose();
        _failures.Dispose();
    }

    /// <summary>With HTTP each signal has a path of its own, which is not appended to an endpoint that is set here.</summary>
    private static void SetEndpoint(OtlpExporterOptions options, Uri? endpoint, string signal)
    {
        if (endpoint is null)
            return;
        options.Endpoint = options.Protocol == OtlpExportProtocol.HttpProtobuf ? new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/v1/{signal}") : endpoint;
    }
}
