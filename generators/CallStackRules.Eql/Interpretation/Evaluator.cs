using CallStackRules.Eql.Automata;
using CallStackRules.Eql.Binding;

namespace CallStackRules.Eql.Interpretation;

/// <summary>What each kind of bound expression means.</summary>
/// <remarks>
/// Everything follows from one idea: an expression has a list of values. Missing is the empty list, a multi-valued field has several. A function of several operands
/// is applied to every choice of one value each and has the values that come out; a predicate holds when it holds for some choice. With nothing to choose
/// from, it holds for none, which makes the logic two-valued.
/// </remarks>
internal sealed class Evaluator(IEventReader reader)
{
    /// <summary>Whether a predicate holds.</summary>
    public bool Holds(BoundExpression condition, Scope scope) => condition switch
    {
        BoundConstant constant => constant.Value is true,
        BoundNot not => !Holds(not.Operand, scope),
        BoundAnd and => and.Operands.All(operand => Holds(operand, scope)),
        BoundOr or => or.Operands.Any(operand => Holds(operand, scope)),
        BoundExists exists => Values(exists.Operand, scope).Count > 0,
        BoundIsTrue isTrue => Values(isTrue.Operand, scope).Contains(true),
        BoundComparison comparison => Choices(scope, comparison.Left, comparison.Right)
            .Any(values => Compare(comparison.Kind, values[0], values[1], comparison.IgnoreCase)),
        BoundMatch match => Choices(scope, match.Operand)
            .Any(values => match.Patterns.Any(pattern => Fits(match.Kind, pattern.Text, (string)values[0], match.IgnoreCase))),
        BoundTextTest test => Choices(scope, test.Text, test.Sought)
            .Any(values => Tests(test.Kind, (string)values[0], (string)values[1], test.IgnoreCase)),
        BoundNetworkMatch match => Choices(scope, match.Address)
            .Any(values => match.Networks.Any(network => Network.Contains(network.Text, (string)values[0]))),
        BoundArraySearch search => Items(search.Variable, scope).Any(item => Holds(search.Condition, scope.With(search.Variable, item))),
        BoundLineage lineage => HistoryOf(scope, $"'{lineage.Relation} of'").Lineage.Holds(lineage, scope.Event),
        _ => throw new ArgumentException($"{condition.GetType().Name} is not a predicate."),
    };

    /// <summary>All values of an expression.</summary>
    public IReadOnlyList<object> Values(BoundExpression expression, Scope scope) => expression switch
    {
        BoundConstant { Value: null } => [],
        BoundConstant { Value: { } value } => [value],
        BoundField field => scope.RootOf(field) is { } root ? reader.Read(root, field.Field, field.FirstStep) : [],
        // Under 'runs' the name stands for the first of the run.
        BoundStepField field => HistoryOf(scope, $"'{field.Alias}.{field.Field.Field.Path}'").Steps.ElementAtOrDefault(field.Step) is [{ } first, ..]
            ? reader.Read(first, field.Field.Field, field.Field.FirstStep)
            : [],
        BoundArrayCount count => Items(count.Variable, scope) is { Count: > 0 } items
            ? [(long)items.Count(item => Holds(count.Condition, scope.With(count.Variable, item)))]
            : [],
        BoundArithmetic arithmetic => Apply(scope, values => Numbers.Apply(arithmetic.Kind, values[0], values[1]), arithmetic.Left, arithmetic.Right),
        BoundNegate negate => Apply(scope, values => Numbers.Negate(values[0]), negate.Operand),
        BoundLength { CountsValues: true } length => Values(length.Operand, scope) is { Count: > 0 } values ? [(long)values.Count] : [],
        BoundLength length => Apply(scope, values => (long)((string)values[0]).Length, length.Operand),
        BoundSubstring { To: null } part => Apply(scope, values => Slice(values[0], values[1], null), part.Text, part.From),
        BoundSubstring { To: { } to } part => Apply(scope, values => Slice(values[0], values[1], values[2]), part.Text, part.From, to),
        BoundConcat concat => Apply(scope, values => string.Concat(values.Select(NumberText.Render)), [.. concat.Parts]),
        BoundIndexOf { From: null } indexOf => Apply(scope, values => IndexOf(values[0], values[1], 0L, indexOf.IgnoreCase), indexOf.Text, indexOf.Sought),
        BoundIndexOf { From: { } from } indexOf => Apply(
            scope, values => IndexOf(values[0], values[1], values[2], indexOf.IgnoreCase), indexOf.Text, indexOf.Sought, from),
        BoundBetween between => Apply(
            scope,
            values => OrdinalText.Between((string)values[0], (string)values[1], (string)values[2], between.IsGreedy, between.IgnoreCase),
            between.Text,
            between.Left,
            between.Right),
        BoundToText toText => Apply(scope, values => NumberText.Render(values[0]), toText.Operand),
        BoundToNumber { Base: null } toNumber => Apply(scope, values => NumberText.Read((string)values[0], null), toNumber.Operand),
        BoundToNumber { Base: { } radix } toNumber => Apply(
            scope, values => Numbers.ToWhole(values[1]) is { } whole ? NumberText.Read((string)values[0], whole) : null, toNumber.Operand, radix),
        { IsPredicate: true } => [Holds(expression, scope)],
        _ => throw new ArgumentException($"{expression.GetType().Name} is not a value."),
    };

    private static History HistoryOf(Scope scope, string asker) =>
        scope.History ?? throw new NotSupportedException($"{asker} asks for other events; this interpreter sees one.");

    private IReadOnlyList<object> Items(BoundVariable variable, Scope scope) => Values(variable.Array, scope);

    private IReadOnlyList<object> Apply(Scope scope, Func<IReadOnlyList<object>, object?> function, params BoundExpression[] operands) =>
        [.. Choices(scope, operands).Select(function).OfType<object>()];

    /// <summary>Every way to take one value of each operand.</summary>
    private IEnumerable<IReadOnlyList<object>> Choices(Scope scope, params BoundExpression[] operands)
    {
        IEnumerable<IReadOnlyList<object>> choices = [[]];
        foreach (BoundExpression operand in operands)
        {
            IReadOnlyList<object> values = Values(operand, scope);
            choices = choices.SelectMany(choice => values.Select(value => (IReadOnlyList<object>)[.. choice, value]));
        }
        return choices;
    }

    private static bool Compare(ComparisonKind kind, object left, object right, bool ignoreCase) => (left, right) switch
    {
        (string l, string r) when kind == ComparisonKind.Equal => OrdinalText.Equal(l, r, ignoreCase),
        (string l, string r) => Satisfies(kind, string.CompareOrdinal(l, r)),
        (bool l, bool r) => kind == ComparisonKind.Equal && l == r,
        _ => Numbers.Compare(left, right) is { } order && Satisfies(kind, order),
    };

    private static bool Satisfies(ComparisonKind kind, int order) => kind switch
    {
        ComparisonKind.Equal => order == 0,
        ComparisonKind.Less => order < 0,
        ComparisonKind.LessOrEqual => order <= 0,
        ComparisonKind.Greater => order > 0,
        ComparisonKind.GreaterOrEqual => order >= 0,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static bool Fits(MatchKind kind, string pattern, string text, bool ignoreCase) => kind switch
    {
        MatchKind.Equal => OrdinalText.Equal(text, pattern, ignoreCase),
        MatchKind.Wildcard => Wildcard.Matches(pattern, text, ignoreCase),
        MatchKind.Regex => RegexSyntax.TryParse(pattern, out RegexNode? regex, out RegexError? error)
            ? RegexOracle.IsMatch(regex!, text, ignoreCase)
            : throw new ArgumentException($"Binding let a bad regular expression pass: {error!.Message}", nameof(pattern)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static bool Tests(TextTestKind kind, string text, string sought, bool ignoreCase) => kind switch
    {
        TextTestKind.StartsWith => OrdinalText.StartsWith(text, sought, ignoreCase),
        TextTestKind.EndsWith => OrdinalText.EndsWith(text, sought, ignoreCase),
        // Nothing is contained nowhere; only so is an empty piece of another field no match.
        TextTestKind.Contains => sought.Length > 0 && OrdinalText.IndexOf(text, sought, 0, ignoreCase) is not null,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static object? Slice(object text, object from, object? to)
    {
        long? start = Numbers.ToWhole(from);
        long? end = to is null ? null : Numbers.ToWhole(to);
        return start is null || (end is null && to is not null) ? null : OrdinalText.Slice((string)text, start.Value, end);
    }

    private static object? IndexOf(object text, object sought, object from, bool ignoreCase) =>
        Numbers.ToWhole(from) is { } start && OrdinalText.IndexOf((string)text, (string)sought, start, ignoreCase) is { } at ? (long)at : null;
}
