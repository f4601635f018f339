namespace CallStackRules.Sensor.Hosting;

/// <summary>What the operator asks of a live run.</summary>
internal sealed record SensorOptions
{
    /// <summary>Names of the rules, see <see cref="Pipeline.ActiveRules"/>.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Whether standard output is for programs.</summary>
    public bool IsJson { get; init; }

    /// <summary>File that alerts are appended to; null for none.</summary>
    public string? Output { get; init; }

    /// <summary>File that all events are recorded to; null for none.</summary>
    public string? Record { get; init; }

    /// <summary>Whether events are captured that no rule needs.</summary>
    public bool CapturesAll { get; init; }

    /// <summary>Whether programs are held and may be refused.</summary>
    public bool Prevents { get; init; }

    /// <summary>Whether processes may be ended.</summary>
    public bool Responds { get; init; }

    /// <summary>Whether it is only said what would be refused or ended.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Whether alerts and metrics go to a collector.</summary>
    public bool Exports { get; init; }

    /// <summary>The collector; null: as the environment says.</summary>
    public Uri? Collector { get; init; }

    /// <summary>Most matches that a rule over several events keeps pending.</summary>
    public required int MaxPending { get; init; }

    /// <summary>Most processor time the sensor may take, in percent of one processor; null for no bound.</summary>
    public double? CpuBudget { get; init; }
}
