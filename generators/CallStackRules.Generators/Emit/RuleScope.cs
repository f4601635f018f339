using CallStackRules.Eql.Binding;

namespace CallStackRules.Generators.Emit;

/// <summary>What the methods of one rule's class share.</summary>
/// <param name="Map">Places of the rule file; null where no statement belongs to one.</param>
/// <param name="Fields">Prepared patterns.</param>
/// <param name="Lineage">The rule's lineage queries.</param>
/// <param name="Kept">What is kept of the steps' events; null for a rule over single events.</param>
internal sealed record RuleScope(SourceMap? Map, StaticFields Fields, LineageQueries Lineage, KeptFields? Kept)
{
    /// <summary>Code that belongs to no rule.</summary>
    public static RuleScope None() => new(null, new StaticFields(), new LineageQueries(), null);
}

/// <summary>The lineage queries of a rule, numbered with those inside others first: a query may ask for what another found.</summary>
internal sealed class LineageQueries
{
    private readonly List<BoundLineage> _queries = [];

    /// <summary>The queries by number.</summary>
    public IReadOnlyList<BoundLineage> All => _queries;

    /// <summary>Numbers all queries of a folded query.</summary>
    public static LineageQueries Of(BoundQuery query)
    {
        var found = new LineageQueries();
        foreach (BoundFilter filter in query.Filters)
            found.Add(filter);
        return found;
    }

    /// <summary>The number of a query.</summary>
    public int IndexOf(BoundLineage query) => _queries.FindIndex(other => ReferenceEquals(other, query));

    private void Add(BoundFilter filter)
    {
        foreach (BoundLineage lineage in BoundTree.SelfAndBelow(filter.Condition).OfType<BoundLineage>())
        {
            Add(lineage.Filter);
            _queries.Add(lineage);
        }
    }
}
