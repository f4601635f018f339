using System.Buffers.Binary;

namespace CallStackRules.Capture.Unwinding;

/// <summary>Reads numbers as DWARF writes them. Behind the end everything is 0, and <see cref="HasFailed"/> says so.</summary>
/// <param name="bytes">The bytes.</param>
/// <param name="place">Where to begin.</param>
/// <param name="end">Where to stop.</param>
internal ref struct DwarfReader(ReadOnlySpan<byte> bytes, int place, int end)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly int _end = Math.Min(end, bytes.Length);

    /// <summary>Where the next byte is.</summary>
    public int Place { get; private set; } = place;

    /// <summary>Whether a read went beyond the end.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Whether there is nothing more.</summary>
    public readonly bool IsAtEnd => Place >= _end || HasFailed;

    public byte Byte()
    {
        if (!Take(1))
            return 0;
        return _bytes[Place - 1];
    }

    public ushort UInt16() => Take(2) ? BinaryPrimitives.ReadUInt16LittleEndian(_bytes[(Place - 2)..]) : (ushort)0;

    public uint UInt32() => Take(4) ? BinaryPrimitives.ReadUInt32LittleEndian(_bytes[(Place - 4)..]) : 0;

    public ulong UInt64() => Take(8) ? BinaryPrimitives.ReadUInt64LittleEndian(_bytes[(Place - 8)..]) : 0;

    /// <summary>An unsigned number of 7 bits a byte, the lowest first.</summary>
    public ulong Unsigned()
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = Byte();
            if (shift < 64)
                value |= (ulong)(next & 0x7f) << shift;
            if ((next & 0x80) == 0)
                return value;
        }
    }

    /// <summary>The same with a sign.</summary>
    public long Signed()
    {
        long value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = Byte();
            if (shift < 64)
                value |= (long)(next & 0x7f) << shift;
            if ((next & 0x80) != 0)
                continue;
            return shift + 7 < 64 && (next & 0x40) != 0 ? value | (-1L << (shift + 7)) : value;
        }
    }

    /// <summary>Goes over bytes.</summary>
    public void Skip(ulong count)
    {
        if (count > (ulong)(_end - Place))
            HasFailed = true;
        else
            Place += (int)count;
    }

    /// <summary>Goes to a place.</summary>
    public void MoveTo(long place)
    {
        if (place < 0 || place > _end)
            HasFailed = true;
        else
            Place = (int)place;
    }

    private bool Take(int count)
    {
        if (HasFailed || Place < 0 || count > _end - Place)
        {
            HasFailed = true;
            return false;
        }
        Place += count;
        return true;
    }
}
