using System.Diagnostics.Tracing;

namespace CallStackRules.Sensor.Metrics;

/// <summary>Counts what the exporter of OpenTelemetry complains of. It tells nobody else: an export that fails is no exception.</summary>
internal sealed class ExportFailures : EventListener
{
    private const string Exporter = "OpenTelemetry-Exporter-OpenTelemetryProtocol";

    private long _count;

    /// <summary>Complaints so far.</summary>
    public long Count => Interlocked.Read(ref _count);

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Exporter)
            EnableEvents(eventSource, EventLevel.Warning);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventSource.Name == Exporter)
            Interlocked.Increment(ref _count);
    }
}
