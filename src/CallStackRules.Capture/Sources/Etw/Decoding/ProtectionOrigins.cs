using CallStackRules.CallStacks;

namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <summary>Who last took the memory of a process, or changed its protection, by address: the module that is responsible for the call, as far as calls were told.</summary>
internal sealed class ProtectionOrigins
{
    /// <summary>Ranges that are kept. When there are more, all are forgotten.</summary>
    public const int Capacity = 4096;

    // In the order of addresses; they do not overlap.
    private readonly List<Range> _ranges = [];

    /// <summary>Notes who did it; null where the call does not say, so that nobody is known.</summary>
    /// <param name="start">First address.</param>
    /// <param name="size">Bytes; the system rounds to pages, so that the page of the last is meant, too.</param>
    /// <param name="module">Who.</param>
    /// <returns>False when all others were forgotten to make room.</returns>
    public bool Set(ulong start, ulong size, ModuleInfo? module)
    {
        const ulong pageMask = 0xFFF;
        ulong from = start & ~pageMask;
        ulong last = start + size - 1;
        if (size == 0 || last < start)
            return true;
        last |= pageMask;
        int index = FirstEndingAtOrBehind(from);
        int end = index;
        while (end < _ranges.Count && _ranges[end].Start <= last)
            end++;
        Range? before = index < end && _ranges[index].Start < from ? _ranges[index] with { Last = from - 1 } : null;
        Range? behind = index < end && _ranges[end - 1].Last > last ? _ranges[end - 1] with { Start = last + 1 } : null;
        _ranges.RemoveRange(index, end - index);
        bool hasRoom = _ranges.Count + 3 <= Capacity;
        if (!hasRoom)
        {
            _ranges.Clear();
            index = 0;
        }
        if (behind is { } rest)
            _ranges.Insert(index, rest);
        if (module is not null)
            _ranges.Insert(index, new Range(from, last, module));
        if (before is { } first)
            _ranges.Insert(index, first);
        return hasRoom;
    }

    /// <summary>Who it was at an address; null when nobody told.</summary>
    public ModuleInfo? Find(ulong address)
    {
        int index = FirstEndingAtOrBehind(address);
        return index < _ranges.Count && _ranges[index].Start <= address ? _ranges[index].Module : null;
    }

    private int FirstEndingAtOrBehind(ulong address)
    {
        int low = 0;
        int high = _ranges.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_ranges[middle].Last < address)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private readonly record struct Range(ulong Start, ulong Last, ModuleInfo Module);
}
