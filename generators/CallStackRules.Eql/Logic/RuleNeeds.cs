using CallStackRules.Eql.Binding;

namespace CallStackRules.Eql.Logic;

/// <summary>How much work a rule is for an event that gets past its category.</summary>
public enum CostClass
{
    /// <summary>Compares whole values.</summary>
    Compares,
    /// <summary>Scans texts: wildcards, regular expressions, functions over text.</summary>
    Scans,
    /// <summary>Walks the frames of a call stack or another list of objects.</summary>
    Walks,
}

/// <summary>Events of a category that a rule can match.</summary>
/// <param name="Category">The category; <c>any</c> for all.</param>
/// <param name="Action">The action that they must have, <c>event.action</c>; null for any.</param>
public sealed record EventNeed(string Category, string? Action);

/// <summary>What a rule needs of a source: the sensor captures nothing that no rule reads.</summary>
/// <param name="Categories">Categories of events, sorted; <c>any</c> alone for all.</param>
/// <param name="Fields">Field paths, sorted. A list whose items are searched is here, and so are the fields of its items.</param>
/// <param name="Cost">The work for an event.</param>
public sealed record RuleNeeds(IReadOnlyList<string> Categories, IReadOnlyList<string> Fields, CostClass Cost)
{
    /// <summary>Name of the first pipe that gives its results only at the end of a stream; empty when there is none.</summary>
    public string End { get; private init; } = "";

    /// <summary>The events, sorted: those of a category once without an action, or each action once.</summary>
    public IReadOnlyList<EventNeed> Events { get; private init; } = [];

    /// <summary>What a query needs.</summary>
    public static RuleNeeds Of(BoundQuery query)
    {
        var categories = new SortedSet<string>(StringComparer.Ordinal);
        var events = new NeededEvents();
        foreach (BoundFilter filter in query.Filters)
        {
            categories.Add(filter.Category ?? "any");
            events.Add(filter);
        }
        var fields = new SortedSet<string>(StringComparer.Ordinal);
        CostClass cost = CostClass.Compares;
        foreach (BoundExpression expression in BoundTree.All(query))
        {
            if (expression is BoundLineage lineage)
            {
                categories.Add(lineage.Filter.Category ?? "any");
                // Who descends from whom is told by events of every action.
                events.AddAll(lineage.Filter.Category);
            }
            BoundField? field = expression as BoundField ?? (expression as BoundStepField)?.Field;
            if (field is not null)
                fields.Add(field.Field.Path);
            CostClass own = CostOf(expression);
            cost = own > cost ? own : cost;
        }
        return new RuleNeeds(categories.Contains("any") ? ["any"] : [.. categories], [.. fields], cost)
        {
            Events = events.ToList(),
            End = query.Pipes.FirstOrDefault(static pipe => pipe.NeedsEnd)?.Name ?? "",
        };
    }

    private static CostClass CostOf(BoundExpression expression) => expression switch
    {
        BoundArraySearch or BoundArrayCount => CostClass.Walks,
        BoundMatch { Kind: MatchKind.Regex } => CostClass.Scans,
        BoundMatch { Kind: MatchKind.Wildcard } e when e.Patterns.Any(static p => p.Text.IndexOfAny(['*', '?']) >= 0) => CostClass.Scans,
        BoundTextTest or BoundNetworkMatch or BoundConcat or BoundIndexOf or BoundBetween or BoundToText or BoundToNumber => CostClass.Scans,
        _ => CostClass.Compares,
    };
}
