using CallStackRules.Capture.Memory;

namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <summary>What a change of protection gives back that was taken away before.</summary>
[Flags]
internal enum ProtectionChanges
{
    None = 0,
    /// <summary>It was executable, then not, and is again.</summary>
    ExecutableAgain = 1,
    /// <summary>It was writable, then not, and is again.</summary>
    WritableAgain = 2,
}

/// <summary>Remembers of regions whether they were executable and writable, so that code that hides between its calls is seen.</summary>
/// <param name="statistics">Counts when all are forgotten.</param>
internal sealed class ProtectionHistory(SourceStatistics statistics)
{
    /// <summary>Regions that are kept. When there are more, all are forgotten.</summary>
    private const int Capacity = 16 * 1024;

    private const PageProtection Writable =
        PageProtection.ReadWrite | PageProtection.WriteCopy | PageProtection.ExecuteReadWrite | PageProtection.ExecuteWriteCopy;

    private readonly Dictionary<(long Process, ulong Address), State> _regions = new(Capacity);

    /// <summary>Notes a change.</summary>
    public ProtectionChanges Change(long process, ulong address, PageProtection protection)
    {
        if (_regions.Count == Capacity && !_regions.ContainsKey((process, address)))
        {
            statistics.CountFieldProblem("too many changes of protection: all were forgotten");
            _regions.Clear();
        }
        State state = _regions.GetValueOrDefault((process, address));
        bool isExecutable = protection.IsExecutable();
        bool isWritable = (protection & Writable) != 0;
        ProtectionChanges changes = (state.LostExecution && isExecutable ? ProtectionChanges.ExecutableAgain : ProtectionChanges.None)
            | (state.LostWriting && isWritable ? ProtectionChanges.WritableAgain : ProtectionChanges.None);
        _regions[(process, address)] = new State(
            isExecutable, state.LostExecution || (state.IsExecutable && !isExecutable), isWritable, state.LostWriting || (state.IsWritable && !isWritable));
        return changes;
    }

    private readonly record struct State(bool IsExecutable, bool LostExecution, bool IsWritable, bool LostWriting);
}
