using CallStackRules.Eql.Binding;

namespace CallStackRules.Eql.Interpretation;

/// <summary>
/// One pipe of a query: takes results, gives results. <c>head</c>, <c>filter</c> and <c>unique</c> give at once; the others hold all back until the end.
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
        PipeKind.Count => [.. Groups(pipe.Arguments).Select(group => new QueryResult([], []) { Count = CountOf(group), Time = group.Max(result => result.Time) })],
        PipeKind.UniqueCount => [.. Groups(pipe.Arguments).Select(group => group.First() with { Count = CountOf(group) })],
        PipeKind.Window => [.. _held.Where(IsInWindow)],
        _ => [],
    };

    /// <summary>Results of equal values, in the order in which each value came first.</summary>
    private IEnumerable<IGrouping<ValueList, QueryResult>> Groups(IEnumerable<BoundExpression> expressions) =>
        _held.GroupBy(result => new ValueList(Values(result, expressions)));

    private ResultCount CountOf(IGrouping<ValueList, QueryResult> group) => new(group.Count(), group.Count() / (double)_held.Count, group.Key.Values);

    /// <summary>Whether a result is not older than a length of time before the latest one of the same values. The length is the first argument, in milliseconds.</summary>
    private bool IsInWindow(QueryResult result)
    {
        decimal latest = _held.Where(other => WindowOf(other).Equals(WindowOf(result))).Max(other => other.Time);
        return Interpreter.Constant(pipe.Arguments[0]) switch
        {
            long length => latest - result.Time <= length,
            double length => latest - result.Time <= (decimal)length,
            _ => false,
        };
    }

    private ValueList WindowOf(QueryResult result) => new(Values(result, pipe.Arguments.Skip(1)));

    private IReadOnlyList<IReadOnlyList<object>> Values(QueryResult result, IEnumerable<BoundExpression> expressions) =>
        [.. expressions.Select(expression => Values(result, expression))];

    /// <summary>The values of an expression in which a field is one of the first event, and <c>events[n]</c> and names are the steps of the result.</summary>
    private IReadOnlyList<object> Values(QueryResult result, BoundExpression expression) =>
        interpreter.Values(expression, result.Events.FirstOrDefault(), new History(result.Steps, lineage));
}
