namespace CallStackRules.Eql.Syntax;

/// <summary>A part of a rule file as written.</summary>
public abstract class SyntaxNode(TextSpan span)
{
    /// <summary>The characters it is made of, without surrounding blanks and comments.</summary>
    public TextSpan Span { get; } = span;
}

/// <summary>A word with its place.</summary>
public sealed class NameSyntax(TextSpan span, string text) : SyntaxNode(span)
{
    /// <summary>The word, without quotes.</summary>
    public string Text { get; } = text;
}

/// <summary>A whole query.</summary>
public abstract class QuerySyntax(TextSpan span, IReadOnlyList<PipeSyntax> pipes) : SyntaxNode(span)
{
    /// <summary>What follows the query behind <c>|</c>.</summary>
    public IReadOnlyList<PipeSyntax> Pipes { get; } = pipes;
}

/// <summary><c>category where condition</c> with its pipes.</summary>
public sealed class EventQuerySyntax(TextSpan span, EventFilterSyntax filter, IReadOnlyList<PipeSyntax> pipes) : QuerySyntax(span, pipes)
{
    /// <summary>The event to match.</summary>
    public EventFilterSyntax Filter { get; } = filter;
}

/// <summary><c>sequence by keys with maxspan=T [..] [..] until [..]</c>.</summary>
public sealed class SequenceQuerySyntax(
    TextSpan span,
    IReadOnlyList<KeySyntax> keys,
    TimeSpanSyntax? maxSpan,
    IReadOnlyList<StepSyntax> steps,
    StepSyntax? until,
    IReadOnlyList<PipeSyntax> pipes) : QuerySyntax(span, pipes)
{
    /// <summary>Keys shared by all steps.</summary>
    public IReadOnlyList<KeySyntax> Keys { get; } = keys;

    /// <summary>How far the last event may be from the first.</summary>
    public TimeSpanSyntax? MaxSpan { get; } = maxSpan;

    /// <summary>The steps in their order.</summary>
    public IReadOnlyList<StepSyntax> Steps { get; } = steps;

    /// <summary>The event that ends pending matches.</summary>
    public StepSyntax? Until { get; } = until;
}

/// <summary><c>sample by keys [..] [..]</c>.</summary>
public sealed class SampleQuerySyntax(
    TextSpan span, IReadOnlyList<KeySyntax> keys, IReadOnlyList<StepSyntax> steps, IReadOnlyList<PipeSyntax> pipes) : QuerySyntax(span, pipes)
{
    /// <summary>Keys shared by all filters.</summary>
    public IReadOnlyList<KeySyntax> Keys { get; } = keys;

    /// <summary>The filters, in any order of events.</summary>
    public IReadOnlyList<StepSyntax> Steps { get; } = steps;
}

/// <summary><c>join by keys [..] [..] until [..]</c>, the legacy spelling of a sample over a stream.</summary>
public sealed class JoinQuerySyntax(
    TextSpan span, IReadOnlyList<KeySyntax> keys, IReadOnlyList<StepSyntax> steps, StepSyntax? until, IReadOnlyList<PipeSyntax> pipes)
    : QuerySyntax(span, pipes)
{
    /// <summary>Keys shared by all filters.</summary>
    public IReadOnlyList<KeySyntax> Keys { get; } = keys;

    /// <summary>The filters, in any order of events.</summary>
    public IReadOnlyList<StepSyntax> Steps { get; } = steps;

    /// <summary>The event that ends pending matches.</summary>
    public StepSyntax? Until { get; } = until;
}

/// <summary><c>category where condition</c>.</summary>
public sealed class EventFilterSyntax(TextSpan span, NameSyntax category, ExpressionSyntax condition) : SyntaxNode(span)
{
    /// <summary>The category; <c>any</c> (not quoted) for all.</summary>
    public NameSyntax Category { get; } = category;

    /// <summary>Whether the category is the bare word <c>any</c>.</summary>
    public bool IsAnyCategory { get; init; }

    /// <summary>What must hold.</summary>
    public ExpressionSyntax Condition { get; } = condition;
}

/// <summary>One <c>[filter] by keys with runs=N as name</c> of a sequence, sample or join.</summary>
public sealed class StepSyntax(TextSpan span, EventFilterSyntax filter, IReadOnlyList<KeySyntax> keys) : SyntaxNode(span)
{
    /// <summary>The event to match.</summary>
    public EventFilterSyntax Filter { get; } = filter;

    /// <summary>The step's own keys.</summary>
    public IReadOnlyList<KeySyntax> Keys { get; } = keys;

    /// <summary>Whether the event must be absent: <c>![..]</c>.</summary>
    public bool IsMissing { get; init; }

    /// <summary>How often the event must happen; 1 when not written.</summary>
    public int Runs { get; init; } = 1;

    /// <summary>Where <c>with runs=N</c> stands, if it does.</summary>
    public TextSpan? RunsSpan { get; init; }

    /// <summary>The name by which later steps read this step's event.</summary>
    public NameSyntax? Alias { get; init; }
}

/// <summary>A join key.</summary>
public sealed class KeySyntax(TextSpan span, ExpressionSyntax expression, bool isOptional) : SyntaxNode(span)
{
    /// <summary>The value to join on, nearly always a field.</summary>
    public ExpressionSyntax Expression { get; } = expression;

    /// <summary>Whether the key is written <c>?key</c>: null equals null.</summary>
    public bool IsOptional { get; } = isOptional;
}

/// <summary>A length of time as in <c>30s</c>.</summary>
public sealed class TimeSpanSyntax(TextSpan span, TimeSpan value) : SyntaxNode(span)
{
    /// <summary>The length.</summary>
    public TimeSpan Value { get; } = value;
}

/// <summary>A pipe, as in <c>| head 5</c>.</summary>
public sealed class PipeSyntax(TextSpan span, NameSyntax name, IReadOnlyList<ExpressionSyntax> arguments) : SyntaxNode(span)
{
    /// <summary>The pipe's name.</summary>
    public NameSyntax Name { get; } = name;

    /// <summary>What it is applied to.</summary>
    public IReadOnlyList<ExpressionSyntax> Arguments { get; } = arguments;
}
