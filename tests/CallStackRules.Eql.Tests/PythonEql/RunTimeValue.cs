using CallStackRules.Eql.Automata;
using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Tests.Automata;
using CallStackRules.Events;
using CallStackRules.Matching;

namespace CallStackRules.Eql.Tests.PythonEql;

/// <summary>Evaluates a bound expression without fields by calling the functions that generated code would call.</summary>
internal static class RunTimeValue
{
    /// <summary>A string, long, double or bool; null when missing.</summary>
    public static object? Of(BoundExpression expression) => expression switch
    {
        BoundConstant e => e.Value,
        BoundNot e => !Holds(e.Operand),
        BoundAnd e => e.Operands.All(Holds),
        BoundOr e => e.Operands.Any(Holds),
        BoundExists e => Of(e.Operand) is not null,
        BoundIsTrue e => Of(e.Operand) is true,
        BoundComparison e => Compare(e.Kind, Of(e.Left), Of(e.Right), e.IgnoreCase),
        BoundMatch e => Match(e),
        BoundTextTest { Kind: TextTestKind.StartsWith } e => TextPredicates.StartsWith(Text(e.Text), Text(e.Sought), e.IgnoreCase),
        BoundTextTest { Kind: TextTestKind.EndsWith } e => TextPredicates.EndsWith(Text(e.Text), Text(e.Sought), e.IgnoreCase),
        BoundTextTest e => TextPredicates.Contains(Text(e.Text), Text(e.Sought), e.IgnoreCase),
        BoundArithmetic e => Compute(e.Kind, Of(e.Left), Of(e.Right)),
        BoundNegate e => Of(e.Operand) is long integer ? Arithmetic.Negate(integer) : Arithmetic.Negate((double?)Of(e.Operand)),
        BoundLength e => TextFunctions.Length(Text(e.Operand)),
        BoundSubstring { To: null } e => Value(TextFunctions.Substring(Text(e.Text), Integer(e.From))),
        BoundSubstring { To: { } to } e => Value(TextFunctions.Substring(Text(e.Text), Integer(e.From), Integer(to))),
        BoundConcat e => Value(new TextScratch().Concat([.. e.Parts.Select(part => Render(Of(part)))])),
        BoundIndexOf { From: null } e => TextFunctions.IndexOf(Text(e.Text), Text(e.Sought), e.IgnoreCase),
        BoundIndexOf { From: { } from } e => TextFunctions.IndexOf(Text(e.Text), Text(e.Sought), Integer(from), e.IgnoreCase),
        BoundBetween e => Value(TextFunctions.Between(Text(e.Text), Text(e.Left), Text(e.Right), e.IsGreedy, e.IgnoreCase)),
        BoundToText e => Value(Render(Of(e.Operand))),
        BoundToNumber { Base: null } e => (object?)TextFunctions.ToNumber(Text(e.Operand)) ?? TextFunctions.ToFloat(Text(e.Operand)),
        BoundToNumber { Base: { } radix } e =>
            (object?)TextFunctions.ToNumber(Text(e.Operand), Integer(radix)) ?? TextFunctions.ToFloat(Text(e.Operand), Integer(radix)),
        _ => throw new ArgumentException($"{expression.GetType().Name} has no value without an event."),
    };

    private static bool Holds(BoundExpression predicate) => Of(predicate) is true;

    private static Text Text(BoundExpression expression) => (string?)Of(expression);

    private static long? Integer(BoundExpression expression) => (long?)Of(expression);

    private static string? Value(Text text) => text.IsMissing ? null : text.ToString();

    private static Text Render(object? value) => value switch
    {
        long integer => new TextScratch().Render(integer),
        double fraction => new TextScratch().Render(fraction),
        bool truth => new TextScratch().Render(truth),
        _ => (string?)value,
    };

    private static bool Match(BoundMatch match)
    {
        string[] patterns = [.. match.Patterns.Select(pattern => pattern.Text)];
        return match.Kind switch
        {
            MatchKind.Equal => new TextSet(match.IgnoreCase, patterns).Contains(Text(match.Operand)),
            MatchKind.Wildcard => new WildcardSet(match.IgnoreCase, patterns).IsMatch(Text(match.Operand)),
            _ => Of(match.Operand) is string text && patterns.Any(pattern => RunTables.Of(Compile(pattern, match.IgnoreCase))(text)),
        };
    }

    private static AutomatonTables Compile(string pattern, bool ignoreCase)
    {
        Assert.True(RegexSyntax.TryParse(pattern, out RegexNode? node, out _));
        Assert.True(AutomatonCompiler.TryCompile([node], ignoreCase, out AutomatonTables? tables, out _));
        return tables;
    }

    private static bool Compare(ComparisonKind kind, object? left, object? right, bool ignoreCase) => (left, right) switch
    {
        (string l, string r) => CompareTexts(kind, l, r, ignoreCase),
        (long l, long r) => Compare<long?, long?>(
            kind, l, r, Arithmetic.Equal, Arithmetic.Less, Arithmetic.LessOrEqual, Arithmetic.Greater, Arithmetic.GreaterOrEqual),
        (long l, double r) => Compare<long?, double?>(
            kind, l, r, Arithmetic.Equal, Arithmetic.Less, Arithmetic.LessOrEqual, Arithmetic.Greater, Arithmetic.GreaterOrEqual),
        (double l, long r) => Compare<double?, long?>(
            kind, l, r, Arithmetic.Equal, Arithmetic.Less, Arithmetic.LessOrEqual, Arithmetic.Greater, Arithmetic.GreaterOrEqual),
        (double l, double r) => Compare<double?, double?>(
            kind, l, r, Arithmetic.Equal, Arithmetic.Less, Arithmetic.LessOrEqual, Arithmetic.Greater, Arithmetic.GreaterOrEqual),
        (bool l, bool r) => kind == ComparisonKind.Equal && l == r,
        _ => false,
    };

    private static bool CompareTexts(ComparisonKind kind, Text left, Text right, bool ignoreCase) => Compare(
        kind, left, right, ignoreCase ? TextPredicates.EqualsIgnoreCase : TextPredicates.Equals,
        TextPredicates.Less, TextPredicates.LessOrEqual, TextPredicates.Greater, TextPredicates.GreaterOrEqual);

    private static bool Compare<TLeft, TRight>(
        ComparisonKind kind,
        TLeft left,
        TRight right,
        Func<TLeft, TRight, bool> equal,
        Func<TLeft, TRight, bool> less,
        Func<TLeft, TRight, bool> lessOrEqual,
        Func<TLeft, TRight, bool> greater,
        Func<TLeft, TRight, bool> greaterOrEqual) => kind switch
        {
            ComparisonKind.Equal => equal(left, right),
            ComparisonKind.Less => less(left, right),
            ComparisonKind.LessOrEqual => lessOrEqual(left, right),
            ComparisonKind.Greater => greater(left, right),
            _ => greaterOrEqual(left, right),
        };

    private static object? Compute(ArithmeticKind kind, object? left, object? right) => (left, right) switch
    {
        (null, _) or (_, null) => null,
        (long l, long r) => kind switch
        {
            ArithmeticKind.Add => Arithmetic.Add(l, r),
            ArithmeticKind.Subtract => Arithmetic.Subtract(l, r),
            ArithmeticKind.Multiply => Arithmetic.Multiply(l, r),
            ArithmeticKind.Divide => Arithmetic.Divide(l, r),
            _ => Arithmetic.Modulo(l, r),
        },
        _ => (object?)Compute(kind, Fraction(left), Fraction(right)),
    };

    private static double Fraction(object number) => number is long integer ? integer : (double)number;

    private static double? Compute(ArithmeticKind kind, double left, double right) => kind switch
    {
        ArithmeticKind.Add => Arithmetic.Add(left, right),
        ArithmeticKind.Subtract => Arithmetic.Subtract(left, right),
        ArithmeticKind.Multiply => Arithmetic.Multiply(left, right),
        ArithmeticKind.Divide => Arithmetic.Divide(left, right),
        _ => Arithmetic.Modulo(left, right),
    };
}
