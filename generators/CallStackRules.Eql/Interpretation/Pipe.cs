using CallStackRules.Eql.Binding;

namespace CallStackRules.Eql.Interpretation;

/// <summary>
/// One pipe of a query: takes results, gives results. <c>head</c>, <c>filter</c> and <c>unique</c> give at once; the others hold all back until
/// the end.
/// </summary>
internal sealed class Pipe(BoundPipe pipe, Interpreter interpreter, LineageTable lineage)
{
    private readonly List<QueryResult> _held = [];
    private readonly HashSet<ValueList> _seen = [];
    private long _passed;

    /// <summary>What comes out when a result goes in.</summary>
    public IReadOnlyList<QueryResult> Take(QueryResult result)
    {
        switch (pipe.Kind)
        {
            case PipeKind.Head:
                return _passed++ < pipe.Count ? [result] : [];
            case PipeKind.Filter:
                return Values(result, pipe.Arguments[0]).Contains(true) ? [result] : [];
            case PipeKind.Unique:
                return _seen.Add(new ValueList(Values(result, pipe.Arguments))) ? [result] : [];
            default:
                _held.Add(result);
                return [];
        }
    }

    /// <summary>What comes out at the end.</summary>
    public IReadOnlyList<QueryResult> End() => pipe.Kind switch
    {
        PipeKind.Tail => [.. _held.Skip((int)Math.Max(0, _held.Count - pipe.Count))],
        PipeKind.Sort => [.. _held.OrderBy(result => Values(result, pipe.Arguments), ValueOrder.Instance)],
        PipeKind.Count => [.. Groups(pipe.Arguments).Select(ToCount)],
        PipeKind.UniqueCount => [.. Groups(pipe.Arguments).Select(group => group.First() with { Count = ToCount(group).Count })],
        PipeKind.Window => [.. Groups(pipe.Arguments.Skip(1)).SelectMany(InWindow).OrderBy(_held.IndexOf)],
        _ => [],
    };

    /// <summary>Results of equal values, in the order in which each value came first.</summary>
    private IEnumerable<IGrouping<ValueList, QueryResult>> Groups(IEnumerable<BoundExpression> expressions) =>
        _held.GroupBy(result => new ValueList(Values(result, expressions)));

    private QueryResult ToCount(IGrouping<ValueList, QueryResult> group) => new([], [])
    {
        Count = new ResultCount(group.Count(), group.Count() / (double)_held.Count, group.Key.Values),
        Time = group.Max(result => result.Time),
    };

    /// <summary>The results that are no older than the pipe's length of time before the latest one.</summary>
    private IEnumerable<QueryResult> InWindow(IGrouping<ValueList, QueryResult> group)
    {
        decimal latest = group.Max(result => result.Time);
        return group.Where(result => latest - result.Time <= (long)Interpreter.Constant(pipe.Arguments[0])!);
    }

    private IReadOnlyList<IReadOnlyList<object>> Values(QueryResult result, IEnumerable<BoundExpression> expressions) =>
        [.. expressions.Select(expression => Values(result, expression))];

    /// <summary>The values of an expression: a field is one of the first event, <c>events[n]</c> and names are the steps of the result.</summary>
    private IReadOnlyList<object> Values(QueryResult result, BoundExpression expression) =>
        interpreter.Values(expression, result.Events.FirstOrDefault(), new History(result.Steps, lineage));
}
