namespace CallStackRules.Eql.Diagnostics;

/// <summary>Finds what was probably meant by a word that names nothing.</summary>
internal static class Spelling
{
    /// <summary>The candidate that takes the fewest edits to reach from the word, ignoring case; null when none is near. The first wins among equals.</summary>
    public static string? Closest(string word, IEnumerable<string> candidates)
    {
        string lower = word.ToLowerInvariant();
        int best = Math.Max(1, word.Length / 3) + 1;
        string? closest = null;
        foreach (string candidate in candidates)
        {
            // Each missing or extra character is an edit at least.
            if (Math.Abs(candidate.Length - word.Length) >= best)
                continue;
            int distance = Distance(lower, candidate.ToLowerInvariant());
            if (distance < best)
                (best, closest) = (distance, candidate);
        }

        return closest;
    }

    /// <summary>Edits from one word to another: inserting, removing or changing a character, or swapping two neighbours.</summary>
    private static int Distance(string from, string to)
    {
        int[] twoBack = new int[to.Length + 1];
        int[] previous = [.. Enumerable.Range(0, to.Length + 1)];
        int[] current = new int[to.Length + 1];
        for (int i = 1; i <= from.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int change = previous[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                current[j] = Math.Min(change, Math.Min(previous[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    current[j] = Math.Min(current[j], twoBack[j - 2] + 1);
            }

            (twoBack, previous, current) = (previous, current, twoBack);
        }

        return previous[to.Length];
    }
}
