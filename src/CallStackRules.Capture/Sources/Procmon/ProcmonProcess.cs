using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Procmon;

/// <summary>A process of a log.</summary>
internal sealed class ProcmonProcess
{
    /// <summary>Its number in the process table.</summary>
    public required uint Number { get; init; }

    /// <summary>Number of the process that is named as its parent.</summary>
    public required uint Parent { get; init; }

    /// <summary>What rules see of it.</summary>
    public required ProcessInfo Info { get; init; }

    /// <summary>When it began, in ticks of <see cref="DateTime"/>; 0 when not known.</summary>
    public required long StartTicks { get; init; }

    /// <summary>Its modules.</summary>
    public required ProcmonModules Modules { get; init; }

    /// <summary>Whether it was made while the log was recorded and its first thread, which its creator makes, has not been seen yet.</summary>
    public bool AwaitsFirstThread { get; set; }
}
