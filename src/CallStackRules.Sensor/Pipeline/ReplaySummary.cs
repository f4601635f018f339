using System.Text.Json;
using CallStackRules.Capture.Sources;

namespace CallStackRules.Sensor.Pipeline;

/// <summary>What a replay or a live run came to.</summary>
/// <param name="Source">What was read, what was not used and why.</param>
/// <param name="Alerts">Alerts by rule.</param>
/// <param name="Elapsed">Time from the first event to the last, alerts written.</param>
/// <param name="BytesPerEvent">Bytes allocated per used event by reading and matching, see <see cref="AllocationMeter"/>; alerts are not included.</param>
/// <param name="EvictedMatches">Pending matches that were given up because a rule had too many.</param>
/// <param name="EvictedProcesses">Processes whose ancestry was forgotten because there were too many.</param>
/// <param name="IsStopped">Whether it was stopped before the end.</param>
internal sealed record ReplaySummary(
    SourceStatistics Source, AlertTally Alerts, TimeSpan Elapsed, double BytesPerEvent, long EvictedMatches, long EvictedProcesses, bool IsStopped)
{
    /// <summary>What capture counted; null for a recording that does not tell.</summary>
    public CaptureStatistics? Capture { get; init; }

    /// <summary>Programs that were refused.</summary>
    public long Denied { get; init; }

    /// <summary>How long programs were held; null for a recording.</summary>
    public VerdictTimes? Waits { get; init; }

    /// <summary>Processes that were ended.</summary>
    public long Responses { get; init; }

    /// <summary>What outputs did not take; null for a replay.</summary>
    public OutputLosses? Outputs { get; init; }

    /// <summary>Writes <c>{"summary":{...}}</c>; what was given up or forgotten only when something was.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("summary");
        json.WriteNumber("events", Source.Events);
        json.WriteNumber("used", Source.Used);
        Write(json, "unused", Source.Unused);
        if (Source.FieldProblems.Count > 0)
            Write(json, "fieldProblems", Source.FieldProblems);
        if (Source.Kinds is { } kinds)
        {
            json.WriteStartObject("kinds");
            foreach ((string kind, long count) in kinds)
                json.WriteNumber(kind, count);
            json.WriteEndObject();
        }
        json.WriteNumber("alerts", Alerts.Total);
        json.WriteStartObject("rules");
        foreach ((AlertedRule rule, long count) in Alerts.ByRule)
            json.WriteNumber(rule.Id, count);
        json.WriteEndObject();
        if (EvictedMatches > 0)
            json.WriteNumber("evictedMatches", EvictedMatches);
        if (EvictedProcesses > 0)
            json.WriteNumber("evictedProcesses", EvictedProcesses);
        if (Denied > 0)
            json.WriteNumber("denied", Denied);
        if (Waits is { Count: > 0 } waits)
            Write(json, waits);
        if (Responses > 0)
            json.WriteNumber("responses", Responses);
        if (Outputs is { AlertsDropped: > 0 })
            json.WriteNumber("alertsDropped", Outputs.AlertsDropped);
        if (Outputs is { AlertsFailed: > 0 })
            json.WriteNumber("alertsFailed", Outputs.AlertsFailed);
        if (Outputs is { EventsNotRecorded: > 0 })
            json.WriteNumber("eventsNotRecorded", Outputs.EventsNotRecorded);
        if (Capture is { } capture)
            Write(json, capture);
        json.WriteNumber("seconds", Math.Round(Elapsed.TotalSeconds, 3));
        json.WriteNumber("bytesPerEvent", Math.Round(BytesPerEvent, 1));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, long> counts)
    {
        json.WriteStartObject(name);
        foreach ((string reason, long count) in counts.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            json.WriteNumber(reason, count);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, VerdictTimes waits)
    {
        json.WriteStartObject("held");
        json.WriteNumber("programs", waits.Count);
        json.WriteNumber("medianMicroseconds", Math.Round(waits.Quantile(0.5)));
        json.WriteNumber("p99Microseconds", Math.Round(waits.Quantile(0.99)));
        json.WriteNumber("longestMicroseconds", Math.Round(waits.Longest));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CaptureStatistics capture)
    {
        json.WriteStartObject("capture");
        if (capture.IsBestEffort)
            json.WriteBoolean("bestEffort", true);
        json.WriteNumber("lostByKernel", capture.LostByKernel);
        json.WriteNumber("lostModelRecords", capture.LostModelRecords);
        json.WriteNumber("shed", capture.Shed);
        json.WriteNumber("badRecords", capture.BadRecords);
        json.WriteNumber("stacksComplete", capture.StacksComplete);
        json.WriteNumber("stacksTruncated", capture.StacksTruncated);
        json.WriteNumber("stacksBroken", capture.StacksBroken);
        json.WriteNumber("stacksMissing", capture.StacksMissing);
        json.WriteNumber("stacksUnmatched", capture.StacksUnmatched);
        json.WriteNumber("framesUncertain", capture.FramesUncertain);
        json.WriteNumber("textsMissing", capture.TextsMissing);
        json.WriteNumber("unknownProcesses", capture.UnknownProcesses);
        if (capture.HasHashes)
            WriteHashes(json, capture);
        json.WriteEndObject();
    }

    private static void WriteHashes(Utf8JsonWriter json, CaptureStatistics capture)
    {
        json.WriteStartObject("hashes");
        json.WriteNumber("computed", capture.HashesComputed);
        json.WriteNumber("known", capture.HashesKnown);
        json.WriteNumber("refused", capture.HashesRefused);
        json.WriteNumber("late", capture.HashesLate);
        json.WriteNumber("forgotten", capture.HashesForgotten);
        json.WriteEndObject();
    }
}
