using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Diagnostics;

namespace CallStackRules.Eql.Lints;

/// <summary>EQL2001, EQL2002: a condition that does not depend on the event.</summary>
internal static class ConstantConditionLint
{
    public static void Check(BoundFilter filter, Action<EqlDiagnostic> report)
    {
        // 'where true' is how all events are asked for, and 'where false' is as deliberate.
        if (filter.Condition is BoundConstant)
            return;
        if (ConstantFolder.Fold(filter.Condition) is BoundConstant { Value: bool whole })
        {
            report(whole
                ? EqlDiagnostics.AlwaysTrue(filter.Condition.Span, "write 'where true' if all events are meant")
                : EqlDiagnostics.NeverTrue(filter.Condition.Span, "no event can satisfy it"));
            return;
        }
        foreach (BoundExpression expression in BoundTree.SelfAndBelow(filter.Condition))
        {
            IReadOnlyList<BoundExpression> operands = expression switch
            {
                BoundAnd and => and.Operands,
                BoundOr or => or.Operands,
                _ => [],
            };
            foreach (BoundExpression operand in operands)
            {
                // Unlike types have had their message where they were compared, and a literal is what its author wrote.
                if (operand is BoundConstant || BoundTree.SelfAndBelow(operand).Any(static below => below is BoundConstant { Value: bool or null }))
                    continue;
                if (ConstantFolder.Fold(operand) is BoundConstant { Value: bool value })
                {
                    report(value
                        ? EqlDiagnostics.AlwaysTrue(operand.Span, "it does not depend on the event")
                        : EqlDiagnostics.NeverTrue(operand.Span, "it does not depend on the event"));
                }
            }
        }
    }
}
