namespace CallStackRules.Eql.Interpretation;

/// <summary>Patterns for a whole text: <c>*</c> is any run of characters, <c>?</c> exactly one, all else itself.</summary>
internal static class Wildcard
{
    public static bool Matches(string pattern, string text, bool ignoreCase)
    {
        // fits[n]: the part of the pattern read so far fits the first n characters of the text.
        bool[] fits = new bool[text.Length + 1];
        fits[0] = true;
        for (int i = 0; i < pattern.Length; i++)
        {
            bool[] next = new bool[text.Length + 1];
            next[0] = pattern[i] == '*' && fits[0];
            for (int n = 1; n <= text.Length; n++)
            {
                next[n] = pattern[i] switch
                {
                    '*' => fits[n] || next[n - 1],
                    '?' => fits[n - 1],
                    _ => fits[n - 1] && OrdinalText.Equal(pattern, i, text, n - 1, ignoreCase),
                };
            }
            fits = next;
        }
        return fits[text.Length];
    }
}
