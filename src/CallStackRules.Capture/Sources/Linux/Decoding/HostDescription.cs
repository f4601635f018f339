using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Linux.Decoding;

/// <summary>What events say of this machine; read once.</summary>
internal sealed class HostDescription
{
    private readonly string _name = Environment.MachineName;
    private readonly string? _id = File.Exists("/etc/machine-id") ? File.ReadAllText("/etc/machine-id").Trim() : null;
    private readonly string _kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();

    /// <summary>Writes the machine to an event.</summary>
    public void Describe(HostInfo host)
    {
        host.Name = _name;
        host.Hostname = _name;
        host.Id = _id;
        host.OsType = "linux";
        host.OsFamily = "linux";
        host.OsKernel = _kernel;
        host.Architecture = "x86_64";
    }
}
