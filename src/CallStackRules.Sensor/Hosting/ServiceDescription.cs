using CallStackRules.Capture.Processes;

namespace CallStackRules.Sensor.Hosting;

/// <summary>The sensor as a service of Windows: what the service manager is told, and which folder its data are in.</summary>
internal static class ServiceDescription
{
    /// <summary>Name of the service, of its event source, and of its folder below ProgramData.</summary>
    public const string Name = "CallStackRules";

    /// <summary>
    /// Who may do what in the data folder: the system and administrators everything, nobody else anything; nothing is inherited from ProgramData, where every user may make
    /// files. The system owns it.
    /// </summary>
    public const string FolderPermissions = "O:SYG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)";

    /// <summary>The folder of alerts and recordings.</summary>
    public static string Folder => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), Name);

    /// <summary>The calls of <c>sc.exe</c> that install the service, in their order.</summary>
    /// <param name="executable">Full path of the sensor.</param>
    /// <param name="arguments">What follows <c>run</c>.</param>
    public static string[][] Install(string executable, IReadOnlyList<string> arguments) =>
    [
        [
            "create", Name, "binPath=", WindowsCommandLine.Join([executable, "run", .. arguments]), "start=", "auto", "obj=", "LocalSystem", "DisplayName=", "CallStackRules sensor",
        ],
        ["description", Name, "Runs detection rules over events with call stacks."],
        // After a crash again in five seconds; the count of crashes begins anew every day.
        ["failure", Name, "reset=", "86400", "actions=", "restart/5000/restart/5000/restart/60000"],
        ["start", Name],
    ];

    /// <summary>The calls that remove it. The first fails where it does not run.</summary>
    public static string[][] Uninstall() => [["stop", Name], ["delete", Name]];
}
