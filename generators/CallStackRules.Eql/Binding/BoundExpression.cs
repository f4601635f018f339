using CallStackRules.Eql.Schema;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Binding;

/// <summary>What a bound expression yields.</summary>
public enum BoundType
{
    /// <summary>True or false. Predicates are never missing; a field of this type can be.</summary>
    Boolean,
    /// <summary>A whole number or one with a fraction, decided at run time.</summary>
    Number,
    /// <summary>UTF-16 text.</summary>
    Text,
    /// <summary>An object with fields.</summary>
    Object,
    /// <summary>Nothing: the literal <c>null</c>.</summary>
    Null,
}

/// <summary>
/// An expression whose names are resolved and whose operators say exactly what they do. Negated operators are a <see cref="BoundNot"/> around the positive one:
/// the language is two-valued, so <c>a != b</c> is <c>not a == b</c>, also when a value is missing or there are several.
/// </summary>
/// <param name="Span">Where it stands in the rule file.</param>
/// <param name="Type">What it yields.</param>
public abstract record BoundExpression(TextSpan Span, BoundType Type)
{
    /// <summary>
    /// Whether it is a predicate: a Boolean that is never missing. Everything of type <see cref="BoundType.Boolean"/> but fields.
    /// </summary>
    public virtual bool IsPredicate => Type == BoundType.Boolean;
}

/// <summary>A literal or folded value.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Value">A <see cref="string"/>, <see cref="long"/>, <see cref="double"/>, <see cref="bool"/> or null.</param>
public sealed record BoundConstant(TextSpan Span, object? Value) : BoundExpression(Span, TypeOf(Value))
{
    private static BoundType TypeOf(object? value) => value switch
    {
        null => BoundType.Null,
        string => BoundType.Text,
        bool => BoundType.Boolean,
        long or double => BoundType.Number,
        _ => throw new ArgumentException($"EQL has no values of type {value.GetType()}.", nameof(value)),
    };
}

/// <summary>The name of an item inside <c>_arraysearch</c> or <c>arraycount</c>.</summary>
/// <param name="Name">With its dollar sign, as in <c>$entry</c>.</param>
/// <param name="Array">The list whose items it names.</param>
public sealed record BoundVariable(string Name, BoundField Array);

/// <summary>A field of the event, or of a list item that a variable names.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Field">The field of the schema.</param>
/// <param name="Root">The variable that the path starts at; null when it starts at the event.</param>
public sealed record BoundField(TextSpan Span, EventField Field, BoundVariable? Root) : BoundExpression(Span, TypeOf(Field.Type))
{
    /// <inheritdoc/>
    public override bool IsPredicate => false;

    /// <summary>The first step of <see cref="EventField.Access"/> that is read: 0 from the event, further on from a list item.</summary>
    public int FirstStep => Root is null ? 0 : Root.Array.Field.Access.Count;

    /// <summary>Whether there can be several values: a step that is read is a list.</summary>
    public bool IsMultiValued
    {
        get
        {
            for (int i = FirstStep; i < Field.Access.Count; i++)
            {
                if (Field.Access[i].List != ListKind.None)
                    return true;
            }
            return false;
        }
    }

    /// <summary>Whether it is the variable itself (<c>$entry</c>) and no field of it.</summary>
    public bool IsItem => Root is not null && FirstStep == Field.Access.Count;

    private static BoundType TypeOf(FieldType type) => type switch
    {
        FieldType.Text => BoundType.Text,
        FieldType.Integer or FieldType.Float => BoundType.Number,
        FieldType.Boolean => BoundType.Boolean,
        _ => BoundType.Object,
    };
}

/// <summary>A field of the event that an earlier step of the sequence matched, as in <c>event0.file.name</c>.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Step">The step, from 0.</param>
/// <param name="Alias">The step's name.</param>
/// <param name="Field">The field.</param>
public sealed record BoundStepField(TextSpan Span, int Step, string Alias, BoundField Field) : BoundExpression(Span, Field.Type)
{
    /// <inheritdoc/>
    public override bool IsPredicate => false;
}

/// <summary><c>not x</c>.</summary>
public sealed record BoundNot(TextSpan Span, BoundExpression Operand) : BoundExpression(Span, BoundType.Boolean);

/// <summary>All of two or more.</summary>
public sealed record BoundAnd(TextSpan Span, IReadOnlyList<BoundExpression> Operands) : BoundExpression(Span, BoundType.Boolean);

/// <summary>Any of two or more.</summary>
public sealed record BoundOr(TextSpan Span, IReadOnlyList<BoundExpression> Operands) : BoundExpression(Span, BoundType.Boolean);

/// <summary>Whether a value is there: <c>x != null</c>.</summary>
public sealed record BoundExists(TextSpan Span, BoundExpression Operand) : BoundExpression(Span, BoundType.Boolean);

/// <summary>Whether a Boolean field is true; missing is not.</summary>
public sealed record BoundIsTrue(TextSpan Span, BoundExpression Operand) : BoundExpression(Span, BoundType.Boolean);

/// <summary>Comparisons of two values; the negative ones are a <see cref="BoundNot"/>.</summary>
public enum ComparisonKind
{
    /// <summary><c>==</c></summary>
    Equal,
    /// <summary><c>&lt;</c></summary>
    Less,
    /// <summary><c>&lt;=</c></summary>
    LessOrEqual,
    /// <summary><c>&gt;</c></summary>
    Greater,
    /// <summary><c>&gt;=</c></summary>
    GreaterOrEqual,
}

/// <summary>
/// A comparison of two values of one type (both text, both numbers, or both Boolean); false when either is missing. Equality of a text with a constant is a
/// <see cref="BoundMatch"/> instead.
/// </summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Kind">The comparison.</param>
/// <param name="Left">Left value.</param>
/// <param name="Right">Right value.</param>
/// <param name="IgnoreCase">For texts: whether case is ignored (only with <see cref="ComparisonKind.Equal"/>).</param>
public sealed record BoundComparison(TextSpan Span, ComparisonKind Kind, BoundExpression Left, BoundExpression Right, bool IgnoreCase)
    : BoundExpression(Span, BoundType.Boolean);

/// <summary>How a pattern is read.</summary>
public enum MatchKind
{
    /// <summary>The pattern is the text.</summary>
    Equal,
    /// <summary><c>*</c> any run, <c>?</c> one character.</summary>
    Wildcard,
    /// <summary>A regular expression for the whole text.</summary>
    Regex,
}

/// <summary>Whether a text is, or fits, one of several constant patterns.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Operand">The text.</param>
/// <param name="Kind">How the patterns are read.</param>
/// <param name="IgnoreCase">Whether case is ignored.</param>
/// <param name="Patterns">One or more.</param>
public sealed record BoundMatch(TextSpan Span, BoundExpression Operand, MatchKind Kind, bool IgnoreCase, IReadOnlyList<BoundPattern> Patterns)
    : BoundExpression(Span, BoundType.Boolean);

/// <summary>A constant pattern and where it stands.</summary>
public sealed record BoundPattern(TextSpan Span, string Text);

/// <summary>Where one text is looked for in another.</summary>
public enum TextTestKind
{
    /// <summary>At the start.</summary>
    StartsWith,
    /// <summary>At the end.</summary>
    EndsWith,
    /// <summary>Anywhere.</summary>
    Contains,
}

/// <summary><c>startswith</c>, <c>endswith</c>, <c>stringcontains</c>.</summary>
public sealed record BoundTextTest(TextSpan Span, TextTestKind Kind, BoundExpression Text, BoundExpression Sought, bool IgnoreCase)
    : BoundExpression(Span, BoundType.Boolean);

/// <summary><c>cidrmatch</c>: whether an address lies in one of several networks.</summary>
public sealed record BoundNetworkMatch(TextSpan Span, BoundExpression Address, IReadOnlyList<BoundPattern> Networks)
    : BoundExpression(Span, BoundType.Boolean);

/// <summary><c>_arraysearch</c>: whether some item satisfies a condition.</summary>
public sealed record BoundArraySearch(TextSpan Span, BoundVariable Variable, BoundExpression Condition) : BoundExpression(Span, BoundType.Boolean);

/// <summary><c>arraycount</c>: how many items satisfy a condition; missing when there are no items at all.</summary>
public sealed record BoundArrayCount(TextSpan Span, BoundVariable Variable, BoundExpression Condition) : BoundExpression(Span, BoundType.Number);

/// <summary><c>descendant of</c>, <c>child of</c>, <c>event of</c>.</summary>
public sealed record BoundLineage(TextSpan Span, LineageRelation Relation, BoundFilter Filter) : BoundExpression(Span, BoundType.Boolean);

/// <summary>Arithmetic between two numbers.</summary>
public enum ArithmeticKind
{
    /// <summary><c>+</c></summary>
    Add,
    /// <summary><c>-</c></summary>
    Subtract,
    /// <summary><c>*</c></summary>
    Multiply,
    /// <summary><c>/</c>, rounding down between whole numbers</summary>
    Divide,
    /// <summary><c>%</c>, with the sign of the divisor</summary>
    Modulo,
}

/// <summary>Arithmetic; missing when an operand is, on overflow, and on division by zero.</summary>
public sealed record BoundArithmetic(TextSpan Span, ArithmeticKind Kind, BoundExpression Left, BoundExpression Right) : BoundExpression(Span, BoundType.Number);

/// <summary><c>-x</c>.</summary>
public sealed record BoundNegate(TextSpan Span, BoundExpression Operand) : BoundExpression(Span, BoundType.Number);

/// <summary><c>length</c> of a text in characters, or of a multi-valued field in values.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Operand">The text or the field.</param>
/// <param name="CountsValues">Whether values are counted: the schema decides, not the value.</param>
public sealed record BoundLength(TextSpan Span, BoundExpression Operand, bool CountsValues) : BoundExpression(Span, BoundType.Number);

/// <summary><c>substring</c> with the slicing rules of Python.</summary>
public sealed record BoundSubstring(TextSpan Span, BoundExpression Text, BoundExpression From, BoundExpression? To) : BoundExpression(Span, BoundType.Text);

/// <summary><c>concat</c>: numbers and Booleans are rendered; missing when one argument is.</summary>
public sealed record BoundConcat(TextSpan Span, IReadOnlyList<BoundExpression> Parts) : BoundExpression(Span, BoundType.Text);

/// <summary><c>indexof</c>: missing when absent.</summary>
public sealed record BoundIndexOf(TextSpan Span, BoundExpression Text, BoundExpression Sought, BoundExpression? From, bool IgnoreCase)
    : BoundExpression(Span, BoundType.Number);

/// <summary><c>between</c>: the text between two others; missing when absent.</summary>
public sealed record BoundBetween(TextSpan Span, BoundExpression Text, BoundExpression Left, BoundExpression Right, bool IsGreedy, bool IgnoreCase)
    : BoundExpression(Span, BoundType.Text);

/// <summary><c>string</c>: a number, Boolean or text as text.</summary>
public sealed record BoundToText(TextSpan Span, BoundExpression Operand) : BoundExpression(Span, BoundType.Text);

/// <summary><c>number</c>: a text as a number; missing when it is none.</summary>
public sealed record BoundToNumber(TextSpan Span, BoundExpression Operand, BoundExpression? Base) : BoundExpression(Span, BoundType.Number);
