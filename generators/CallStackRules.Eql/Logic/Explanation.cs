using CallStackRules.Eql.Binding;

namespace CallStackRules.Eql.Logic;

/// <summary>A rule in plain words: its logic, what it needs, and how much work it is.</summary>
public static class Explanation
{
    /// <summary>Lines separated by <c>\n</c>.</summary>
    public static string Of(BoundQuery query)
    {
        RuleNeeds needs = RuleNeeds.Of(query);
        var lines = new List<string>(LogicTree.Of(query).Lines())
        {
            $"Events: {string.Join(", ", needs.Categories)}.",
            $"Call stacks: {Stacks(needs)}.",
            $"Cost: {Cost(needs.Cost)}.",
        };
        return string.Join("\n", lines);
    }

    /// <summary>Whose stacks a rule reads: the threads, by the path before their call stack.</summary>
    private static string Stacks(RuleNeeds needs)
    {
        const string marker = ".Ext.call_stack";
        var threads = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string field in needs.Fields)
        {
            int at = field.IndexOf(marker, StringComparison.Ordinal);
            if (at > 0)
                threads.Add(field.Substring(0, at));
        }
        return threads.Count == 0 ? "none" : string.Join(", ", threads);
    }

    private static string Cost(CostClass cost) => cost switch
    {
        CostClass.Compares => "compares whole values",
        CostClass.Scans => "scans texts",
        _ => "walks a list of objects",
    };
}
