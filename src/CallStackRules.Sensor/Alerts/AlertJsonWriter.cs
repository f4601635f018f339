using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using CallStackRules.Capture.Sources.Ecs;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sensor.Output;
using CallStackRules.Sequences;

namespace CallStackRules.Sensor.Alerts;

/// <summary>Writes alerts as events of the Elastic Common Schema: all that the event has, its call stack included, and the rule that matched.</summary>
internal sealed class AlertJsonWriter(JsonLines lines)
{
    private readonly EcsWriter _events = new();
    private readonly ArrayBufferWriter<byte> _event = new();

    /// <summary>Writes the alert of a rule over single events as a line. Keeps nothing of the event.</summary>
    public void Write(RuleInfo rule, EndpointEvent e)
    {
        using JsonDocument document = Render(rule, e);
        WriteBeginning(rule, document);
        WriteEnd();
    }

    /// <summary>Writes the alert of a rule over several events as a line: the event that completed the match, or what was kept of the last, and all steps.</summary>
    /// <param name="match">The match. Nothing of it is kept.</param>
    /// <param name="completing">The event that completed it; null when time did.</param>
    public void Write(StepsMatch<EndpointEvent> match, EndpointEvent? completing)
    {
        RuleInfo rule = match.Rule.Info;
        using JsonDocument document = completing is null ? Render(rule, LastOf(match)) : Render(rule, completing);
        WriteBeginning(rule, document);
        WriteSteps(lines.Json, match);
        if (match.Count is { } count)
            WriteCount(lines.Json, count);
        WriteEnd();
    }

    private static StepEvent LastOf(StepsMatch<EndpointEvent> match) =>
        match.Events.Count == 0 ? StepEvent.Of(match.Count!) : StepEvent.Of(match, match.Events.Count - 1);

    private static void WriteCount(Utf8JsonWriter json, MatchCount count)
    {
        json.WriteStartObject("count");
        json.WriteNumber("count", count.Count);
        json.WriteNumber("share", count.Share);
        json.WriteStartArray("values");
        foreach (string value in StepEvent.ValuesOf(count))
            json.WriteStringValue(value);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteBeginning(RuleInfo rule, JsonDocument e)
    {
        Utf8JsonWriter json = lines.Json;
        json.WriteStartObject();
        foreach (JsonProperty property in e.RootElement.EnumerateObject())
        {
            // An event that was an alert already has the rule of that one.
            if (!property.NameEquals("rule"u8))
                property.WriteTo(json);
        }
        WriteRule(json, rule);
        WriteThreat(json, rule);
    }

    private void WriteEnd()
    {
        lines.Json.WriteEndObject();
        lines.EndLine();
    }

    /// <summary>The event as an object, marked as an alert.</summary>
    private JsonDocument Render(RuleInfo rule, EndpointEvent e)
    {
        (Text kind, long? severity) = (e.Event.Kind, e.Event.Severity);
        e.Event.Kind = "alert";
        e.Event.Severity = NumberOf(rule.Severity);
        _event.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_event))
            _events.Write(json, e);
        // Other rules may match the same event.
        (e.Event.Kind, e.Event.Severity) = (kind, severity);
        return JsonDocument.Parse(_event.WrittenMemory);
    }

    /// <summary>What was kept of an event as an object, marked as an alert.</summary>
    private JsonDocument Render(RuleInfo rule, StepEvent e)
    {
        JsonObject root = e.ToJson();
        JsonObject info = StepEvent.ObjectIn(root, "event");
        info["kind"] = "alert";
        info["severity"] = NumberOf(rule.Severity);
        _event.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_event))
            root.WriteTo(json);
        return JsonDocument.Parse(_event.WrittenMemory);
    }

    private static void WriteSteps(Utf8JsonWriter json, StepsMatch<EndpointEvent> match)
    {
        json.WriteStartArray("steps");
        for (int i = 0; i < match.Events.Count; i++)
        {
            StepEvent e = StepEvent.Of(match, i);
            JsonObject root = e.ToJson();
            root.Insert(0, "step", e.Step);
            root.WriteTo(json);
        }
        json.WriteEndArray();
    }

    private static long NumberOf(RuleSeverity severity) => severity switch
    {
        RuleSeverity.Low => 21,
        RuleSeverity.Medium => 47,
        RuleSeverity.High => 73,
        _ => 99,
    };

    private static void WriteRule(Utf8JsonWriter json, RuleInfo rule)
    {
        json.WriteStartObject("rule");
        json.WriteString("id", rule.Id);
        json.WriteString("name", rule.Name);
        json.WriteString("severity", rule.Severity.ToString().ToLowerInvariant());
        if (rule.Description.Length > 0)
            json.WriteString("description", rule.Description);
        if (rule.References.Count > 0)
            json.WriteString("reference", rule.References[0]);
        json.WriteEndObject();
    }

    private static void WriteThreat(Utf8JsonWriter json, RuleInfo rule)
    {
        if (rule.Techniques.Count == 0 && rule.Tactics.Count == 0)
            return;
        json.WriteStartObject("threat");
        json.WriteString("framework", "MITRE ATT&CK");
        WriteIds(json, "tactic", rule.Tactics);
        WriteIds(json, "technique", rule.Techniques);
        json.WriteEndObject();
    }

    private static void WriteIds(Utf8JsonWriter json, string name, IReadOnlyList<string> ids)
    {
        if (ids.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (string id in ids)
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
