namespace CallStackRules.Eql.Binding;

/// <summary>Walks bound expressions.</summary>
public static class BoundTree
{
    /// <summary>The expressions directly below one. The condition of a lineage query is about another event and is not among them.</summary>
    public static IEnumerable<BoundExpression> Children(BoundExpression expression) => expression switch
    {
        BoundNot e => [e.Operand],
        BoundAnd e => e.Operands,
        BoundOr e => e.Operands,
        BoundExists e => [e.Operand],
        BoundIsTrue e => [e.Operand],
        BoundComparison e => [e.Left, e.Right],
        BoundMatch e => [e.Operand],
        BoundTextTest e => [e.Text, e.Sought],
        BoundNetworkMatch e => [e.Address],
        BoundArraySearch e => [e.Variable.Array, e.Condition],
        BoundArrayCount e => [e.Variable.Array, e.Condition],
        BoundArithmetic e => [e.Left, e.Right],
        BoundNegate e => [e.Operand],
        BoundLength e => [e.Operand],
        BoundSubstring e => e.To is null ? [e.Text, e.From] : [e.Text, e.From, e.To],
        BoundConcat e => e.Parts,
        BoundIndexOf e => e.From is null ? [e.Text, e.Sought] : [e.Text, e.Sought, e.From],
        BoundBetween e => [e.Text, e.Left, e.Right],
        BoundToText e => [e.Operand],
        BoundToNumber e => e.Base is null ? [e.Operand] : [e.Operand, e.Base],
        _ => [],
    };

    /// <summary>An expression and all below it, in the order written. The depth is bounded by the parser.</summary>
    public static IEnumerable<BoundExpression> SelfAndBelow(BoundExpression expression)
    {
        var pending = new Stack<BoundExpression>();
        pending.Push(expression);
        while (pending.Count > 0)
        {
            BoundExpression next = pending.Pop();
            yield return next;
            foreach (BoundExpression child in Children(next).Reverse())
                pending.Push(child);
        }
    }

    /// <summary>All expressions of a query: conditions, keys and pipes, those of lineage queries included.</summary>
    public static IEnumerable<BoundExpression> All(BoundQuery query)
    {
        IEnumerable<BoundStep> steps = query switch
        {
            BoundStepsQuery { Until: { } until } ended => [.. ended.Steps, until],
            BoundStepsQuery endless => endless.Steps,
            _ => [],
        };
        return query.Filters.Select(filter => filter.Condition)
            .Concat(steps.SelectMany(step => step.Keys).Select(key => key.Expression))
            .Concat(query.Pipes.SelectMany(pipe => pipe.Arguments))
            .SelectMany(All);
    }

    private static IEnumerable<BoundExpression> All(BoundExpression root)
    {
        foreach (BoundExpression expression in SelfAndBelow(root))
        {
            yield return expression;
            if (expression is not BoundLineage lineage)
                continue;
            foreach (BoundExpression inner in All(lineage.Filter.Condition))
                yield return inner;
        }
    }
}
