namespace CallStackRules.Capture.Sources.Etw;

/// <summary>How timestamps of a trace become points in time.</summary>
/// <param name="Timestamp">A timestamp of the trace.</param>
/// <param name="UtcTicks">The same moment in ticks of <see cref="DateTime"/>.</param>
/// <param name="Frequency">Timestamps a second, at least 1 and at most <see cref="HighestFrequency"/>.</param>
public readonly record struct TraceClock(long Timestamp, long UtcTicks, long Frequency)
{
    /// <summary>More than any processor's clock has.</summary>
    public const long HighestFrequency = 100_000_000_000;

    /// <summary>The clock of traces whose timestamps are system time: 100 ns since 1601.</summary>
    public static TraceClock SystemTime { get; } = new(0, DateTime.FromFileTimeUtc(0).Ticks, TimeSpan.TicksPerSecond);

    /// <summary>When something happened, in ticks of <see cref="DateTime"/>; a damaged timestamp gives the nearest that a <see cref="DateTime"/> can hold.</summary>
    public long ToUtcTicks(long timestamp)
    {
        Int128 elapsed = (Int128)timestamp - Timestamp;
        return (long)Int128.Clamp(UtcTicks + elapsed * TimeSpan.TicksPerSecond / Frequency, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);
    }
}
