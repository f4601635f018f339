using System.CommandLine;
using System.ComponentModel;
using System.Security;
using CallStackRules.Sensor.Hosting;
using CallStackRules.Sensor.Hosting.Windows;
using CallStackRules.Sensor.Output;

namespace CallStackRules.Sensor.Commands;

/// <summary><c>service install|uninstall</c>: makes the sensor a service of Windows.</summary>
internal static class ServiceCommand
{
    public static Command Create()
    {
        var arguments = new Argument<string[]>("OPTIONS")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = $"Options of 'run', after '--'. Without any: --output {Path.Combine("%ProgramData%", ServiceDescription.Name, AlertFile)}.",
        };
        var install = new Command("install", "Install and start the service, with a data folder that only the system and administrators can open.") { arguments };
        install.SetAction(result => Run(() => Install(result.GetValue(arguments) ?? []), result.InvocationConfiguration.Error));
        var uninstall = new Command("uninstall", "Stop and remove the service. Its data stay.");
        uninstall.SetAction(result => Run(Uninstall, result.InvocationConfiguration.Error));
        return new Command("service", "Run the sensor as a service (Windows, as administrator).") { install, uninstall };
    }

    private const string AlertFile = "alerts.ndjson";

    private static void Install(string[] arguments)
    {
        if (!OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("Services of this kind are for Windows; on Linux, use the unit for systemd.");
        string[] given = arguments.Length > 0 ? arguments : ["--output", Path.Combine(ServiceDescription.Folder, AlertFile)];
        ServiceInstaller.Install(Environment.ProcessPath!, given);
    }

    private static void Uninstall()
    {
        if (!OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("Services of this kind are for Windows; on Linux, use the unit for systemd.");
        ServiceInstaller.Uninstall();
    }

    private static int Run(Action action, TextWriter error)
    {
        try
        {
            action();
            return ExitCode.Ok;
        }
        catch (PlatformNotSupportedException e)
        {
            error.WriteLine(e.Message);
            return ExitCode.BadUsage;
        }
        catch (Exception e) when (e is InvalidOperationException or UnauthorizedAccessException or SecurityException or IOException or Win32Exception)
        {
            error.WriteLine(PrintableText.Of(e.Message));
            return ExitCode.NoCapture;
        }
    }
}
