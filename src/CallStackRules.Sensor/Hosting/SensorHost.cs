using CallStackRules.Sensor.Hosting.Windows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Hosting.WindowsServices;

namespace CallStackRules.Sensor.Hosting;

/// <summary>Runs the sensor until it is told to stop: by whoever typed the command, or by the service manager that started it.</summary>
internal static class SensorHost
{
    /// <summary>Starts a service and waits for its end.</summary>
    /// <param name="create">Makes the service.</param>
    /// <param name="stop">Is cancelled by Ctrl-C and SIGTERM.</param>
    public static async Task RunAsync(Func<IServiceProvider, SensorService> create, CancellationToken stop)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        // The service manager has a patience of its own, and what was captured is still to be read.
        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        builder.Services.AddSingleton<IHostedService>(create);
        if (OperatingSystem.IsWindows() && WindowsServiceHelpers.IsWindowsService())
        {
            builder.Services.AddWindowsService(static options => options.ServiceName = ServiceDescription.Name);
            builder.Services.AddHostedService<ServiceEvents>();
        }
        else if (SystemdHelpers.IsSystemdService())
        {
            builder.Services.AddSystemd();
        }
        else
        {
            builder.Services.AddSingleton<IHostLifetime, CommandLineLifetime>();
        }
        using IHost host = builder.Build();
        await host.RunAsync(stop);
    }

    /// <summary>Signals are the command line's to handle, which cancels; there is nothing to wait for and nobody to tell.</summary>
    private sealed class CommandLineLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
