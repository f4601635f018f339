using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Schema;

namespace CallStackRules.Eql.Lints;

/// <summary>EQL2003, EQL2008: list items that are there already, or that a wildcard of the same list covers.</summary>
internal static class ListItemLint
{
    public static void Check(BoundFilter filter, EventSchema schema, Action<EqlDiagnostic> report)
    {
        foreach (BoundMatch match in BoundTree.SelfAndBelow(filter.Condition).OfType<BoundMatch>())
        {
            StringComparer comparer = match.IgnoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
            var seen = new HashSet<string>(comparer);
            // One ending or beginning covers many items: a set lookup an item and length keeps long lists linear.
            var starts = new Affixes(comparer);
            var ends = new Affixes(comparer);
            if (match.Kind == MatchKind.Wildcard)
                Collect(match, starts, ends);
            foreach (BoundPattern item in match.Patterns)
            {
                if (!seen.Add(item.Text))
                    report(EqlDiagnostics.DuplicateItem(item.Span, item.Text));
                else if (starts.CoverOf(item.Text, fromEnd: false) is { } start)
                    report(EqlDiagnostics.CoveredItem(item.Span, item.Text, start + "*"));
                else if (ends.CoverOf(item.Text, fromEnd: true) is { } end)
                    report(EqlDiagnostics.CoveredItem(item.Span, item.Text, "*" + end));
            }
        }
    }

    private static void Collect(BoundMatch match, Affixes starts, Affixes ends)
    {
        foreach (BoundPattern item in match.Patterns)
        {
            string text = item.Text;
            if (text.Length < 2 || text.IndexOf('?') >= 0 || text.IndexOf('*') != text.LastIndexOf('*'))
                continue;
            if (text[text.Length - 1] == '*')
                starts.Add(text.Substring(0, text.Length - 1));
            else if (text[0] == '*')
                ends.Add(text.Substring(1));
        }
    }

    /// <summary>The literal parts of patterns like <c>C:\Windows\*</c>, by length.</summary>
    private sealed class Affixes(StringComparer comparer)
    {
        private readonly SortedDictionary<int, HashSet<string>> _byLength = [];

        public void Add(string affix)
        {
            if (!_byLength.TryGetValue(affix.Length, out HashSet<string>? affixes))
                _byLength.Add(affix.Length, affixes = new HashSet<string>(comparer));
            affixes.Add(affix);
        }

        /// <summary>The part that an item, other than the pattern it came from, begins or ends with.</summary>
        public string? CoverOf(string item, bool fromEnd)
        {
            foreach (KeyValuePair<int, HashSet<string>> entry in _byLength)
            {
                int length = entry.Key;
                if (length > item.Length)
                    break;
                bool isSelf = item.Length == length + 1 && item[fromEnd ? 0 : length] == '*';
                string part = fromEnd ? item.Substring(item.Length - length) : item.Substring(0, length);
                // A wildcard in the part matches more than the characters it is written with.
                if (!isSelf && part.IndexOfAny(['*', '?']) < 0 && entry.Value.Contains(part))
                    return part;
            }
            return null;
        }
    }
}
