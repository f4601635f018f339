using System.Buffers.Binary;

namespace CallStackRules.Capture.Sources.Etw.Stacks;

/// <summary>
/// The stacks that a session with compressed stacks names by keys. A key is defined after its last use, when the kernel forgets the stack or the trace ends, and may then
/// name another stack; so a recorded trace is read once for the definitions before its first key can be looked up.
/// </summary>
/// <remarks>A definition is a stack-walk event of kind 35 or 36: pointer key, pointers addresses. Source: TraceEvent's StackWalkDefTraceData.</remarks>
internal sealed class StackKeys
{
    /// <summary>Addresses of all definitions that are kept; later ones are counted only.</summary>
    private const int MostAddresses = 8 * 1024 * 1024;

    private readonly List<Definition> _definitions = [];
    private readonly List<ulong> _addresses = [];
    private ulong[] _all = [];

    /// <summary>Reads the definitions of a trace.</summary>
    /// <param name="trace">The trace, from its beginning.</param>
    /// <param name="statistics">Counts definitions that had no room.</param>
    public static StackKeys Read(IRawEventReader trace, SourceStatistics statistics)
    {
        var keys = new StackKeys();
        while (trace.TryRead(out RawEvent e))
        {
            if (EtwProviders.DefinesStack(e) && !keys.TryAdd(e))
                statistics.CountFieldProblem("no room for the definition of a stack");
        }
        keys._definitions.Sort();
        keys._all = [.. keys._addresses];
        keys._addresses.Clear();
        return keys;
    }

    /// <summary>The stack that a key names at a time; empty when it is not defined.</summary>
    public ReadOnlySpan<ulong> Find(ulong key, long timestamp)
    {
        int index = _definitions.BinarySearch(new Definition(key, timestamp, 0, 0));
        if (index < 0)
            index = ~index;
        return index < _definitions.Count && _definitions[index].Key == key ? _all.AsSpan(_definitions[index].Start, _definitions[index].Count) : default;
    }

    private bool TryAdd(in RawEvent e)
    {
        int size = e.PointerSize;
        int count = (e.Data.Length / size) - 1;
        if (count <= 0)
            return true;
        if (_addresses.Count + count > MostAddresses)
            return false;
        _definitions.Add(new Definition(Pointer(e.Data, 0, size), e.Timestamp, _addresses.Count, count));
        for (int i = 1; i <= count; i++)
            _addresses.Add(Pointer(e.Data, i, size));
        return true;
    }

    private static ulong Pointer(ReadOnlySpan<byte> data, int index, int size) => size == 8
        ? BinaryPrimitives.ReadUInt64LittleEndian(data[(index * 8)..])
        : BinaryPrimitives.ReadUInt32LittleEndian(data[(index * 4)..]);

    private readonly record struct Definition(ulong Key, long Timestamp, int Start, int Count) : IComparable<Definition>
    {
        public int CompareTo(Definition other) => Key != other.Key ? Key.CompareTo(other.Key) : Timestamp.CompareTo(other.Timestamp);
    }
}
