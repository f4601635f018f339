using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Procmon;
using CallStackRules.Capture.Sources.Sysmon;
using CallStackRules.Events;

namespace CallStackRules.Rules.Tests;

/// <summary>Real recordings of labs, where they are at hand beside the repository: most of what they hold is background.</summary>
public sealed class RecordingTests
{
    [SkippableTheory]
    // An injected WMI provider host: the remote thread.
    [InlineData("covenant-wmi-wbemcomn-dll-hijack", "remote-thread-started-in-unbacked-memory WmiPrvSE.exe 1")]
    [InlineData("covenant-wuauclt-remotethread", "remote-thread-started-in-unbacked-memory wuauclt.exe 1")]
    // A test suite of single techniques: Office programs that start script hosts, two registry hijacks.
    [InlineData(
        "elastic-rta-sysmon",
        "elevating-program-hijacked-through-its-protocol-handler python.exe 2",
        "office-application-started-an-unusual-child msiexec.exe 2",
        "office-application-started-an-unusual-child powershell.exe 2",
        "office-application-started-an-unusual-child wscript.exe 2",
        "script-host-or-shell-started-by-an-office-application msiexec.exe 2",
        "script-host-or-shell-started-by-an-office-application powershell.exe 2",
        "script-host-or-shell-started-by-an-office-application wscript.exe 2")]
    [InlineData("empire-msbuild-wmi", "powershell-engine-acted-inside-a-foreign-program MSBuild.exe 1")]
    [InlineData(
        "empire-psinject",
        "process-handle-for-injection-opened-from-unbacked-memory powershell.exe 1",
        "remote-thread-started-in-unbacked-memory powershell.exe 88")]
    [InlineData("empire-runkeys-standard-user", "script-command-registered-to-run-at-logon powershell.exe 1")]
    // Service creation and remote shells leave no stack of interest in what Sysmon records.
    [InlineData("empire-smbexec")]
    [InlineData("empire-uac-fodhelper", "elevating-program-hijacked-through-its-protocol-handler powershell.exe 2")]
    [InlineData("herpaderping-mimiexplorer", "process-opened-with-full-access-by-a-native-call ProcessHerpaderping.exe 1")]
    [InlineData(
        "lsass-campaign-01",
        "lsass-opened-for-reading-by-a-program-from-a-user-folder winx64_payload.exe 1",
        "lsass-opened-from-unbacked-memory svchost.exe 1",
        "lsass-opened-from-unbacked-memory winx64_payload.exe 1",
        "process-handle-for-injection-opened-from-unbacked-memory winx64_payload.exe 2",
        "remote-thread-started-in-unbacked-memory winx64_payload.exe 1")]
    [InlineData("psh-mshta-hta")]
    [InlineData(
        "purplesharp-pe-injection",
        "process-handle-for-injection-opened-from-unbacked-memory PurpleSharp.exe 1",
        "remote-thread-started-in-unbacked-memory PurpleSharp.exe 1")]
    public void The_rules_find_the_attack_of_a_lab_and_nothing_of_its_background(string lab, params string[] alerts)
    {
        using var source = new SysmonSource([Path.Combine(Folder("sysmon"), lab + ".ndjson.gz")], new ProcessTable());
        Assert.Equal(alerts, AlertsOf(source));
    }

    /// <summary>Desktop use with full stacks and no attack: PowerShell loads .NET, a browser compiles scripts, programs are elevated and installed.</summary>
    [SkippableTheory]
    [InlineData("CompressedLogFileUTC64ProcessPML")]
    [InlineData("CompressedLogfileTests64bitUTCPML")]
    public void The_rules_find_nothing_in_ordinary_use_of_a_desktop(string log)
    {
        using var source = new ProcmonSource([Path.Combine(Folder("procmon"), log)], new ProcessTable());
        Assert.Empty(AlertsOf(source));
    }

    private static IEnumerable<string> AlertsOf(IEventSource source)
    {
        var found = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var matches = new List<EventRule<EndpointEvent>>();
        var e = new EndpointEvent();
        while (source.TryRead(e))
        {
            matches.Clear();
            Pack.Rules.Match(e, matches);
            foreach (EventRule<EndpointEvent> rule in matches)
            {
                string alert = $"{Path.GetFileNameWithoutExtension(rule.Info.SourcePath)} {e.Process?.Name}";
                found[alert] = found.GetValueOrDefault(alert) + 1;
            }
        }
        return found.Select(alert => $"{alert.Key} {alert.Value}");
    }

    private static string Folder(string kind)
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "CallStackRules.sln")))
            directory = directory.Parent;
        string folder = Path.Combine(directory?.Parent?.FullName ?? "", "shared", "data", kind);
        Skip.IfNot(Directory.Exists(folder), $"The recordings are not there: {folder}");
        return folder;
    }
}
