namespace CallStackRules.Sequences;

/// <summary>How the events of a rule over several belong together.</summary>
public enum StepsKind
{
    /// <summary>One after another in time.</summary>
    Sequence,
    /// <summary>Distinct events in any order, one a step.</summary>
    Sample,
    /// <summary>Events in any order, the first of each step kept; one event may fill several steps.</summary>
    Join,
}

/// <summary>One event of a rule over several, repeated steps written out: <c>with runs=3</c> makes three stages of one step.</summary>
/// <param name="Step">The step as written, from 0: what is asked of the event.</param>
/// <param name="IsMissing">Whether the event must be absent.</param>
public sealed record Stage(int Step, bool IsMissing);

/// <summary>What the engine must know of a rule over several events.</summary>
public sealed record StepsPlan
{
    /// <summary>Order or not.</summary>
    public required StepsKind Kind { get; init; }

    /// <summary>The events in the order written.</summary>
    public required IReadOnlyList<Stage> Stages { get; init; }

    /// <summary>How many steps are written, <c>until</c> not counted.</summary>
    public required int StepCount { get; init; }

    /// <summary>Whether there is an <c>until</c>. Its step is number <see cref="StepCount"/>.</summary>
    public bool HasUntil { get; init; }

    /// <summary>How far the last event may be from the first, in milliseconds, inclusive; null: any distance.</summary>
    public long? MaxSpan { get; init; }

    /// <summary>For each step, and for <c>until</c> last, the category of its events; null for any.</summary>
    public required IReadOnlyList<string?> Categories { get; init; }

    /// <summary>For each step, whether what is asked depends on events of earlier steps.</summary>
    public required IReadOnlyList<bool> ReadsEarlier { get; init; }

    /// <summary>For each step, the paths of the fields that are kept of its event, in the order <see cref="StepsRule{TEvent}.Capture"/> writes them.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> KeptFields { get; init; }
}
