namespace CallStackRules.Eql.Automata;

/// <summary>
/// Joins states that accept the same rests. States that differ are split until no two of one part lead to different parts. The dead state stays the first,
/// accepting states come last, and one that accepts every rest is the very last.
/// </summary>
internal static class Minimizer
{
    public static StateTable Run(StateTable table)
    {
        int[] parts = Partition(table, out int partCount);
        int[] members = new int[partCount];
        for (int state = table.StateCount - 1; state >= 0; state--)
            members[parts[state]] = state;

        int[] order = [.. Enumerable.Range(0, partCount).OrderBy(part => Rank(table, parts, members[part])).ThenBy(part => members[part])];
        int[] numbers = new int[partCount];
        for (int number = 0; number < partCount; number++)
            numbers[order[number]] = number;
        return new StateTable(
            table.ClassCount,
            [.. order.SelectMany(part => Enumerable.Range(0, table.ClassCount).Select(unitClass => numbers[parts[table.Next(members[part], unitClass)]]))],
            [.. order.Select(part => table.IsAccepting[members[part]])],
            numbers[parts[table.Start]]);
    }

    private static int Rank(StateTable table, int[] parts, int state)
    {
        if (!table.IsAccepting[state])
            return parts[state] == parts[0] ? 0 : 1;
        bool acceptsAll = Enumerable.Range(0, table.ClassCount).All(unitClass => parts[table.Next(state, unitClass)] == parts[state]);
        return acceptsAll ? 3 : 2;
    }

    private static int[] Partition(StateTable table, out int count)
    {
        int[] parts = [.. table.IsAccepting.Select(accepts => accepts ? 1 : 0)];
        count = parts.Distinct().Count();
        while (true)
        {
            // The part of a state and those it leads to, folded into one number class by class.
            int[] refined = parts;
            int refinedCount = count;
            for (int unitClass = 0; unitClass < table.ClassCount; unitClass++)
            {
                var numbers = new Dictionary<(int Part, int Next), int>();
                int[] split = new int[parts.Length];
                for (int state = 0; state < split.Length; state++)
                {
                    (int, int) key = (refined[state], parts[table.Next(state, unitClass)]);
                    if (!numbers.TryGetValue(key, out split[state]))
                        numbers.Add(key, split[state] = numbers.Count);
                }
                refined = split;
                refinedCount = numbers.Count;
            }
            if (refinedCount == count)
                return parts;
            parts = refined;
            count = refinedCount;
        }
    }
}
