using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources.Windows;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Sysmon;

/// <summary>What a recording has told so far of one machine.</summary>
/// <param name="name">The machine's name; null when the records do not say.</param>
/// <param name="statistics">Counts what there was no room for.</param>
internal sealed class SysmonHost(string? name, SourceStatistics statistics)
{
    private readonly string? _id = name?.ToLowerInvariant();

    /// <summary>The modules of the machine, with the hashes and signatures its image loads told.</summary>
    public ModuleTable Modules { get; } = new(statistics);

    /// <summary>Texts that modules have in common.</summary>
    public SharedTexts Texts { get; } = new();

    /// <summary>The accounts of the machine.</summary>
    public WindowsAccounts Accounts { get; } = new();

    /// <summary>Writes the machine to an event. Its id is its name in lower case: the records have no other.</summary>
    public void Describe(HostInfo host)
    {
        host.Name = name;
        host.Hostname = name;
        host.Id = _id;
        host.OsType = "windows";
        host.OsFamily = "windows";
    }
}
