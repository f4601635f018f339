using System.Diagnostics;
using System.Globalization;

namespace CallStackRules.Capture.Sources.Linux.Processes;

/// <summary>
/// Turns times of CLOCK_MONOTONIC, which records have, into those of the calendar and into ticks since boot, by which processes are identified.
/// </summary>
internal sealed class BootClock
{
    /// <summary>A clock tick of <c>/proc/PID/stat</c>: USER_HZ is 100 on all machines.</summary>
    public const long NanosecondsPerTick = 10_000_000;

    private const long NanosecondsBetweenLooks = 10_000_000_000;

    private long _utcTicksAtZero;
    private long _bootNanosecondsAtZero;
    private ulong _lookedAt;

    public BootClock() => Look();

    /// <summary>The calendar time, as ticks of <see cref="DateTime"/>.</summary>
    public long UtcTicks(ulong monotonic)
    {
        // The calendar may be set, and the machine sleep, at any time.
        if (monotonic - _lookedAt > NanosecondsBetweenLooks && monotonic > _lookedAt)
            Look();
        return _utcTicksAtZero + (long)(monotonic / 100);
    }

    /// <summary>Clock ticks since boot, as in field 22 of <c>/proc/PID/stat</c>.</summary>
    public long StartTicks(ulong monotonic) => ((long)monotonic + _bootNanosecondsAtZero) / NanosecondsPerTick;

    /// <summary>The calendar time of clock ticks since boot.</summary>
    public long UtcTicksOfStart(long startTicks) => _utcTicksAtZero + (((startTicks * NanosecondsPerTick) - _bootNanosecondsAtZero) / 100);

    private void Look()
    {
        long now = Stopwatch.GetTimestamp();
        _lookedAt = (ulong)now;
        _utcTicksAtZero = DateTime.UtcNow.Ticks - (now / 100);
        // CLOCK_BOOTTIME runs on while the machine sleeps. The file has hundredths of a second, so a smaller difference is none.
        string uptime = File.ReadAllText("/proc/uptime");
        long sinceBoot = (long)(decimal.Parse(uptime.AsSpan(0, uptime.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture) * 1_000_000_000);
        long asleep = sinceBoot - now;
        _bootNanosecondsAtZero = Math.Abs(asleep) < 2 * NanosecondsPerTick ? 0 : asleep;
    }
}
