namespace CallStackRules.Eql.Interpretation;

/// <summary>Patterns for a whole text: <c>*</c> is any run of characters, <c>?</c> exactly one, all else itself.</summary>
internal static class Wildcard
{
    public static bool Matches(string pattern, string text, bool ignoreCase)
    {
        // fits[n]: the part of the pattern read so far fits the first n characters of the text.
        bool[] fits = new bool[text.Length + 1];
        fits[0] = true;
        foreach (char unit in pattern)
        {
            bool[] next = new bool[text.Length + 1];
            next[0] = unit == '*' && fits[0];
            for (int n = 1; n <= text.Length; n++)
            {
                next[n] = unit switch
                {
                    '*' => fits[n] || next[n - 1],
                    '?' => fits[n - 1],
                    _ => fits[n - 1] && OrdinalText.Equal(unit, text[n - 1], ignoreCase),
                };
            }
            fits = next;
        }
        return fits[text.Length];
    }
}
