using CallStackRules.Capture.Sources;
using CallStackRules.Rules;

namespace CallStackRules.Sensor.Commands;

/// <summary>What rules read: a sensor need capture nothing else.</summary>
/// <param name="Categories">Categories of events; <c>any</c> when a rule reads all.</param>
/// <param name="Events">Events as <c>category action</c>; only the category where a rule reads any of its events.</param>
/// <param name="Stacks">Categories of the rules that read call stacks.</param>
/// <param name="Fields">Paths of the fields.</param>
/// <param name="End">Source paths of the rules with pipes that give results only when a recording ends; <c>run</c> refuses them.</param>
internal sealed record RuleNeeds(
    IReadOnlyCollection<string> Categories, IReadOnlyCollection<string> Events, IReadOnlyCollection<string> Stacks, IReadOnlyCollection<string> Fields, IReadOnlyCollection<string> End)
{
    /// <summary>The needs of all the rules together, each list sorted.</summary>
    public static RuleNeeds Of(IReadOnlyList<RuleInfo> rules) => new(
        Sorted(rules.SelectMany(rule => rule.Categories)),
        Sorted(rules.SelectMany(CaptureNeeds.EventsOf).Select(static needed => needed.Action is null ? needed.Category : $"{needed.Category} {needed.Action}")),
        Sorted(rules.Where(ReadsStack).SelectMany(rule => rule.Categories)),
        Sorted(rules.SelectMany(rule => rule.Fields)),
        Sorted(rules.Where(rule => rule.NeedsEnd.Length > 0).Select(rule => rule.SourcePath)));

    /// <summary>Whether a rule reads the stack itself or something that is worked out from it.</summary>
    public static bool ReadsStack(RuleInfo rule) => rule.Fields.Any(field => field.Contains(".call_stack", StringComparison.Ordinal));

    private static SortedSet<string> Sorted(IEnumerable<string> words) => new(words, StringComparer.Ordinal);
}
