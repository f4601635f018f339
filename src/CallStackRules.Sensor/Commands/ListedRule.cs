using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sensor.Pipeline;
using CallStackRules.Sequences;

namespace CallStackRules.Sensor.Commands;

/// <summary>A rule as commands list it.</summary>
/// <param name="Info">Its metadata.</param>
/// <param name="Steps">How its events belong together; null for a rule over single events.</param>
internal sealed record ListedRule(RuleInfo Info, StepsKind? Steps)
{
    /// <summary>The kind in a word: <c>event</c>, <c>sequence</c>, <c>sample</c> or <c>join</c>.</summary>
    public string Kind => Steps?.ToString().ToLowerInvariant() ?? "event";

    /// <summary>All rules, set by set, each by source path.</summary>
    public static IReadOnlyList<ListedRule> AllOf(ActiveRules rules) => [.. rules.Sets.SelectMany(AllOf)];

    private static IEnumerable<ListedRule> AllOf(RuleSet<EndpointEvent> set) =>
        set.Rules.Select(static rule => new ListedRule(rule.Info, null))
            // With pipes, a rule over single events is a sequence of one.
            .Concat(set.StepsRules.Select(static rule => new ListedRule(rule.Info, rule.Plan.Stages.Count == 1 ? null : rule.Plan.Kind)))
            .OrderBy(static rule => rule.Info.SourcePath, StringComparer.Ordinal);
}
