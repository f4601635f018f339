using System.Globalization;
using System.Text.Json;
using CallStackRules.Rules;

namespace CallStackRules.Sensor.Responses;

/// <summary>What came of an action that a rule asks for.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Action">The action: <c>kill_process</c> or <c>deny</c>.</param>
/// <param name="Target">Entity id of the process it is about; empty when the event had none.</param>
/// <param name="Pid">Its number; null when not known.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Reason">In words.</param>
internal sealed record Response(RuleInfo Rule, string Action, string Target, int? Pid, ResponseOutcome Outcome, string Reason)
{
    /// <summary>When.</summary>
    public DateTime Time { get; init; } = DateTime.UtcNow;

    /// <summary>A line for people.</summary>
    public string Message => $"response of '{Rule.Name}': {Action} {(Outcome == ResponseOutcome.DryRun ? "(dry run) " : "")}{Reason}";

    /// <summary>Writes it as an event of the Elastic Common Schema, of kind <c>event</c>, so that it is not taken for an alert.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("@timestamp", Time.ToString("O", CultureInfo.InvariantCulture));
        json.WriteString("message", Message);
        json.WriteStartObject("event");
        json.WriteString("kind", "event");
        json.WriteStartArray("category");
        json.WriteStringValue("process");
        json.WriteEndArray();
        json.WriteString("action", Action);
        json.WriteString("outcome", Outcome switch
        {
            ResponseOutcome.Done => "success",
            ResponseOutcome.DryRun => "unknown",
            _ => "failure",
        });
        json.WriteString("reason", Reason);
        json.WriteEndObject();
        json.WriteStartObject("rule");
        json.WriteString("id", Rule.Id);
        json.WriteString("name", Rule.Name);
        json.WriteEndObject();
        if (Target.Length > 0 || Pid is not null)
        {
            json.WriteStartObject("process");
            if (Target.Length > 0)
                json.WriteString("entity_id", Target);
            if (Pid is { } pid)
                json.WriteNumber("pid", pid);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}

/// <summary>How an action ended.</summary>
internal enum ResponseOutcome
{
    /// <summary>It was done.</summary>
    Done,
    /// <summary>It would have been done, were this not a rehearsal.</summary>
    DryRun,
    /// <summary>It was not done: the target is protected, gone, or not the one that is meant, or there were too many.</summary>
    Refused,
    /// <summary>The system did not let it be done.</summary>
    Failed,
}
