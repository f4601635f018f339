namespace CallStackRules.Eql.Syntax;

/// <summary>An expression as written.</summary>
public abstract class ExpressionSyntax(TextSpan span) : SyntaxNode(span);

/// <summary>Stands where an expression was expected and a message was already given; binding passes over it.</summary>
public sealed class MissingExpressionSyntax(TextSpan span) : ExpressionSyntax(span);

/// <summary>A string, number, <c>true</c>, <c>false</c> or <c>null</c>.</summary>
public sealed class LiteralSyntax(TextSpan span, object? value) : ExpressionSyntax(span)
{
    /// <summary>A <see cref="string"/> with its escapes resolved, a <see cref="long"/>, a <see cref="double"/>, a <see cref="bool"/>, or null.</summary>
    public object? Value { get; } = value;
}

/// <summary>
/// A field path, as in <c>process.parent.name</c>, <c>?user.id</c>, <c>`my field`</c>, <c>$entry.symbol_info</c>, or <c>events[1].name</c> in a pipe.
/// </summary>
public sealed class FieldSyntax(TextSpan span, string path) : ExpressionSyntax(span)
{
    /// <summary>The path without <c>?</c>, backticks and variable: <c>symbol_info</c> for <c>$entry.symbol_info</c>, empty for <c>$entry</c> alone.</summary>
    public string Path { get; } = path;

    /// <summary>Whether the field is written <c>?field</c>: it need not exist in the schema.</summary>
    public bool IsOptional { get; init; }

    /// <summary>The variable the path starts at, with its dollar sign, as in <c>$entry</c>; null when it starts at the event.</summary>
    public string? Variable { get; init; }
}

/// <summary>An expression in parentheses; kept because spans and formatting need it.</summary>
public sealed class ParenthesizedSyntax(TextSpan span, ExpressionSyntax expression) : ExpressionSyntax(span)
{
    /// <summary>What the parentheses hold.</summary>
    public ExpressionSyntax Expression { get; } = expression;
}

/// <summary><c>not x</c>.</summary>
public sealed class NotSyntax(TextSpan span, ExpressionSyntax operand) : ExpressionSyntax(span)
{
    /// <summary>What must not hold.</summary>
    public ExpressionSyntax Operand { get; } = operand;
}

/// <summary><c>-x</c>.</summary>
public sealed class NegateSyntax(TextSpan span, ExpressionSyntax operand) : ExpressionSyntax(span)
{
    /// <summary>The number to negate.</summary>
    public ExpressionSyntax Operand { get; } = operand;
}

/// <summary>A chain of <c>and</c> or of <c>or</c>, flat: thousands of operands must not nest.</summary>
public sealed class LogicalSyntax(TextSpan span, bool isAnd, IReadOnlyList<ExpressionSyntax> operands) : ExpressionSyntax(span)
{
    /// <summary><c>and</c> if true, <c>or</c> if not.</summary>
    public bool IsAnd { get; } = isAnd;

    /// <summary>Two or more operands.</summary>
    public IReadOnlyList<ExpressionSyntax> Operands { get; } = operands;
}

/// <summary>Operators between two values.</summary>
public enum BinaryOperator
{
    /// <summary><c>==</c></summary>
    Equal,
    /// <summary><c>!=</c></summary>
    NotEqual,
    /// <summary><c>&lt;</c></summary>
    Less,
    /// <summary><c>&lt;=</c></summary>
    LessOrEqual,
    /// <summary><c>&gt;</c></summary>
    Greater,
    /// <summary><c>&gt;=</c></summary>
    GreaterOrEqual,
    /// <summary><c>+</c></summary>
    Add,
    /// <summary><c>-</c></summary>
    Subtract,
    /// <summary><c>*</c></summary>
    Multiply,
    /// <summary><c>/</c></summary>
    Divide,
    /// <summary><c>%</c></summary>
    Modulo,
}

/// <summary>A comparison or arithmetic between two values.</summary>
public sealed class BinarySyntax(TextSpan span, BinaryOperator op, TextSpan operatorSpan, ExpressionSyntax left, ExpressionSyntax right)
    : ExpressionSyntax(span)
{
    /// <summary>The operator.</summary>
    public BinaryOperator Operator { get; } = op;

    /// <summary>Where the operator stands.</summary>
    public TextSpan OperatorSpan { get; } = operatorSpan;

    /// <summary>Left operand.</summary>
    public ExpressionSyntax Left { get; } = left;

    /// <summary>Right operand.</summary>
    public ExpressionSyntax Right { get; } = right;
}

/// <summary>Operators between a value and one or several patterns.</summary>
public enum MatchOperator
{
    /// <summary><c>:</c></summary>
    Colon,
    /// <summary><c>in</c> and <c>not in</c></summary>
    In,
    /// <summary><c>like</c></summary>
    Like,
    /// <summary><c>regex</c></summary>
    Regex,
}

/// <summary><c>x : ("a*", "b")</c>, <c>x in~ (..)</c>, <c>x like "..."</c>, <c>x regex~ "..."</c>.</summary>
public sealed class MatchSyntax(
    TextSpan span, ExpressionSyntax operand, MatchOperator op, TextSpan operatorSpan, IReadOnlyList<ExpressionSyntax> items) : ExpressionSyntax(span)
{
    /// <summary>The value that is matched.</summary>
    public ExpressionSyntax Operand { get; } = operand;

    /// <summary>The operator.</summary>
    public MatchOperator Operator { get; } = op;

    /// <summary>Where the operator stands, its <c>~</c> and <c>not</c> included.</summary>
    public TextSpan OperatorSpan { get; } = operatorSpan;

    /// <summary>The right side: one item, or those of a list.</summary>
    public IReadOnlyList<ExpressionSyntax> Items { get; } = items;

    /// <summary>Whether the operator ends in <c>~</c>.</summary>
    public bool IsInsensitive { get; init; }

    /// <summary>Whether the operator is <c>not in</c>.</summary>
    public bool IsNegated { get; init; }

    /// <summary>Whether the right side is a list in parentheses.</summary>
    public bool IsList { get; init; }
}

/// <summary>A function call.</summary>
public sealed class CallSyntax(TextSpan span, NameSyntax name, bool isInsensitive, IReadOnlyList<ExpressionSyntax> arguments) : ExpressionSyntax(span)
{
    /// <summary>The function's name as written, without <c>~</c>.</summary>
    public NameSyntax Name { get; } = name;

    /// <summary>Whether the name ends in <c>~</c>.</summary>
    public bool IsInsensitive { get; } = isInsensitive;

    /// <summary>The arguments.</summary>
    public IReadOnlyList<ExpressionSyntax> Arguments { get; } = arguments;
}

/// <summary>How a process is related to another.</summary>
public enum LineageRelation
{
    /// <summary><c>descendant of</c>: an ancestor matched.</summary>
    Descendant,
    /// <summary><c>child of</c>: the parent matched.</summary>
    Child,
    /// <summary><c>event of</c>: the process itself matched.</summary>
    Event,
}

/// <summary><c>descendant of [process where ..]</c>.</summary>
public sealed class LineageSyntax(TextSpan span, LineageRelation relation, EventFilterSyntax filter) : ExpressionSyntax(span)
{
    /// <summary>The relation.</summary>
    public LineageRelation Relation { get; } = relation;

    /// <summary>The event that makes its process a source.</summary>
    public EventFilterSyntax Filter { get; } = filter;
}
