using System.Runtime.CompilerServices;
using CallStackRules.CallStacks;

namespace CallStackRules.Capture.Modules;

/// <summary>
/// Where code is in one process: its executable mappings and its stack, sorted. Other mappings are not kept; mapping one only removes what it overwrites. For
/// one thread.
/// </summary>
/// <remarks>Spaces that were copied share one array until either is changed: most forked processes soon call exec.</remarks>
public sealed class AddressSpace
{
    /// <summary>Mappings that are kept of one process. The kernel allows a process 65530 by default.</summary>
    public const int Capacity = 16 * 1024;

    private static readonly Mapping[] None = [];

    private static long s_lastVersion;

    private Mapping[] _mappings = None;
    private int _count;
    private int _last;
    private bool _isShared;

    /// <summary>How many mappings are kept.</summary>
    public int Count => _count;

    /// <summary>Tells states of spaces apart: two spaces of one version have the same mappings. It changes with every change.</summary>
    public long Version { get; private set; } = NewVersion();

    /// <summary>Mappings that were left out because the space was full.</summary>
    public long Dropped { get; private set; }

    /// <summary>Runtimes that this process has mapped: executable memory without a file is their code.</summary>
    public JitRuntimes Runtimes { get; private set; }

    /// <summary>The file of the runtime that was mapped last; null when there is none.</summary>
    public MappedFile? RuntimeFile { get; private set; }

    /// <summary>One mapping, by its place in the order of addresses. Valid until the space changes.</summary>
    public ref readonly Mapping this[int index] => ref _mappings.AsSpan(0, _count)[index];

    /// <summary>Forgets everything: the process has called exec.</summary>
    public void Clear()
    {
        _mappings = None;
        _count = _last = 0;
        _isShared = false;
        Runtimes = JitRuntimes.None;
        RuntimeFile = null;
        Version = NewVersion();
    }

    /// <summary>Becomes a copy of another space: the process was forked. Costs the same for any size.</summary>
    public void CopyFrom(AddressSpace parent)
    {
        ArgumentNullException.ThrowIfNull(parent);
        (_mappings, _count, _last, Runtimes, RuntimeFile) = (parent._mappings, parent._count, parent._last, parent.Runtimes, parent.RuntimeFile);
        _isShared = parent._isShared = true;
        Version = parent.Version;
    }

    /// <summary>Puts a mapping in place of whatever was at its addresses. An empty or inverted range is ignored.</summary>
    public void Map(in Mapping mapping)
    {
        if (mapping.Start >= mapping.End)
            return;
        // By value: the argument can be an element of the very array that is about to change.
        Mapping added = mapping;
        Version = NewVersion();
        int index = Remove(added.Start, added.End);
        if (!added.IsExecutable && added.Use != MemoryUse.Stack)
            return;
        Insert(index, added);
        if (added.File is not { Runtime: not JitRuntimes.None } file)
            return;
        Runtimes |= file.Runtime;
        RuntimeFile = file;
    }

    /// <summary>Forgets what is at these addresses. A length that reaches beyond the last address is cut.</summary>
    public void Unmap(ulong start, ulong length)
    {
        if (length == 0)
            return;
        Version = NewVersion();
        Remove(start, EndOf(start, length));
    }

    /// <summary>
    /// Changes what known mappings may be used for. Ranges that lose execution are forgotten; those that gain it must come through <see cref="Map"/>, as perf
    /// reports them.
    /// </summary>
    public void Protect(ulong start, ulong length, MemoryProtection protection)
    {
        if (length == 0)
            return;
        ulong end = EndOf(start, length);
        ulong next = start;
        while (next < end)
        {
            int index = FirstEndingAfter(next);
            if (index >= _count || _mappings[index].Start >= end)
                return;
            Mapping old = _mappings[index];
            next = Math.Min(old.End, end);
            if (old.Protection != protection)
                Map(old.Part(Math.Max(old.Start, start), next) with { Protection = protection });
        }
    }

    /// <summary>Gives what is at a range of addresses others: mremap. What was there is overwritten.</summary>
    /// <param name="from">Where it was.</param>
    /// <param name="length">Its length.</param>
    /// <param name="to">Where it is.</param>
    /// <param name="newLength">Its length there. The last mapping goes on to the end of what is longer.</param>
    /// <param name="stays">Whether it is where it was, too.</param>
    public void Move(ulong from, ulong length, ulong to, ulong newLength, bool stays)
    {
        ulong end = EndOf(from, Math.Min(length, newLength));
        ulong newEnd = EndOf(to, newLength);
        // Mostly data, of which nothing is known here.
        if (!IsAnyKnown(from, EndOf(from, length)) && !IsAnyKnown(to, newEnd))
            return;
        var moved = new List<Mapping>();
        for (int i = FirstEndingAfter(from); i < _count && _mappings[i].Start < end; i++)
            moved.Add(_mappings[i].Part(Math.Max(_mappings[i].Start, from), Math.Min(_mappings[i].End, end)));
        if (!stays)
            Unmap(from, length);
        Unmap(to, newLength);
        foreach (Mapping mapping in moved)
            Map(mapping with { Start = mapping.Start - from + to, End = mapping.End == end ? newEnd : mapping.End - from + to });
    }

    /// <summary>Notes whose code made ranges executable.</summary>
    public void SetProvenance(ulong start, ulong end, MappedFile file)
    {
        for (int i = FirstEndingAfter(start); i < _count && _mappings[i].Start < end; i++)
        {
            if (_mappings[i].Provenance != file)
                Replace(i, _mappings[i] with { Provenance = file });
        }
    }

    /// <summary>Notes whose code changed the protection of ranges of a file.</summary>
    public void SetProtectedBy(ulong start, ulong end, ModuleInfo module)
    {
        for (int i = FirstEndingAfter(start); i < _count && _mappings[i].Start < end; i++)
        {
            if (_mappings[i].ProtectedBy != module)
                Replace(i, _mappings[i] with { ProtectedBy = module });
        }
    }

    /// <summary>The mapping that an address is in.</summary>
    public bool TryFind(ulong address, out Mapping mapping)
    {
        int index = IndexOf(address);
        mapping = index < 0 ? default : _mappings[index];
        return index >= 0;
    }

    /// <summary>The place of the mapping that an address is in, for the indexer; -1 when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IndexOf(ulong address)
    {
        // Frames that follow each other are often in one module.
        int last = _last;
        if ((uint)last < (uint)_count && _mappings[last].Contains(address))
            return last;
        return Search(address);
    }

    /// <summary>
    /// Copies what the file has at an address that it was mapped to together with its code: constants, which nobody may write. The mappings of these are not kept; they lie
    /// where the code's tell.
    /// </summary>
    /// <returns>Bytes copied; 0 when no file has constants there.</returns>
    public int ReadConstant(ulong address, Span<byte> into)
    {
        int behind = FirstEndingAfter(address);
        return ReadConstant(behind - 1, address, into) is > 0 and var length ? length : ReadConstant(behind, address, into);
    }

    /// <summary>Whether memory is where one of the process's own runtimes writes its code.</summary>
    public bool IsJitCode(in Mapping mapping)
    {
        if (Runtimes == JitRuntimes.None || !mapping.IsExecutable)
            return false;
        return mapping.File is { } file
            ? file.IsDoubleMapped && (Runtimes & JitRuntimes.DotNet) != 0
            : mapping.Use is MemoryUse.Anonymous or MemoryUse.Heap;
    }

    private bool IsAnyKnown(ulong start, ulong end) => FirstEndingAfter(start) is var index && index < _count && _mappings[index].Start < end;

    private static long NewVersion() => Interlocked.Increment(ref s_lastVersion);

    private static ulong EndOf(ulong start, ulong length) => length > ulong.MaxValue - start ? ulong.MaxValue : start + length;

    private int ReadConstant(int index, ulong address, Span<byte> into) =>
        (uint)index < (uint)_count && _mappings[index] is { IsExecutable: true, IsReprotected: false, File: { IsMemoryFile: false, Image: { } image } } code
            && image.TryGetVirtualAddress(code.FileOffset, out ulong start)
            ? image.ReadConstant(address - code.Start + start, into)
            : 0;

    private int Search(ulong address)
    {
        int index = FirstEndingAfter(address);
        if (index >= _count || _mappings[index].Start > address)
            return -1;
        _last = index;
        return index;
    }

    /// <summary>The place of the first mapping that ends behind an address; the count when there is none.</summary>
    private int FirstEndingAfter(ulong address)
    {
        int low = 0;
        int high = _count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_mappings[middle].End > address)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

    /// <summary>Cuts a range out of all mappings, and says where a mapping of that range belongs.</summary>
    private int Remove(ulong start, ulong end)
    {
        int first = FirstEndingAfter(start);
        if (first >= _count || _mappings[first].Start >= end)
            return first;
        Own();
        if (_mappings[first].Start < start)
        {
            Mapping cut = _mappings[first];
            _mappings[first] = cut.Part(cut.Start, start);
            first++;
            if (cut.End > end)
            {
                Insert(first, cut.Part(end, cut.End));
                return first;
            }
        }
        int behind = first;
        while (behind < _count && _mappings[behind].End <= end)
            behind++;
        if (behind < _count && _mappings[behind].Start < end)
            _mappings[behind] = _mappings[behind].Part(end, _mappings[behind].End);
        Array.Copy(_mappings, behind, _mappings, first, _count - behind);
        int kept = _count - (behind - first);
        Array.Clear(_mappings, kept, _count - kept);
        _count = kept;
        return first;
    }

    private void Insert(int index, in Mapping mapping)
    {
        if (_count == Capacity)
        {
            Dropped++;
            return;
        }
        Own();
        if (_count == _mappings.Length)
            Array.Resize(ref _mappings, Math.Max(16, _count * 2));
        Array.Copy(_mappings, index, _mappings, index + 1, _count - index);
        _mappings[index] = mapping;
        _count++;
    }

    private void Replace(int index, in Mapping mapping)
    {
        Own();
        _mappings[index] = mapping;
        Version = NewVersion();
    }

    /// <summary>Makes the array this space's own before it is changed.</summary>
    private void Own()
    {
        if (!_isShared)
            return;
        _mappings = _mappings.AsSpan(0, _count).ToArray();
        _isShared = false;
    }
}
