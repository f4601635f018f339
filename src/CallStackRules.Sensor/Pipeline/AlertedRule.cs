using CallStackRules.Rules;

namespace CallStackRules.Sensor.Pipeline;

/// <summary>What is kept of a rule that had an alert. Not the rule: its assembly may have to go.</summary>
/// <param name="Id">The rule's UUID.</param>
/// <param name="Name">What it finds.</param>
/// <param name="Severity">How bad a match is.</param>
internal sealed record AlertedRule(string Id, string Name, RuleSeverity Severity)
{
    /// <summary>What is kept of a rule.</summary>
    public static AlertedRule Of(RuleInfo rule) => new(rule.Id, rule.Name, rule.Severity);
}
