namespace CallStackRules.Eql.Interpretation;

/// <summary>Texts as the language sees them: UTF-16 units, where ignoring case maps one unit to one unit.</summary>
internal static class OrdinalText
{
    /// <summary>Whether one unit of a text equals one of another.</summary>
    public static bool Equal(string left, int leftPlace, string right, int rightPlace, bool ignoreCase) =>
        string.Compare(left, leftPlace, right, rightPlace, 1, ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal) == 0;

    public static bool Equal(string left, string right, bool ignoreCase) =>
        left.Length == right.Length && IsAt(left, 0, right, ignoreCase);

    public static bool StartsWith(string text, string sought, bool ignoreCase) => IsAt(text, 0, sought, ignoreCase);

    public static bool EndsWith(string text, string sought, bool ignoreCase) => IsAt(text, text.Length - sought.Length, sought, ignoreCase);

    /// <summary>The first place from <paramref name="from"/> on where <paramref name="sought"/> stands; null when there is none.</summary>
    public static int? IndexOf(string text, string sought, long from, bool ignoreCase)
    {
        for (long at = Math.Max(from, 0); at <= text.Length; at++)
        {
            if (IsAt(text, (int)at, sought, ignoreCase))
                return (int)at;
        }
        return null;
    }

    /// <summary>What Python's <c>text[from:to]</c> is: negative places count from the end, places outside are moved inside.</summary>
    public static string Slice(string text, long from, long? to)
    {
        int start = Inside(from);
        int end = Inside(to ?? text.Length);
        return start < end ? text.Substring(start, end - start) : "";

        int Inside(long place) => (int)Math.Min(Math.Max(place < 0 ? place + text.Length : place, 0), text.Length);
    }

    /// <summary>
    /// What stands between the first <paramref name="left"/> and the first <paramref name="right"/> behind it, or, when greedy, the last one; null when either is
    /// absent.
    /// </summary>
    public static string? Between(string text, string left, string right, bool isGreedy, bool ignoreCase)
    {
        if (IndexOf(text, left, 0, ignoreCase) is not int at)
            return null;
        int start = at + left.Length;
        int? end = IndexOf(text, right, start, ignoreCase);
        if (end is null)
            return null;
        while (isGreedy && IndexOf(text, right, end.Value + 1, ignoreCase) is int later)
            end = later;
        return text.Substring(start, end.Value - start);
    }

    private static bool IsAt(string text, int at, string sought, bool ignoreCase)
    {
        if (at < 0 || at + sought.Length > text.Length)
            return false;
        for (int i = 0; i < sought.Length; i++)
        {
            if (!Equal(text, at + i, sought, i, ignoreCase))
                return false;
        }
        return true;
    }
}
