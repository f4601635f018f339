namespace CallStackRules.Eql.Automata;

/// <summary>
/// Matches a regular expression straight from its definition: for each part, the places where it can end. Slow, simple, and independent of the automata; the
/// interpreter uses it, and tests hold the automata against it.
/// </summary>
public static class RegexOracle
{
    /// <summary>Whether the whole text fits.</summary>
    public static bool IsMatch(RegexNode node, string text, bool ignoreCase) =>
        Ends(node, text, ignoreCase, [0]).Contains(text.Length);

    /// <summary>The places where a part can end when it can begin at any of <paramref name="starts"/>.</summary>
    private static SortedSet<int> Ends(RegexNode node, string text, bool ignoreCase, SortedSet<int> starts)
    {
        switch (node)
        {
            case RegexUnit unit:
                return [.. starts.Where(start => start < text.Length && Fits(unit, text[start], ignoreCase)).Select(start => start + 1)];
            case RegexSequence sequence:
                return sequence.Parts.Aggregate(starts, (places, part) => Ends(part, text, ignoreCase, places));
            case RegexChoice choice:
                return [.. choice.Alternatives.SelectMany(alternative => Ends(alternative, text, ignoreCase, starts))];
            case RegexRepeat repeat:
                return EndsOfRepeat(repeat, text, ignoreCase, starts);
            default:
                throw new ArgumentException($"A regular expression has no part {node.GetType().Name}.", nameof(node));
        }
    }

    private static SortedSet<int> EndsOfRepeat(RegexRepeat repeat, string text, bool ignoreCase, SortedSet<int> starts)
    {
        SortedSet<int> places = starts;
        for (int i = 0; i < repeat.Least && places.Count > 0; i++)
            places = Ends(repeat.Repeated, text, ignoreCase, places);
        SortedSet<int> all = [.. places];
        for (int i = repeat.Least; repeat.Most is null || i < repeat.Most; i++)
        {
            places = [.. Ends(repeat.Repeated, text, ignoreCase, places).Except(all)];
            if (places.Count == 0)
                break;
            all.UnionWith(places);
        }
        return all;
    }

    private static bool Fits(RegexUnit unit, char character, bool ignoreCase)
    {
        bool isWritten = unit.Units.Contains(character) || (ignoreCase && CaseFold.OthersOf(new CharRange(character, character)).Any(unit.Units.Contains));
        return isWritten != unit.IsNegated;
    }
}
