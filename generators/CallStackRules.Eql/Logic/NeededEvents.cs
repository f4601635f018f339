using CallStackRules.Eql.Binding;

namespace CallStackRules.Eql.Logic;

/// <summary>Collects which events filters can match, as far as these name the action.</summary>
internal sealed class NeededEvents
{
    private const string Any = "any";
    private const string ActionField = "event.action";

    /// <summary>Actions by category; null for any.</summary>
    private readonly SortedDictionary<string, SortedSet<string>?> _actions = new(StringComparer.Ordinal);

    /// <summary>Adds the events that a filter can match.</summary>
    public void Add(BoundFilter filter)
    {
        if (ActionsOf(filter.Condition) is not { } actions)
        {
            AddAll(filter.Category);
            return;
        }
        string category = filter.Category ?? Any;
        if (!_actions.TryGetValue(category, out SortedSet<string>? known))
            _actions.Add(category, new SortedSet<string>(actions, StringComparer.Ordinal));
        else
            known?.UnionWith(actions);
    }

    /// <summary>Adds all events of a category; null for all categories.</summary>
    public void AddAll(string? category) => _actions[category ?? Any] = null;

    /// <summary>What was added.</summary>
    public IReadOnlyList<EventNeed> ToList() =>
    [
        .. _actions.SelectMany(static entry => entry.Value is null ? [new EventNeed(entry.Key, null)] : entry.Value.Select(action => new EventNeed(entry.Key, action))),
    ];

    /// <summary>The actions, in lower case, of which one is needed for a condition to hold; null when it can hold for any.</summary>
    private static HashSet<string>? ActionsOf(BoundExpression condition)
    {
        switch (condition)
        {
            case BoundMatch { Operand: BoundField { Root: null } field } match when field.Field.Path == ActionField && match.Patterns.All(pattern => IsLiteral(pattern, match.Kind)):
                return new HashSet<string>(match.Patterns.Select(static pattern => pattern.Text.ToLowerInvariant()), StringComparer.Ordinal);
            case BoundAnd and:
                return Join(and.Operands.Select(ActionsOf).Where(static actions => actions is not null), static (all, next) => all.IntersectWith(next));
            case BoundOr or:
                HashSet<string>?[] operands = [.. or.Operands.Select(ActionsOf)];
                return operands.Contains(null) ? null : Join(operands, static (all, next) => all.UnionWith(next));
            default:
                return null;
        }
    }

    private static HashSet<string>? Join(IEnumerable<HashSet<string>?> sets, Action<HashSet<string>, HashSet<string>> join)
    {
        HashSet<string>? all = null;
        foreach (HashSet<string>? set in sets)
        {
            if (all is null)
                all = set;
            else
                join(all, set!);
        }
        return all;
    }

    private static bool IsLiteral(BoundPattern pattern, MatchKind kind) =>
        kind == MatchKind.Equal || (kind == MatchKind.Wildcard && pattern.Text.IndexOfAny(['*', '?']) < 0);
}
