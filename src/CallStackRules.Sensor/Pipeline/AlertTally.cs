using CallStackRules.Rules;

namespace CallStackRules.Sensor.Pipeline;

/// <summary>How many alerts there were, by rule.</summary>
internal sealed class AlertTally
{
    private readonly Dictionary<string, (AlertedRule Rule, long Count)> _byId = new(StringComparer.Ordinal);

    /// <summary>All alerts.</summary>
    public long Total { get; private set; }

    /// <summary>Severity of the worst alert; null when there was none.</summary>
    public RuleSeverity? Worst { get; private set; }

    /// <summary>Rules that matched and how often: the most severe first, then by name.</summary>
    public IEnumerable<(AlertedRule Rule, long Count)> ByRule => _byId.Values
        .OrderByDescending(entry => entry.Rule.Severity)
        .ThenBy(entry => entry.Rule.Name, StringComparer.Ordinal);

    /// <summary>Counts one alert.</summary>
    public void Add(RuleInfo rule)
    {
        Total++;
        _byId[rule.Id] = _byId.TryGetValue(rule.Id, out (AlertedRule Rule, long Count) known)
            ? (known.Rule, known.Count + 1)
            : (AlertedRule.Of(rule), 1);
        if (Worst is null || rule.Severity > Worst)
            Worst = rule.Severity;
    }
}
