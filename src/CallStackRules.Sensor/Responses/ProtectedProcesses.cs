namespace CallStackRules.Sensor.Responses;

/// <summary>Processes that no response ever touches: the sensor, those it descends from, and the first process.</summary>
internal sealed class ProtectedProcesses
{
    private readonly HashSet<int> _pids = [1];

    /// <summary>Looks who they are. Parents of a parent that ends later are the same: whoever inherits us is the first process or one of these.</summary>
    public ProtectedProcesses()
    {
        for (int pid = Environment.ProcessId; pid > 1 && _pids.Add(pid);)
            pid = ProcessStatus.Read(pid)?.Parent ?? 0;
    }

    /// <summary>Whether a process is one of them.</summary>
    public bool Contains(long pid) => pid is > 0 and <= int.MaxValue && _pids.Contains((int)pid);
}
