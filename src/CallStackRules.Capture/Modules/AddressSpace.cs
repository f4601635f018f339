namespace CallStackRules.Capture.Modules;

/// <summary>The executable memory of a process: ranges that do not overlap, in the order of their addresses.</summary>
/// <remarks>
/// Only executable ranges are kept; they are what return addresses lead to, and what the kernel tells of. It does not tell when memory is given back, so a new range
/// takes the place of older ones it overlaps. A child shares the array of its parent until one of them changes.
/// </remarks>
internal sealed class AddressSpace
{
    /// <summary>Ranges that are kept of one process; more are counted in <see cref="Overflown"/> and push out none.</summary>
    public const int Capacity = 32 * 1024;

    private static readonly Mapping[] Empty = [];

    private Mapping[] _mappings = Empty;
    private int _count;
    private bool _isShared;
    private int _lastHit;

    /// <summary>How many ranges there are.</summary>
    public int Count => _count;

    /// <summary>Ranges that were not kept because there were too many.</summary>
    public long Overflown { get; private set; }

    /// <summary>The file of the runtime that compiles code in this process; null when none was mapped.</summary>
    public MappedFile? Runtime { get; private set; }

    /// <summary>A range, by its place.</summary>
    public ref readonly Mapping this[int index] => ref _mappings.AsSpan(0, _count)[index];

    /// <summary>Forgets everything: the process runs another program.</summary>
    public void Clear()
    {
        _mappings = Empty;
        _count = 0;
        _isShared = false;
        Runtime = null;
    }

    /// <summary>Becomes what another process has at this moment.</summary>
    public void CopyFrom(AddressSpace other)
    {
        _mappings = other._mappings;
        _count = other._count;
        _isShared = true;
        other._isShared = true;
        Runtime = other.Runtime;
        Overflown = other.Overflown;
    }

    /// <summary>Adds a range, in place of what was there.</summary>
    public void Map(in Mapping mapping)
    {
        if (mapping.End <= mapping.Start)
            return;
        if (mapping.File is { IsRuntime: true } runtime)
            Runtime = runtime;
        // Those with an index from first to before next overlap the new one.
        int first = FirstEndingAfter(mapping.Start);
        int next = first;
        while (next < _count && _mappings[next].Start < mapping.End)
            next++;
        // What sticks out of the new one on either side stays.
        Mapping? before = first < next && _mappings[first].Start < mapping.Start ? _mappings[first] with { End = mapping.Start } : null;
        Mapping? after = first < next && _mappings[next - 1].End > mapping.End ? CutFront(_mappings[next - 1], mapping.End) : null;
        int added = 1 + (before is null ? 0 : 1) + (after is null ? 0 : 1);
        int newCount = _count - (next - first) + added;
        if (newCount > Capacity)
        {
            Overflown++;
            return;
        }
        MakeRoom(newCount);
        Array.Copy(_mappings, next, _mappings, first + added, _count - next);
        if (before is { } left)
            _mappings[first++] = left;
        _mappings[first++] = mapping;
        if (after is { } right)
            _mappings[first] = right;
        if (newCount < _count)
            Array.Clear(_mappings, newCount, _count - newCount);
        _count = newCount;
    }

    /// <summary>Notes whose code made ranges executable that have no file behind them.</summary>
    public void SetProvenance(ulong start, ulong end, MappedFile file)
    {
        for (int i = FirstEndingAfter(start); i < _count && _mappings[i].Start < end; i++)
        {
            if (_mappings[i].Provenance == file)
                continue;
            MakeRoom(_count);
            _mappings[i] = _mappings[i] with { Provenance = file };
        }
    }

    /// <summary>Finds the range of an address.</summary>
    /// <returns>Its place, or -1.</returns>
    public int Find(ulong address)
    {
        int last = _lastHit;
        if ((uint)last < (uint)_count && _mappings[last].Contains(address))
            return last;
        int index = FirstEndingAfter(address);
        if (index == _count || _mappings[index].Start > address)
            return -1;
        _lastHit = index;
        return index;
    }

    private static Mapping CutFront(in Mapping mapping, ulong start) =>
        mapping with { Start = start, FileOffset = mapping.File is null ? 0 : mapping.FileOffset + (start - mapping.Start) };

    private int FirstEndingAfter(ulong address)
    {
        int low = 0;
        int high = _count;
        while (low < high)
        {
            int middle = (int)((uint)(low + high) >> 1);
            if (_mappings[middle].End > address)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

    /// <summary>Makes the array ours, with room for so many ranges.</summary>
    private void MakeRoom(int count)
    {
        if (!_isShared && count <= _mappings.Length)
            return;
        var mappings = new Mapping[Math.Max(count, Math.Max(16, count <= _mappings.Length ? _count : _count * 2))];
        Array.Copy(_mappings, mappings, _count);
        _mappings = mappings;
        _isShared = false;
    }
}
