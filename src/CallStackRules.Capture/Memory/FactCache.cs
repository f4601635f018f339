using System.Runtime.InteropServices;
using CallStackRules.CallStacks;

namespace CallStackRules.Capture.Memory;

/// <summary>Keeps answers, so that the system is asked once for what many stacks have in common. Bounded: a full table is emptied. Answers about memory age.</summary>
/// <param name="facts">Who is asked; owned by this.</param>
public sealed class FactCache(ISystemFacts facts) : ISystemFacts
{
    private const int PageShift = 12;
    private const int MostPages = 16 * 1024;
    private const int MostFiles = 1024;

    // Of the events' time. Long enough for a storm of calls from one place, short enough to see that code was written where data was.
    private const long MostAge = TimeSpan.TicksPerSecond;

    private readonly Dictionary<(int Process, long Start, ulong Page), (long UtcTicks, RegionFacts? Answer)> _regions = [];
    private readonly Dictionary<(int Process, long Start, ulong Page), (long UtcTicks, bool? Answer)> _pages = [];
    private readonly Dictionary<string, ISymbolSource?> _symbols = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Questions that were passed on.</summary>
    public long Asked { get; private set; }

    /// <inheritdoc/>
    public RegionFacts? Region(in MemoryQuestion question)
    {
        ref (long UtcTicks, RegionFacts? Answer) kept = ref Slot(_regions, question, out bool isFresh);
        if (isFresh)
            return kept.Answer;
        Asked++;
        kept = (question.UtcTicks, facts.Region(question));
        return kept.Answer;
    }

    /// <inheritdoc/>
    public bool? IsPagePrivate(in MemoryQuestion question)
    {
        ref (long UtcTicks, bool? Answer) kept = ref Slot(_pages, question, out bool isFresh);
        if (isFresh)
            return kept.Answer;
        Asked++;
        kept = (question.UtcTicks, facts.IsPagePrivate(question));
        return kept.Answer;
    }

    /// <summary>Not kept: bytes differ from address to address.</summary>
    public int Read(in MemoryQuestion question, Span<byte> bytes)
    {
        Asked++;
        return facts.Read(question, bytes);
    }

    /// <summary>Not kept here: whether a path still names the same file only the system can say.</summary>
    public FileFacts? File(string path)
    {
        Asked++;
        return facts.File(path);
    }

    /// <inheritdoc/>
    public ISymbolSource? Symbols(string path)
    {
        if (_symbols.TryGetValue(path, out ISymbolSource? known))
            return known;
        if (_symbols.Count == MostFiles)
            _symbols.Clear();
        Asked++;
        known = facts.Symbols(path);
        _symbols.Add(path, known);
        return known;
    }

    /// <inheritdoc/>
    public void Dispose() => facts.Dispose();

    private static ref (long UtcTicks, T Answer) Slot<T>(
        Dictionary<(int Process, long Start, ulong Page), (long UtcTicks, T Answer)> table, in MemoryQuestion question, out bool isFresh)
    {
        var key = (question.ProcessId, question.ProcessStart, question.Address >> PageShift);
        if (table.Count == MostPages && !table.ContainsKey(key))
            table.Clear();
        ref (long UtcTicks, T Answer) kept = ref CollectionsMarshal.GetValueRefOrAddDefault(table, key, out bool isThere);
        isFresh = isThere && Math.Abs(question.UtcTicks - kept.UtcTicks) <= MostAge;
        return ref kept;
    }
}
