using System.Reflection;
using CallStackRules.Eql.Binding;

namespace CallStackRules.Eql.Tests.Generation;

/// <summary>Walks bound trees without knowing their kinds.</summary>
internal static class BoundParts
{
    /// <summary>The expression and all that are part of it, the arrays that are searched too.</summary>
    public static IEnumerable<BoundExpression> All(BoundExpression expression) => Children(expression).SelectMany(All).Prepend(expression);

    /// <summary>The predicates that are not made of other predicates.</summary>
    public static IEnumerable<BoundExpression> Predicates(BoundExpression condition) => condition switch
    {
        BoundNot not => Predicates(not.Operand),
        BoundAnd and => and.Operands.SelectMany(Predicates),
        BoundOr or => or.Operands.SelectMany(Predicates),
        BoundArraySearch search => Predicates(search.Condition).Prepend(search.Variable.Array),
        _ => [condition],
    };

    private static IEnumerable<BoundExpression> Children(BoundExpression expression) =>
        expression.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(property => property.GetValue(expression) switch
        {
            BoundExpression child => [child],
            IEnumerable<BoundExpression> children => children,
            BoundVariable variable => [variable.Array],
            _ => [],
        });
}
