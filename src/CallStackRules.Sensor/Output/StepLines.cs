using System.Globalization;
using CallStackRules.Sensor.Alerts;

namespace CallStackRules.Sensor.Output;

/// <summary>One event of a match over several for people: when and what, who did it, and the fields that the rule looks at. Values may be empty.</summary>
internal static class StepLines
{
    /// <summary>Fields that have their place in the lines, or say less to a person than those that have.</summary>
    private static readonly HashSet<string> Told =
    [
        "@timestamp", "event.action", "event.category", "event.type", "host.name", "process.command_line", "process.entity_id", "process.executable", "process.name",
        "process.parent.entity_id", "process.parent.executable", "process.parent.name", "process.parent.pid", "process.pid", "user.id", "user.name",
    ];

    /// <summary>The lines with their labels; those without one continue.</summary>
    public static IEnumerable<(string Label, string Value)> Of(StepEvent e)
    {
        yield return (string.Create(CultureInfo.InvariantCulture, $"step {e.Step}"), $"{When(e)}  {What(e)}".Trim());
        yield return ("process", Process(e, "process."));
        yield return ("command", e.ValueOf("process.command_line"));
        yield return ("parent", Process(e, "process.parent."));
        yield return ("user", e.ValueOf("user.name"));
        for (int field = 0; field < e.Fields.Count; field++)
        {
            if (e.Snapshot.Count(field) > 0 && !Told.Contains(e.Fields[field]))
                yield return ("", $"{e.Fields[field]}  {e.ValueOf(field)}");
        }
    }

    private static string When(StepEvent e)
    {
        string time = e.Time?.ToString(AlertView.TimeFormat, CultureInfo.InvariantCulture) ?? "";
        string host = e.ValueOf("host.name");
        return host.Length == 0 ? time : $"{time} on {host}";
    }

    private static string What(StepEvent e)
    {
        string action = e.ValueOf("event.action");
        return $"{e.ValueOf("event.category")} {(action.Length == 0 ? e.ValueOf("event.type") : action)}".Trim();
    }

    private static string Process(StepEvent e, string prefix)
    {
        string name = e.ValueOf(prefix + "name");
        string pid = e.ValueOf(prefix + "pid");
        string executable = e.ValueOf(prefix + "executable");
        return (pid.Length == 0 ? $"{name}  {executable}" : $"{name} ({pid})  {executable}").Trim();
    }
}
