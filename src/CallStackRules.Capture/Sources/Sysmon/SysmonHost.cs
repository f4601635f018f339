using CallStackRules.CallStacks;
using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources.Windows;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Sysmon;

/// <summary>What a recording has told so far of one machine.</summary>
/// <param name="name">The machine's name; null when the records do not say.</param>
/// <param name="number">The machine's number among those of the recording.</param>
/// <param name="modules">The modules of all machines, with the hashes and signatures that image loads told.</param>
/// <param name="texts">Texts that machines have in common.</param>
internal sealed class SysmonHost(string? name, int number, ModuleTable modules, SharedTexts texts)
{
    private readonly string? _id = name?.ToLowerInvariant();

    /// <summary>The accounts of the machine.</summary>
    public WindowsAccounts Accounts { get; } = new(texts);

    /// <summary>The module with a path on this machine.</summary>
    public ModuleInfo Module(ReadOnlySpan<char> path) => modules.Get(path, number);

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
