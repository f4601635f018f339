using System.Text.Json;
using CallStackRules.Capture.Sources;

namespace CallStackRules.Sensor.Pipeline;

/// <summary>What a replay came to.</summary>
/// <param name="Source">What was read, what was not used and why.</param>
/// <param name="Alerts">Alerts by rule.</param>
/// <param name="Elapsed">Time from the first event to the last, alerts written.</param>
/// <param name="BytesPerEvent">Bytes allocated per used event by reading and matching, see <see cref="Replay.WarmUpEvents"/>; alerts are not included.</param>
/// <param name="EvictedMatches">Pending matches that were given up because a rule had too many.</param>
/// <param name="EvictedProcesses">Processes whose ancestry was forgotten because there were too many.</param>
/// <param name="IsStopped">Whether it was stopped before the end.</param>
internal sealed record ReplaySummary(
    SourceStatistics Source, AlertTally Alerts, TimeSpan Elapsed, double BytesPerEvent, long EvictedMatches, long EvictedProcesses, bool IsStopped)
{
    /// <summary>Writes <c>{"summary":{...}}</c>; what was given up or forgotten only when something was.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("summary");
        json.WriteNumber("events", Source.Events);
        json.WriteNumber("used", Source.Used);
        json.WriteStartObject("unused");
        foreach ((string reason, long count) in Source.Unused.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            json.WriteNumber(reason, count);
        json.WriteEndObject();
        json.WriteNumber("alerts", Alerts.Total);
        json.WriteStartObject("rules");
        foreach ((AlertedRule rule, long count) in Alerts.ByRule)
            json.WriteNumber(rule.Id, count);
        json.WriteEndObject();
        if (EvictedMatches > 0)
            json.WriteNumber("evictedMatches", EvictedMatches);
        if (EvictedProcesses > 0)
            json.WriteNumber("evictedProcesses", EvictedProcesses);
        json.WriteNumber("seconds", Math.Round(Elapsed.TotalSeconds, 3));
        json.WriteNumber("bytesPerEvent", Math.Round(BytesPerEvent, 1));
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
