using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Binding;

/// <summary>A query whose names are resolved.</summary>
/// <param name="Span">Where it stands in the rule file.</param>
/// <param name="Pipes">What follows behind <c>|</c>.</param>
public abstract record BoundQuery(TextSpan Span, IReadOnlyList<BoundPipe> Pipes)
{
    /// <summary>All filters in the order written: one for an event query, one a step otherwise, <c>until</c> last.</summary>
    public abstract IEnumerable<BoundFilter> Filters { get; }
}

/// <summary>One event.</summary>
public sealed record BoundEventQuery(TextSpan Span, BoundFilter Filter, IReadOnlyList<BoundPipe> Pipes) : BoundQuery(Span, Pipes)
{
    /// <inheritdoc/>
    public override IEnumerable<BoundFilter> Filters => [Filter];
}

/// <summary>Which kind of query with several steps.</summary>
public enum StepsKind
{
    /// <summary>Events in order of time.</summary>
    Sequence,
    /// <summary>Distinct events in any order, one a filter.</summary>
    Sample,
    /// <summary>The legacy join: events in any order, the first of each filter kept.</summary>
    Join,
}

/// <summary>Several events that belong together by their keys.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Kind">Sequence, sample or join.</param>
/// <param name="Steps">One or more.</param>
/// <param name="Until">What ends pending matches.</param>
/// <param name="MaxSpan">How far the last event may be from the first.</param>
/// <param name="Pipes">What follows.</param>
public sealed record BoundStepsQuery(
    TextSpan Span, StepsKind Kind, IReadOnlyList<BoundStep> Steps, BoundStep? Until, TimeSpan? MaxSpan, IReadOnlyList<BoundPipe> Pipes) : BoundQuery(Span, Pipes)
{
    /// <inheritdoc/>
    public override IEnumerable<BoundFilter> Filters
    {
        get
        {
            foreach (BoundStep step in Steps)
                yield return step.Filter;
            if (Until is not null)
                yield return Until.Filter;
        }
    }
}

/// <summary>One event of a query with several.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Filter">The event.</param>
/// <param name="Keys">Shared keys first, then the step's own; as many as in every other step.</param>
/// <param name="IsMissing">Whether the event must be absent.</param>
/// <param name="Runs">How often it must happen.</param>
/// <param name="Alias">Its name for later steps.</param>
public sealed record BoundStep(TextSpan Span, BoundFilter Filter, IReadOnlyList<BoundKey> Keys, bool IsMissing, int Runs, string? Alias);

/// <summary>A value that joins events.</summary>
/// <param name="Expression">The value.</param>
/// <param name="IsOptional">Whether a missing value equals a missing value; otherwise an event without it takes no part.</param>
public sealed record BoundKey(BoundExpression Expression, bool IsOptional);

/// <summary><c>category where condition</c>.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Category">The category, null for any.</param>
/// <param name="Condition">A predicate.</param>
public sealed record BoundFilter(TextSpan Span, string? Category, BoundExpression Condition);

/// <summary>A pipe.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Kind">Which pipe.</param>
/// <param name="Count">For head and tail: how many.</param>
/// <param name="Arguments">For the others: conditions or values; a field of the n-th event of a sequence is a <see cref="BoundStepField"/>.</param>
public sealed record BoundPipe(TextSpan Span, PipeKind Kind, long Count, IReadOnlyList<BoundExpression> Arguments)
{
    /// <summary>Its name as written.</summary>
    public string Name => Kind == PipeKind.UniqueCount ? "unique_count" : Kind.ToString().ToLowerInvariant();

    /// <summary>Whether it gives its results only at the end of a stream.</summary>
    public bool NeedsEnd => Kind is not (PipeKind.Head or PipeKind.Filter or PipeKind.Unique);
}

/// <summary>The pipes of the language.</summary>
public enum PipeKind
{
    /// <summary>The first results.</summary>
    Head,
    /// <summary>The last results.</summary>
    Tail,
    /// <summary>Results for which a condition holds.</summary>
    Filter,
    /// <summary>The first result of each value.</summary>
    Unique,
    /// <summary>Results by ascending value.</summary>
    Sort,
    /// <summary>How many results, or how many of each value.</summary>
    Count,
    /// <summary>The first result of each value with how many there were.</summary>
    UniqueCount,
    /// <summary>
    /// The results that are no older than a length of time before the latest one; with values, before the latest one of the same values. The
    /// first argument is the length, a constant number of milliseconds.
    /// </summary>
    Window,
}
