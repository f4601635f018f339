using System.Globalization;
using System.Text;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Tests.Syntax;

/// <summary>Writes a syntax tree as an S-expression on one line, so that a test can state the whole tree.</summary>
internal static class SyntaxDump
{
    public static string Of(SyntaxNode? node) => node switch
    {
        null => "nothing",
        EventQuerySyntax query => Of(query.Filter) + Pipes(query),
        SequenceQuerySyntax query => $"(sequence{Keys(query.Keys)}{MaxSpan(query.MaxSpan)}{Steps(query.Steps)}{Until(query.Until)}){Pipes(query)}",
        SampleQuerySyntax query => $"(sample{Keys(query.Keys)}{Steps(query.Steps)}){Pipes(query)}",
        JoinQuerySyntax query => $"(join{Keys(query.Keys)}{Steps(query.Steps)}{Until(query.Until)}){Pipes(query)}",
        EventFilterSyntax filter => $"({Category(filter)} {Of(filter.Condition)})",
        StepSyntax step => Step(step),
        MissingExpressionSyntax => "<missing>",
        LiteralSyntax literal => Literal(literal.Value),
        FieldSyntax field => Field(field),
        ParenthesizedSyntax inner => $"<{Of(inner.Expression)}>",
        NotSyntax not => $"(not {Of(not.Operand)})",
        NegateSyntax negate => $"(neg {Of(negate.Operand)})",
        LogicalSyntax logical => $"({(logical.IsAnd ? "and" : "or")}{List(logical.Operands)})",
        BinarySyntax binary => $"({Symbol(binary.Operator)} {Of(binary.Left)} {Of(binary.Right)})",
        MatchSyntax match => $"({Symbol(match)} {Of(match.Operand)}{(match.IsList ? $" [{List(match.Items).TrimStart()}]" : List(match.Items))})",
        CallSyntax call => $"({call.Name.Text}{(call.IsInsensitive ? "~" : "")}{List(call.Arguments)})",
        LineageSyntax lineage => $"({lineage.Relation.ToString().ToLowerInvariant()}-of {Of(lineage.Filter)})",
        _ => throw new NotSupportedException(node.GetType().Name),
    };

    /// <summary>The node and everything below it.</summary>
    public static IEnumerable<SyntaxNode> Descendants(SyntaxNode root)
    {
        Stack<SyntaxNode> pending = new([root]);
        while (pending.TryPop(out SyntaxNode? node))
        {
            yield return node;
            foreach (SyntaxNode child in Children(node))
                pending.Push(child);
        }
    }

    public static IEnumerable<SyntaxNode> Children(SyntaxNode node) => node switch
    {
        EventQuerySyntax query => [query.Filter, .. query.Pipes],
        SequenceQuerySyntax query => [.. query.Keys, .. Optional(query.MaxSpan), .. query.Steps, .. Optional(query.Until), .. query.Pipes],
        SampleQuerySyntax query => [.. query.Keys, .. query.Steps, .. query.Pipes],
        JoinQuerySyntax query => [.. query.Keys, .. query.Steps, .. Optional(query.Until), .. query.Pipes],
        EventFilterSyntax filter => [filter.Category, filter.Condition],
        StepSyntax step => [step.Filter, .. step.Keys, .. Optional(step.Alias)],
        KeySyntax key => [key.Expression],
        PipeSyntax pipe => [pipe.Name, .. pipe.Arguments],
        ParenthesizedSyntax inner => [inner.Expression],
        NotSyntax not => [not.Operand],
        NegateSyntax negate => [negate.Operand],
        LogicalSyntax logical => logical.Operands,
        BinarySyntax binary => [binary.Left, binary.Right],
        MatchSyntax match => [match.Operand, .. match.Items],
        CallSyntax call => [call.Name, .. call.Arguments],
        LineageSyntax lineage => [lineage.Filter],
        _ => [],
    };

    private static IEnumerable<SyntaxNode> Optional(SyntaxNode? node) => node is null ? [] : [node];

    private static string List(IEnumerable<SyntaxNode> nodes) => string.Concat(nodes.Select(node => " " + Of(node)));

    private static string Keys(IReadOnlyList<KeySyntax> keys) =>
        keys.Count == 0 ? "" : $" by={string.Join(",", keys.Select(key => Of(key.Expression)))}";

    private static string MaxSpan(TimeSpanSyntax? span) => span is null ? "" : string.Create(CultureInfo.InvariantCulture, $" maxspan={span.Value.TotalSeconds}s");

    private static string Steps(IReadOnlyList<StepSyntax> steps) => List(steps);

    private static string Until(StepSyntax? until) => until is null ? "" : $" until {Of(until)}";

    private static string Step(StepSyntax step) =>
        (step.IsMissing ? "!" : "") + $"[{Of(step.Filter)}{Keys(step.Keys)}{(step.RunsSpan is null ? "" : $" runs={step.Runs}")}{(step.Alias is null ? "" : $" as={step.Alias.Text}")}]";

    private static string Pipes(QuerySyntax query) => string.Concat(query.Pipes.Select(pipe => $" | {pipe.Name.Text}{List(pipe.Arguments)}"));

    private static string Category(EventFilterSyntax filter) => filter.IsAnyCategory ? "*" : filter.Category.Text;

    private static string Field(FieldSyntax field)
    {
        string path = field.Variable is null ? field.Path : field.Path.Length == 0 ? field.Variable : $"{field.Variable}.{field.Path}";
        return (field.IsOptional ? "?" : "") + path;
    }

    private static string Literal(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        string text => Quote(text),
        double real when real == Math.Floor(real) && Math.Abs(real) < 1e15 => real.ToString("0.0", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Quote(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (char c in text)
            quoted.Append(c is < ' ' or > '~' ? $"\\u{{{(int)c:X}}}" : c.ToString());
        return quoted.Append('"').ToString();
    }

    private static string Symbol(BinaryOperator op) => op switch
    {
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        _ => "%",
    };

    private static string Symbol(MatchSyntax match)
    {
        string word = match.Operator == MatchOperator.Colon ? ":" : match.Operator.ToString().ToLowerInvariant();
        return (match.IsNegated ? "not-" : "") + word + (match.IsInsensitive ? "~" : "");
    }
}
