using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;

namespace CallStackRules.Sensor.Hosting;

/// <summary>
/// Tells systemd that the sensor is well, where the unit asks for it (<c>WatchdogSec=</c>, sd_watchdog_enabled(3)): not that some thread runs, but that the one that
/// reads events does.
/// </summary>
internal sealed class ServiceWatchdog : IDisposable
{
    private static readonly ServiceState Well = new("WATCHDOG=1");

    private readonly Timer? _timer;

    /// <param name="notifier">Tells systemd; null when it did not start us.</param>
    /// <param name="lastLook">When the reading thread last looked around, in milliseconds of <see cref="Environment.TickCount64"/>.</param>
    public ServiceWatchdog(ISystemdNotifier? notifier, Func<long> lastLook)
    {
        if (notifier is not { IsEnabled: true } || Interval() is not { } interval)
            return;
        _timer = new Timer(
            _ =>
            {
                if (Environment.TickCount64 - lastLook() < interval.TotalMilliseconds)
                    notifier.Notify(Well);
            },
            null, TimeSpan.Zero, interval / 4);
    }

    public void Dispose() => _timer?.Dispose();

    private static TimeSpan? Interval() =>
        (Environment.GetEnvironmentVariable("WATCHDOG_PID") ?? Environment.ProcessId.ToString(CultureInfo.InvariantCulture)) == Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
        && long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds) && microseconds > 0
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
}
