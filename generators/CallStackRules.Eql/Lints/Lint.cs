using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Schema;

namespace CallStackRules.Eql.Lints;

/// <summary>Looks for one kind of probable mistake in a rule that compiles.</summary>
/// <param name="filter">An event filter of the rule.</param>
/// <param name="schema">The schema it was bound against.</param>
/// <param name="report">Takes what was found.</param>
public delegate void Lint(BoundFilter filter, EventSchema schema, Action<EqlDiagnostic> report);

/// <summary>All lints.</summary>
public static class LintSet
{
    private static readonly Lint[] Lints =
    [
        CategoryLint.Check,
        FieldCategoryLint.Check,
        ContradictionLint.Check,
        ListItemLint.Check,
        LiteralWildcardLint.Check,
        NeedlessRegexLint.Check,
    ];

    /// <summary>Runs every lint over every filter of a query, those of lineage queries included.</summary>
    /// <param name="query">The query.</param>
    /// <param name="schema">The schema it was bound against.</param>
    /// <param name="isWhole">
    /// Whether all of the query could be bound. If not, constants stand in for what could not, and lints about constant conditions would speak of those.
    /// </param>
    /// <param name="report">Takes what was found.</param>
    public static void Check(BoundQuery query, EventSchema schema, bool isWhole, Action<EqlDiagnostic> report)
    {
        var filters = new Queue<BoundFilter>(query.Filters);
        while (filters.Count > 0)
        {
            BoundFilter filter = filters.Dequeue();
            foreach (Lint lint in Lints)
                lint(filter, schema, report);
            if (isWhole)
                ConstantConditionLint.Check(filter, report);
            foreach (BoundLineage lineage in BoundTree.SelfAndBelow(filter.Condition).OfType<BoundLineage>())
                filters.Enqueue(lineage.Filter);
        }
    }
}
