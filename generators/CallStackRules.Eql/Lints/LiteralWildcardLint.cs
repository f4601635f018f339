using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Schema;

namespace CallStackRules.Eql.Lints;

/// <summary>EQL2004: a star where it is a star.</summary>
internal static class LiteralWildcardLint
{
    public static void Check(BoundFilter filter, EventSchema schema, Action<EqlDiagnostic> report)
    {
        foreach (BoundMatch match in BoundTree.SelfAndBelow(filter.Condition).OfType<BoundMatch>())
        {
            if (match.Kind != MatchKind.Equal)
                continue;
            string op = match.Patterns.Count == 1 ? "==" : match.IgnoreCase ? "in~" : "in";
            foreach (BoundPattern pattern in match.Patterns)
            {
                if (pattern.Text.IndexOf('*') >= 0)
                    report(EqlDiagnostics.LiteralWildcard(pattern.Span, op, match.IgnoreCase ? ":" : "like"));
            }
        }
    }
}
