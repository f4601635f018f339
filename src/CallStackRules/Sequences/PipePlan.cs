namespace CallStackRules.Sequences;

/// <summary>What a pipe behind a query does with its results.</summary>
public enum PipeKind
{
    /// <summary>Passes the first results.</summary>
    Head,
    /// <summary>Passes the last results, at the end.</summary>
    Tail,
    /// <summary>Passes results for which a condition holds.</summary>
    Filter,
    /// <summary>Passes the first result of each value.</summary>
    Unique,
    /// <summary>Passes results by ascending value, at the end.</summary>
    Sort,
    /// <summary>Tells how many results there were of each value, at the end.</summary>
    Count,
    /// <summary>Passes the first result of each value with how many there were, at the end.</summary>
    UniqueCount,
    /// <summary>Passes results no older than a length of time before the latest one of the same values, at the end.</summary>
    Window,
}

/// <summary>A pipe behind a query.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Count">How many results <see cref="PipeKind.Head"/> and <see cref="PipeKind.Tail"/> pass; the milliseconds of <see cref="PipeKind.Window"/>; else 0.</param>
public sealed record PipePlan(PipeKind Kind, long Count);
