namespace CallStackRules.Eql.Interpretation;

/// <summary>What a query found: one event, or the events of its steps.</summary>
/// <param name="Steps">
/// By step of the query its events in order: one, several under <c>runs</c>, none for a missing event. Nothing at all behind <c>| count</c>.
/// </param>
/// <param name="Keys">By join key, shared ones first, its values: none for a missing <c>?key</c>, several for a multi-valued field.</param>
public sealed record QueryResult(IReadOnlyList<IReadOnlyList<object>> Steps, IReadOnlyList<IReadOnlyList<object>> Keys)
{
    /// <summary>All events in the order of the steps.</summary>
    public IReadOnlyList<object> Events => [.. Steps.SelectMany(step => step)];

    /// <summary>How many results it stands for; null unless the query counts.</summary>
    public ResultCount? Count { get; init; }

    /// <summary>The time of its latest event, in milliseconds.</summary>
    internal decimal Time { get; init; }
}

/// <summary>What <c>| count</c> and <c>| unique_count</c> tell.</summary>
/// <param name="Count">How many results have these values.</param>
/// <param name="Percent">Their share of all results: above 0, at most 1.</param>
/// <param name="Values">By argument of the pipe its values; empty without arguments.</param>
public sealed record ResultCount(long Count, double Percent, IReadOnlyList<IReadOnlyList<object>> Values);
