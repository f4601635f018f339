using System.Diagnostics;
using System.Runtime.Versioning;
using Microsoft.Extensions.Hosting;

namespace CallStackRules.Sensor.Hosting.Windows;

/// <summary>Writes to the event log of Windows when the service has started and when it has stopped, so that a silent sensor is noticed.</summary>
[SupportedOSPlatform("windows")]
internal sealed class ServiceEvents : IHostedService
{
    private const int Started = 1;
    private const int Stopped = 2;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Write("The sensor has started: everything that happens from now on is seen.", Started);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Write("The sensor stops: what happens from now on is not seen.", Stopped);

    private static Task Write(string message, int number)
    {
        EventLog.WriteEntry(ServiceDescription.Name, message, EventLogEntryType.Information, number);
        return Task.CompletedTask;
    }
}
