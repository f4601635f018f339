using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CallStackRules.CallStacks;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Symbols;

namespace CallStackRules.Capture.Memory;

/// <summary>Keeps answers about memory, so that the system is asked once for what many stacks have in common. They age, and are bounded: a full table is emptied.</summary>
/// <param name="facts">Who is asked; owned by this.</param>
/// <param name="statistics">Counts when a table was full.</param>
/// <param name="frequency">Units of <see cref="MemoryQuestion.Time"/> in a second: long enough for a storm of calls from one place, short enough to see that code was written where data was.</param>
public sealed class FactCache(ISystemFacts facts, SourceStatistics statistics, long frequency) : ISystemFacts
{
    private const int PageShift = 12;
    private const int MostAnswers = 16 * 1024;

    private readonly Dictionary<(int Process, long Start, ulong Page), Kept<RegionFacts?>> _regions = [];
    private readonly Dictionary<(int Process, long Start, ulong Allocation), Kept<long?>> _privateBytes = [];
    private readonly Dictionary<(int Process, long Start, ulong Address), Kept<Copy>> _copies = [];

    /// <summary>Questions that were passed on.</summary>
    public long Asked { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<Volume> Volumes => facts.Volumes;

    /// <summary>Not kept here: who asks keeps them.</summary>
    public string? DriveOf(string device)
    {
        Asked++;
        return facts.DriveOf(device);
    }

    /// <inheritdoc/>
    public RegionFacts? Region(in MemoryQuestion question)
    {
        ref Kept<RegionFacts?> kept = ref Slot(_regions, question, question.Address >> PageShift, out bool isFresh);
        if (!isFresh)
        {
            Asked++;
            kept = new Kept<RegionFacts?>(question.Time, facts.Region(question));
        }
        return kept.Answer;
    }

    /// <summary>One answer for the whole allocation.</summary>
    public long? PrivateBytes(in MemoryQuestion question)
    {
        if (Region(question) is not { } region)
            return null;
        ref Kept<long?> kept = ref Slot(_privateBytes, question, region.AllocationBase, out bool isFresh);
        if (!isFresh)
        {
            Asked++;
            kept = new Kept<long?>(question.Time, facts.PrivateBytes(question with { Address = region.AllocationBase }));
        }
        return kept.Answer;
    }

    /// <inheritdoc/>
    public int Read(in MemoryQuestion question, Span<byte> bytes)
    {
        Span<byte> wanted = bytes[..Math.Min(bytes.Length, Copy.Size)];
        ref Kept<Copy> kept = ref Slot(_copies, question, question.Address, out bool isFresh);
        if (!isFresh || kept.Answer.Wanted < wanted.Length)
        {
            Asked++;
            kept = new Kept<Copy>(question.Time, default);
            kept.Answer.Wanted = wanted.Length;
            kept.Answer.Length = facts.Read(question, wanted);
            wanted[..kept.Answer.Length].CopyTo(kept.Answer.Bytes);
            return kept.Answer.Length;
        }
        int length = Math.Min(kept.Answer.Length, wanted.Length);
        ((ReadOnlySpan<byte>)kept.Answer.Bytes)[..length].CopyTo(wanted);
        return length;
    }

    /// <summary>Not kept here: whether a path still names the same file only the system can say.</summary>
    public FileFacts? File(string path)
    {
        Asked++;
        return facts.File(path);
    }

    /// <summary>Not kept here: a program may be writing the file.</summary>
    public string? Header(in FileQuestion question)
    {
        Asked++;
        return facts.Header(question);
    }

    /// <summary>Not kept here: who asks keeps them with the file.</summary>
    public ISymbolSource? Symbols(in ImageIdentity image)
    {
        Asked++;
        return facts.Symbols(image);
    }

    /// <inheritdoc/>
    public void Dispose() => facts.Dispose();

    private ref Kept<T> Slot<T>(Dictionary<(int Process, long Start, ulong Place), Kept<T>> table, in MemoryQuestion question, ulong place, out bool isFresh)
    {
        var key = (question.ProcessId, question.ProcessStart, place);
        if (table.Count == MostAnswers && !table.ContainsKey(key))
        {
            statistics.CountFieldProblem("too many answers of the system: all were forgotten");
            table.Clear();
        }
        ref Kept<T> kept = ref CollectionsMarshal.GetValueRefOrAddDefault(table, key, out bool isThere);
        isFresh = isThere && Math.Abs(question.Time - kept.Time) <= frequency;
        return ref kept;
    }

    private struct Kept<T>(long time, T answer)
    {
        public readonly long Time = time;
        public T Answer = answer;
    }

    /// <summary>Bytes of code around a call.</summary>
    private struct Copy
    {
        public const int Size = 64;

        public int Wanted;
        public int Length;
        public CopiedBytes Bytes;
    }

    [InlineArray(Copy.Size)]
    private struct CopiedBytes
    {
        private byte _first;
    }
}
