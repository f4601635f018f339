namespace CallStackRules.Eql.Binding;

/// <summary>Finds the name that was probably meant.</summary>
public static class Suggestion
{
    /// <summary>The candidate with the fewest edits from a name, or null when none is near.</summary>
    public static string? For(string name, IEnumerable<string> candidates)
    {
        string? best = null;
        // A third of the name may be wrong; more is another name.
        int bestDistance = Math.Max(2, name.Length / 3) + 1;
        foreach (string candidate in candidates)
        {
            if (Math.Abs(candidate.Length - name.Length) >= bestDistance)
                continue;
            int distance = Distance(name, candidate, bestDistance);
            if (distance < bestDistance)
                (best, bestDistance) = (candidate, distance);
        }
        return best;
    }

    /// <summary>Edits from one name to another, case counting little: insertions, deletions, replacements. Stops at <paramref name="limit"/>.</summary>
    private static int Distance(string a, string b, int limit)
    {
        int[] previous = new int[b.Length + 1];
        int[] current = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
            previous[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            int least = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                current[j] = Math.Min(Math.Min(previous[j], current[j - 1]) + 1, previous[j - 1] + replace);
                least = Math.Min(least, current[j]);
            }
            if (least >= limit)
                return limit;
            (previous, current) = (current, previous);
        }
        return previous[b.Length];
    }
}
