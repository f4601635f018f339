using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Schema;

namespace CallStackRules.Eql.Lints;

/// <summary>EQL2001: one field with one value is asked to be two different ones at once.</summary>
internal static class ContradictionLint
{
    public static void Check(BoundFilter filter, EventSchema schema, Action<EqlDiagnostic> report)
    {
        foreach (BoundAnd and in BoundTree.SelfAndBelow(filter.Condition).OfType<BoundAnd>())
        {
            var seen = new Dictionary<(string Path, BoundVariable? Root), BoundMatch>();
            foreach (BoundMatch match in and.Operands.OfType<BoundMatch>())
            {
                if (match.Operand is not BoundField { IsMultiValued: false } field || !IsLiteral(match))
                    continue;
                (string, BoundVariable?) key = (field.Field.Path, field.Root);
                if (!seen.TryGetValue(key, out BoundMatch? other))
                    seen.Add(key, match);
                else if (!Overlap(match, other))
                    report(EqlDiagnostics.NeverTrue(match.Span, $"'{field.Field.Path}' has one value, and this and an earlier condition allow none in common"));
            }
        }
    }

    private static bool IsLiteral(BoundMatch match) =>
        match.Kind == MatchKind.Equal || (match.Kind == MatchKind.Wildcard && match.Patterns.All(static p => p.Text.IndexOfAny(['*', '?']) < 0));

    private static bool Overlap(BoundMatch a, BoundMatch b)
    {
        StringComparer comparer = a.IgnoreCase || b.IgnoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        var values = new HashSet<string>(a.Patterns.Select(static p => p.Text), comparer);
        return b.Patterns.Any(p => values.Contains(p.Text));
    }
}
