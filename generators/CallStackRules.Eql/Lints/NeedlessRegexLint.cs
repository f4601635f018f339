using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Schema;

namespace CallStackRules.Eql.Lints;

/// <summary>EQL2009: a regular expression that is a plain text.</summary>
internal static class NeedlessRegexLint
{
    private static readonly char[] Operators = ['.', '*', '+', '?', '(', ')', '[', ']', '{', '}', '|', '\\', '^', '$'];

    public static void Check(BoundFilter filter, EventSchema schema, Action<EqlDiagnostic> report)
    {
        foreach (BoundMatch match in BoundTree.SelfAndBelow(filter.Condition).OfType<BoundMatch>())
        {
            if (match.Kind != MatchKind.Regex)
                continue;
            foreach (BoundPattern pattern in match.Patterns)
            {
                if (pattern.Text.IndexOfAny(Operators) < 0)
                    report(EqlDiagnostics.NeedlessRegex(pattern.Span, pattern.Text, match.IgnoreCase ? ":" : "=="));
            }
        }
    }
}
