using System.Buffers.Binary;

namespace CallStackRules.Capture.Unwinding;

/// <summary>
/// Reads DWARF's numbers one after the other. What is not there reads as 0 and <see cref="Failed"/> says so from then on: hostile bytes cost no exception.
/// </summary>
internal ref struct DwarfReader(ReadOnlySpan<byte> bytes, int position = 0)
{
    // DW_EH_PE of the Linux Standard Base, "DWARF Exception Header Encoding": low half the format, then what the value is relative to, 0x80 indirect.
    private const byte Omitted = 0xff;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Where the next number is.</summary>
    public int Position { get; private set; } = position;

    /// <summary>Whether something was read that is not there.</summary>
    public bool Failed { get; private set; }

    /// <summary>Whether nothing is left, or nothing that could be trusted.</summary>
    public readonly bool AtEnd => Failed || Position >= _bytes.Length;

    /// <summary>Skips bytes, forwards or backwards.</summary>
    public void Skip(long count)
    {
        long position = Position + count;
        if ((ulong)position <= (ulong)_bytes.Length && count is >= int.MinValue and <= int.MaxValue)
            Position = (int)position;
        else
            Failed = true;
    }

    /// <summary>Skips as many bytes as a LEB128 number says, and gives that number.</summary>
    public int SkipBlock()
    {
        ulong length = ReadUleb();
        if (length > int.MaxValue)
            Failed = true;
        else
            Skip((long)length);
        return Failed ? 0 : (int)length;
    }

    /// <summary>One byte.</summary>
    public byte ReadByte()
    {
        if ((uint)Position < (uint)_bytes.Length)
            return _bytes[Position++];
        Failed = true;
        return 0;
    }

    /// <summary>An unsigned number of 1, 2, 4 or 8 bytes.</summary>
    public ulong ReadUnsigned(int size)
    {
        if (size > _bytes.Length - Position)
        {
            Failed = true;
            return 0;
        }
        ReadOnlySpan<byte> bytes = _bytes.Slice(Position, size);
        Position += size;
        return size switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        };
    }

    /// <summary>A signed number of 1, 2, 4 or 8 bytes.</summary>
    public long ReadSigned(int size)
    {
        int unused = 64 - (8 * size);
        return (long)ReadUnsigned(size) << unused >> unused;
    }

    /// <summary>An unsigned LEB128 number. Bits beyond 64 are lost.</summary>
    public ulong ReadUleb()
    {
        ulong value = 0;
        int shift = 0;
        byte b;
        do
        {
            b = ReadByte();
            if (shift < 64)
                value |= (ulong)(b & 0x7f) << shift;
            shift += 7;
        }
        while ((b & 0x80) != 0);
        return value;
    }

    /// <summary>A signed LEB128 number. Bits beyond 64 are lost.</summary>
    public long ReadSleb()
    {
        long value = 0;
        int shift = 0;
        byte b;
        do
        {
            b = ReadByte();
            if (shift < 64)
                value |= (long)(b & 0x7f) << shift;
            shift += 7;
        }
        while ((b & 0x80) != 0);
        return shift < 64 && (b & 0x40) != 0 ? value | (-1L << shift) : value;
    }

    /// <summary>A pointer in one of the encodings of exception headers.</summary>
    /// <param name="encoding">DW_EH_PE_*.</param>
    /// <param name="address">Virtual address of the bytes' start, for pointers that are relative to where they are.</param>
    /// <param name="data">Virtual address of the table, for pointers that are relative to it.</param>
    public ulong ReadPointer(byte encoding, ulong address, ulong data)
    {
        if (encoding == Omitted)
            return 0;
        ulong here = address + (ulong)Position;
        ulong value = (encoding & 0x0f) switch
        {
            0x00 or 0x04 or 0x0c => ReadUnsigned(8),
            0x01 => ReadUleb(),
            0x02 => ReadUnsigned(2),
            0x03 => ReadUnsigned(4),
            0x09 => (ulong)ReadSleb(),
            0x0a => (ulong)ReadSigned(2),
            0x0b => (ulong)ReadSigned(4),
            _ => Fail(),
        };
        return (encoding & 0xf0) switch
        {
            0x00 => value,
            0x10 => value + here,
            0x30 => value + data,
            // Relative to the text or the function, aligned or indirect: not used where these pointers are read from.
            _ => Fail(),
        };
    }

    private ulong Fail()
    {
        Failed = true;
        return 0;
    }
}
