using CallStackRules.Rules;

namespace CallStackRules.Sensor.Pipeline;

/// <summary>How many alerts there were, by rule.</summary>
internal sealed class AlertTally
{
    private readonly Dictionary<RuleInfo, long> _byRule = new(ReferenceEqualityComparer.Instance);

    /// <summary>All alerts.</summary>
    public long Total { get; private set; }

    /// <summary>Severity of the worst alert; null when there was none.</summary>
    public RuleSeverity? Worst { get; private set; }

    /// <summary>Rules that matched and how often: the most severe first, then by name.</summary>
    public IEnumerable<(RuleInfo Rule, long Count)> ByRule => _byRule
        .OrderByDescending(entry => entry.Key.Severity)
        .ThenBy(entry => entry.Key.Name, StringComparer.Ordinal)
        .Select(entry => (entry.Key, entry.Value));

    /// <summary>Counts one alert.</summary>
    public void Add(RuleInfo rule)
    {
        Total++;
        _byRule[rule] = _byRule.GetValueOrDefault(rule) + 1;
        if (Worst is null || rule.Severity > Worst)
            Worst = rule.Severity;
    }
}
