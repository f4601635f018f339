using System.Buffers;

namespace CallStackRules.Matching;

/// <summary>
/// Comparison of UTF-16 units: ordinal, or ignoring case one unit to one unit as <see cref="StringComparison.OrdinalIgnoreCase"/> does for single units.
/// </summary>
/// <remarks>
/// The runtime also folds surrogate pairs (U+10400 equals U+10428). The language does not: a wildcard or an automaton sees one unit at a time and must agree
/// with equality. So surrogates are compared exactly; texts without them never pay for it.
/// </remarks>
internal static class UnitComparison
{
    private static readonly SearchValues<char> Surrogates =
        SearchValues.Create([.. Enumerable.Range(0xD800, 0x800).Select(unit => (char)unit)]);

    public static bool AreEqual(ReadOnlySpan<char> left, ReadOnlySpan<char> right, bool ignoreCase) =>
        ignoreCase ? AreEqualIgnoringCase(left, right) : left.SequenceEqual(right);

    public static bool AreEqualIgnoringCase(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        int length = left.Length;
        if (length != right.Length)
            return false;
        // Most texts differ in their last or middle unit, and that is seen without a call.
        if (length == 0 || Differ(left[length - 1], right[length - 1]) || Differ(left[length / 2], right[length / 2]))
            return length == 0;
        return left.Equals(right, StringComparison.OrdinalIgnoreCase) && !SurrogatesDiffer(left, right);
    }

    public static bool StartsWith(ReadOnlySpan<char> text, ReadOnlySpan<char> sought, bool ignoreCase) =>
        text.Length >= sought.Length && AreEqual(text[..sought.Length], sought, ignoreCase);

    public static bool EndsWith(ReadOnlySpan<char> text, ReadOnlySpan<char> sought, bool ignoreCase) =>
        text.Length >= sought.Length && AreEqual(text[^sought.Length..], sought, ignoreCase);

    /// <summary>The first place of <paramref name="sought"/>, or -1; 0 when it is empty.</summary>
    public static int IndexOf(ReadOnlySpan<char> text, ReadOnlySpan<char> sought, bool ignoreCase)
    {
        if (!ignoreCase)
            return text.IndexOf(sought);
        int start = 0;
        while (true)
        {
            int at = text[start..].IndexOf(sought, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                return -1;
            if (!SurrogatesDiffer(text.Slice(start + at, sought.Length), sought))
                return start + at;
            start += at + 1;
        }
    }

    /// <summary>The last place of <paramref name="sought"/>, or -1; the length of the text when it is empty.</summary>
    public static int LastIndexOf(ReadOnlySpan<char> text, ReadOnlySpan<char> sought, bool ignoreCase)
    {
        if (sought.IsEmpty)
            return text.Length;
        if (!ignoreCase)
            return text.LastIndexOf(sought);
        while (true)
        {
            int at = text.LastIndexOf(sought, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                return -1;
            if (!SurrogatesDiffer(text.Slice(at, sought.Length), sought))
                return at;
            text = text[..(at + sought.Length - 1)];
        }
    }

    /// <summary>Whether a text holds any half of a surrogate pair.</summary>
    public static bool HasSurrogates(ReadOnlySpan<char> text) => text.ContainsAny(Surrogates);

    /// <summary>Whether two units certainly differ: an ASCII unit equals only those from which it differs in the bit of case, or not at all.</summary>
    private static bool Differ(char left, char right) => ((left ^ right) & ~0x20) != 0 && (left < 0x80 || right < 0x80);

    /// <summary>Whether two texts that the runtime takes as equal differ in a surrogate.</summary>
    private static bool SurrogatesDiffer(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        if (!HasSurrogates(left))
            return false;
        for (int i = 0; i < left.Length; i++)
        {
            if (left[i] != right[i] && char.IsSurrogate(left[i]))
                return true;
        }
        return false;
    }
}
