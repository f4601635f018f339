using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Ecs;

/// <summary>
/// The objects for the processes that one event describes, used again for the next event. An event says exactly what its source knew, so its processes are filled
/// from it alone and not from what earlier events have told.
/// </summary>
internal sealed class EcsProcesses
{
    private readonly List<ProcessInfo> _processes = [];
    private int _used;

    /// <summary>A process without any field.</summary>
    public ProcessInfo Take()
    {
        if (_used == _processes.Count)
            _processes.Add(new ProcessInfo());
        return _processes[_used++];
    }

    /// <summary>Takes all processes back.</summary>
    public void Clear()
    {
        for (int i = 0; i < _used; i++)
            _processes[i].Clear();
        _used = 0;
    }
}
