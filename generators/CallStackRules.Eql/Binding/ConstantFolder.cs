using CallStackRules.Eql.Interpretation;

namespace CallStackRules.Eql.Binding;

/// <summary>
/// Replaces what is known when the rule is compiled by its value. The interpreter computes the values, so folding cannot disagree with it.
/// </summary>
public static class ConstantFolder
{
    /// <summary>
    /// The interpreter is simple, not fast: what would take it more steps than this (a huge text against a huge pattern) is left to the matcher, which is.
    /// </summary>
    private const long MostSteps = 1_000_000;

    /// <summary>An expression that yields the same for every event, with every constant part computed.</summary>
    public static BoundExpression Fold(BoundExpression expression)
    {
        BoundExpression folded = FoldParts(expression);
        if (!IsFunction(folded))
            return folded;
        // Nothing can be said of a missing operand: predicates are false, values missing.
        if (BoundTree.Children(folded).Any(static operand => operand is BoundConstant { Value: null }))
            return new BoundConstant(folded.Span, folded.IsPredicate ? false : null);
        bool isConstant = BoundTree.Children(folded).All(static operand => operand is BoundConstant);
        return isConstant && Steps(folded) <= MostSteps ? new BoundConstant(folded.Span, Interpreter.Constant(folded)) : folded;
    }

    /// <summary>A query with every condition, key and pipe folded.</summary>
    public static BoundQuery Fold(BoundQuery query) => query switch
    {
        BoundEventQuery e => e with { Filter = Fold(e.Filter), Pipes = Fold(e.Pipes) },
        BoundStepsQuery s => s with { Steps = [.. s.Steps.Select(Fold)], Until = s.Until is null ? null : Fold(s.Until), Pipes = Fold(s.Pipes) },
        _ => query,
    };

    private static IReadOnlyList<BoundPipe> Fold(IReadOnlyList<BoundPipe> pipes) =>
        [.. pipes.Select(static pipe => pipe with { Arguments = [.. pipe.Arguments.Select(Fold)] })];

    private static BoundStep Fold(BoundStep step) => step with
    {
        Filter = Fold(step.Filter),
        Keys = [.. step.Keys.Select(static key => key with { Expression = Fold(key.Expression) })],
    };

    private static BoundFilter Fold(BoundFilter filter) => filter with { Condition = Fold(filter.Condition) };

    private static BoundExpression FoldParts(BoundExpression expression) => expression switch
    {
        BoundNot e => FoldNot(e),
        BoundAnd e => FoldLogical(e, e.Operands, absorbing: false, static (span, operands) => new BoundAnd(span, operands)),
        BoundOr e => FoldLogical(e, e.Operands, absorbing: true, static (span, operands) => new BoundOr(span, operands)),
        BoundExists e => e with { Operand = Fold(e.Operand) },
        BoundIsTrue e => e with { Operand = Fold(e.Operand) },
        BoundComparison e => e with { Left = Fold(e.Left), Right = Fold(e.Right) },
        BoundMatch e => e with { Operand = Fold(e.Operand) },
        BoundTextTest e => e with { Text = Fold(e.Text), Sought = Fold(e.Sought) },
        BoundNetworkMatch e => e with { Address = Fold(e.Address) },
        BoundArraySearch e => FoldArraySearch(e),
        BoundArrayCount e => e with { Condition = Fold(e.Condition) },
        BoundLineage e => e with { Filter = e.Filter with { Condition = Fold(e.Filter.Condition) } },
        BoundArithmetic e => e with { Left = Fold(e.Left), Right = Fold(e.Right) },
        BoundNegate e => e with { Operand = Fold(e.Operand) },
        BoundLength e => e with { Operand = Fold(e.Operand) },
        BoundSubstring e => e with { Text = Fold(e.Text), From = Fold(e.From), To = e.To is null ? null : Fold(e.To) },
        BoundConcat e => e with { Parts = [.. e.Parts.Select(Fold)] },
        BoundIndexOf e => e with { Text = Fold(e.Text), Sought = Fold(e.Sought), From = e.From is null ? null : Fold(e.From) },
        BoundBetween e => e with { Text = Fold(e.Text), Left = Fold(e.Left), Right = Fold(e.Right) },
        BoundToText e => e with { Operand = Fold(e.Operand) },
        BoundToNumber e => e with { Operand = Fold(e.Operand), Base = e.Base is null ? null : Fold(e.Base) },
        _ => expression,
    };

    private static BoundExpression FoldNot(BoundNot not) => Fold(not.Operand) switch
    {
        BoundConstant { Value: bool value } => new BoundConstant(not.Span, !value),
        BoundNot inner => inner.Operand,
        BoundExpression operand => not with { Operand = operand },
    };

    /// <summary>Drops operands that cannot change the outcome; one that decides it replaces the whole.</summary>
    private static BoundExpression FoldLogical(
        BoundExpression whole, IReadOnlyList<BoundExpression> operands, bool absorbing, Func<Syntax.TextSpan, IReadOnlyList<BoundExpression>, BoundExpression> create)
    {
        var kept = new List<BoundExpression>(operands.Count);
        foreach (BoundExpression operand in operands)
        {
            BoundExpression folded = Fold(operand);
            if (folded is not BoundConstant { Value: bool value })
                kept.Add(folded);
            else if (value == absorbing)
                return new BoundConstant(whole.Span, absorbing);
        }
        return kept.Count switch
        {
            0 => new BoundConstant(whole.Span, !absorbing),
            1 => kept[0],
            _ => create(whole.Span, kept),
        };
    }

    private static BoundExpression FoldArraySearch(BoundArraySearch search) => Fold(search.Condition) switch
    {
        BoundConstant { Value: false } => new BoundConstant(search.Span, false),
        BoundExpression condition => search with { Condition = condition },
    };

    /// <summary>Whether an expression is computed from the values of its operands and nothing else.</summary>
    private static bool IsFunction(BoundExpression expression) => expression is not (
        BoundConstant or BoundField or BoundStepField or BoundNot or BoundAnd or BoundOr or BoundArraySearch or BoundArrayCount or BoundLineage);

    /// <summary>About how many comparisons of characters a constant expression takes.</summary>
    private static long Steps(BoundExpression expression) => expression switch
    {
        BoundMatch e => Length(e.Operand) * e.Patterns.Sum(static pattern => pattern.Text.Length + 1L),
        BoundTextTest e => Length(e.Text) * Length(e.Sought),
        BoundIndexOf e => Length(e.Text) * Length(e.Sought),
        BoundBetween e => Length(e.Text) * (Length(e.Left) + Length(e.Right)),
        _ => 0,
    };

    private static long Length(BoundExpression constant) => constant is BoundConstant { Value: string text } ? text.Length + 1 : 0;
}
