namespace CallStackRules.Eql.Automata;

/// <summary>
/// Splits all UTF-16 units into classes, such that each of some sets holds a class wholly or not at all. To an automaton the units of a class are the same.
/// </summary>
internal sealed class UnitPartition
{
    private UnitPartition(ushort[] rangeStarts, ushort[] rangeClasses, int count)
    {
        RangeStarts = rangeStarts;
        RangeClasses = rangeClasses;
        Count = count;
    }

    /// <summary>The first unit of each range, ascending from 0; a range reaches up to the next.</summary>
    public ushort[] RangeStarts { get; }

    /// <summary>The class of each range.</summary>
    public ushort[] RangeClasses { get; }

    /// <summary>How many classes there are.</summary>
    public int Count { get; }

    /// <summary>The coarsest partition for some sets.</summary>
    public static UnitPartition Of(IReadOnlyCollection<CharSet> sets)
    {
        var starts = new SortedSet<int> { 0 };
        foreach (CharRange range in sets.SelectMany(set => set.Ranges))
        {
            starts.Add(range.First);
            starts.Add(range.Last + 1);
        }
        starts.Remove(char.MaxValue + 1);
        int[] ranges = [.. starts];

        int[] classes = new int[ranges.Length];
        int count = 1;
        foreach (CharSet set in sets)
        {
            var refined = new Dictionary<(int Class, bool IsInSet), int>();
            for (int i = 0; i < ranges.Length; i++)
            {
                (int, bool) key = (classes[i], set.Contains((char)ranges[i]));
                if (!refined.TryGetValue(key, out classes[i]))
                    refined.Add(key, classes[i] = refined.Count);
            }
            count = refined.Count;
        }
        return Merge(ranges, classes, count);
    }

    /// <summary>One unit of each class.</summary>
    public char[] Representatives()
    {
        char[] units = new char[Count];
        for (int i = RangeStarts.Length - 1; i >= 0; i--)
            units[RangeClasses[i]] = (char)RangeStarts[i];
        return units;
    }

    private static UnitPartition Merge(int[] ranges, int[] classes, int count)
    {
        var starts = new List<ushort>();
        var merged = new List<ushort>();
        for (int i = 0; i < ranges.Length; i++)
        {
            if (i > 0 && classes[i] == classes[i - 1])
                continue;
            starts.Add((ushort)ranges[i]);
            merged.Add((ushort)classes[i]);
        }
        return new UnitPartition([.. starts], [.. merged], count);
    }
}
