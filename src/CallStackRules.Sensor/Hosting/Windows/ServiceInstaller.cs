using System.Diagnostics;
using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;

namespace CallStackRules.Sensor.Hosting.Windows;

/// <summary>Installs and removes the service. Needs an administrator.</summary>
[SupportedOSPlatform("windows")]
internal static class ServiceInstaller
{
    private const int NotRunning = 1062;

    /// <summary>Makes folder, event source and service, and starts it.</summary>
    /// <exception cref="InvalidOperationException">The service manager refuses; the message is its own.</exception>
    /// <exception cref="UnauthorizedAccessException">This is no administrator, or the folder belongs to somebody else.</exception>
    public static void Install(string executable, IReadOnlyList<string> arguments)
    {
        ProtectFolder(ServiceDescription.Folder);
        if (!EventLog.SourceExists(ServiceDescription.Name))
            EventLog.CreateEventSource(ServiceDescription.Name, "Application");
        foreach (string[] call in ServiceDescription.Install(executable, arguments))
            Control(call, mayNotRun: false);
    }

    /// <summary>Stops and removes the service. Data and event source stay, so that what was recorded can still be read.</summary>
    /// <inheritdoc cref="Install" path="/exception"/>
    public static void Uninstall()
    {
        foreach (string[] call in ServiceDescription.Uninstall())
            Control(call, mayNotRun: call[0] == "stop");
    }

    /// <summary>Every user may make folders in ProgramData: one that is already there may be a trap, with files or links of its maker.</summary>
    private static void ProtectFolder(string path)
    {
        var security = new DirectorySecurity();
        security.SetSecurityDescriptorSddlForm(ServiceDescription.FolderPermissions);
        var folder = new DirectoryInfo(path);
        if (!folder.Exists)
        {
            folder.Create(security);
            return;
        }
        IdentityReference? owner = folder.GetAccessControl(AccessControlSections.Owner).GetOwner(typeof(SecurityIdentifier));
        bool isOurs = owner is SecurityIdentifier identifier
            && (identifier.IsWellKnown(WellKnownSidType.LocalSystemSid) || identifier.IsWellKnown(WellKnownSidType.BuiltinAdministratorsSid));
        if (!isOurs || folder.LinkTarget is not null)
            throw new UnauthorizedAccessException($"{path} is there already and belongs to {owner}; look at it, remove it, and install again.");
        folder.SetAccessControl(security);
    }

    private static void Control(string[] arguments, bool mayNotRun)
    {
        using Process process = Process.Start(new ProcessStartInfo(Path.Combine(Environment.SystemDirectory, "sc.exe"), arguments) { RedirectStandardOutput = true })!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0 && !(mayNotRun && process.ExitCode == NotRunning))
            throw new InvalidOperationException($"sc {arguments[0]} ended with {process.ExitCode}: {said.Trim()}");
    }
}
