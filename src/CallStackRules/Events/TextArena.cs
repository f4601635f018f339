using System.Numerics;

namespace CallStackRules.Events;

/// <summary>
/// Room for texts that outlive their event. Blocks are cut from large slabs and used again, so that a model whose objects come and go allocates nothing once it has
/// been as large as it gets. For one thread.
/// </summary>
/// <remarks>The lengths of blocks are powers of two. A block never becomes one of another length: the lengths that a stream needs hardly change over time.</remarks>
public sealed class TextArena
{
    private const int SmallestShift = 4;
    private const int LargestShift = 16;

    /// <summary>The largest block that is ever used again.</summary>
    internal const int SlabLength = 1 << LargestShift;

    private const int UnitsPerSlab = SlabLength >> SmallestShift;
    private const int None = -1;

    /// <summary>The number of a block that is an array of its own, because no slab has so much room.</summary>
    private const int Alone = -1;

    private readonly List<char[]> _slabs = [];

    /// <summary>The first free block of each size; each holds the number of the next in its first characters.</summary>
    private readonly int[] _free = new int[LargestShift - SmallestShift + 1];

    private int _current = -1;
    private int _used = SlabLength;
    private long _prepared;

    /// <summary>An arena without any room yet.</summary>
    public TextArena() => Array.Fill(_free, None);

    /// <summary>Makes room for so many more characters at once, so that nothing is allocated until they are used.</summary>
    public void Prepare(long characters)
    {
        _prepared += characters;
        while ((long)_slabs.Count * SlabLength < _prepared)
            _slabs.Add(new char[SlabLength]);
    }

    /// <summary>Room for some characters, with whatever they were before.</summary>
    /// <param name="length">Characters at least.</param>
    public TextBlock Rent(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > SlabLength)
            return new TextBlock(new char[length], 0, length, Alone);
        int shift = SmallestShift;
        while (1 << shift < length)
            shift++;
        return BlockOf(Take(shift), 1 << shift);
    }

    /// <summary>The block with a number and a length, both of a block that was rented here.</summary>
    internal TextBlock BlockOf(int number, int length) =>
        new(_slabs[number / UnitsPerSlab], (number % UnitsPerSlab) << SmallestShift, length, number);

    /// <summary>Gives a block back; its texts are no longer valid.</summary>
    public void Return(TextBlock block)
    {
        if (block.Room is null || block.Number == Alone)
            return;
        Put(block.Number, BitOperations.Log2((uint)block.Length));
    }

    private int Take(int shift)
    {
        ref int first = ref _free[shift - SmallestShift];
        if (first == None)
            return Cut(shift);
        int block = first;
        Span<char> link = Link(block);
        first = link[0] | (link[1] << 16);
        return block;
    }

    private void Put(int block, int shift)
    {
        ref int first = ref _free[shift - SmallestShift];
        Span<char> link = Link(block);
        link[0] = (char)first;
        link[1] = (char)(first >> 16);
        first = block;
    }

    private Span<char> Link(int block) => _slabs[block / UnitsPerSlab].AsSpan((block % UnitsPerSlab) << SmallestShift, 2);

    /// <summary>Cuts a block from room that was never used.</summary>
    private int Cut(int shift)
    {
        if (SlabLength - _used < 1 << shift)
            OpenNext();
        int block = (_current * UnitsPerSlab) + (_used >> SmallestShift);
        _used += 1 << shift;
        return block;
    }

    /// <summary>Goes on to the next slab; what is left of this one becomes smaller blocks.</summary>
    private void OpenNext()
    {
        for (int shift = LargestShift - 1; shift >= SmallestShift; shift--)
        {
            if (SlabLength - _used < 1 << shift)
                continue;
            Put((_current * UnitsPerSlab) + (_used >> SmallestShift), shift);
            _used += 1 << shift;
        }
        if (++_current == _slabs.Count)
            _slabs.Add(new char[SlabLength]);
        _used = 0;
    }
}
