using CallStackRules.Events;
using CallStackRules.Matching;
using CallStackRules.Rules;
using CallStackRules.Sequences;

namespace CallStackRules.Sensor.Pipeline;

/// <summary>Those of a set of rules that are for one operating system: events of a live source are all of the same, and rules for others only take time.</summary>
internal sealed class SystemRules : RuleSet<EndpointEvent>
{
    /// <summary>What a rule names that reads all categories.</summary>
    private const string AnyCategory = "any";

    private readonly RuleSet<EndpointEvent> _all;
    private readonly EventRule<EndpointEvent>[] _rules;
    private readonly EventRule<EndpointEvent>[] _anyCategory;
    private readonly (string Category, EventRule<EndpointEvent>[] Rules)[] _byCategory;

    /// <summary>Picks the rules.</summary>
    /// <param name="all">The rules.</param>
    /// <param name="operatingSystem">The system, as rules name it. A rule that names none is for all.</param>
    public SystemRules(RuleSet<EndpointEvent> all, string operatingSystem)
    {
        _all = all;
        _rules = [.. all.Rules.Where(rule => IsFor(rule.Info, operatingSystem))];
        StepsRules = [.. all.StepsRules.Where(rule => IsFor(rule.Info, operatingSystem))];
        // A rule that asks for ancestors by events of another category names that one, too, and does not tell which is its own: it looks at every event itself.
        _anyCategory = [.. _rules.Where(static rule => rule.Info.Categories.Contains(AnyCategory) || rule.Info.Categories.Count > 1)];
        _byCategory =
        [
            .. _rules.Except(_anyCategory).GroupBy(static rule => rule.Info.Categories[0], StringComparer.Ordinal).Select(static group => (group.Key, group.ToArray())),
        ];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<EventRule<EndpointEvent>> Rules => _rules;

    /// <inheritdoc/>
    public override IReadOnlyList<StepsRule<EndpointEvent>> StepsRules { get; }

    /// <inheritdoc/>
    public override void Match(EndpointEvent e, ProcessFacts? lineage, List<EventRule<EndpointEvent>> matches)
    {
        Run(_anyCategory, e, lineage, matches);
        TextList categories = e.Event.Category;
        for (int i = 0; i < categories.Count; i++)
        {
            foreach ((string category, EventRule<EndpointEvent>[] rules) in _byCategory)
            {
                if (TextPredicates.EqualsLiteral(categories[i], category))
                    Run(rules, e, lineage, matches);
            }
        }
    }

    /// <inheritdoc/>
    public override void ReadCategories(EndpointEvent e, TextList categories) => _all.ReadCategories(e, categories);

    /// <inheritdoc/>
    public override long? TimeOf(EndpointEvent e) => _all.TimeOf(e);

    /// <inheritdoc/>
    public override Text ProcessOf(EndpointEvent e) => _all.ProcessOf(e);

    /// <inheritdoc/>
    public override Text ParentOf(EndpointEvent e) => _all.ParentOf(e);

    /// <inheritdoc/>
    public override bool IsProcessEnd(EndpointEvent e) => _all.IsProcessEnd(e);

    private static bool IsFor(RuleInfo rule, string operatingSystem) =>
        rule.OperatingSystems.Count == 0 || rule.OperatingSystems.Contains(operatingSystem, StringComparer.Ordinal);
}
