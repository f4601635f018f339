using System.Buffers.Binary;

namespace CallStackRules.Capture.Sources.Linux.Tracing;

/// <summary>What a program writes for a captured call, in the order of the bytes.</summary>
/// <remarks>
/// <code>
/// offset  size  what
/// 0       4     row of <see cref="CaptureTable"/>
/// 4       4     flags: 1 a copy was made later, see <see cref="IsReadLater"/>; 2 the call is of the 32-bit table, see <see cref="IsCompat"/>;
///               4 it is a request through io_uring, see <see cref="IsRequest"/>
/// 8       8     user number, in the upper half the group number
/// 16      8     what the call returned; 0 on entry
/// 24      48    the six arguments
/// 72      4     bytes of the first copy, closing zero included; 0: it could not be read
/// 76      4     bytes of the second copy
/// 80      16    the thread's name, filled up with zeros
/// 96      ...   the copies, one behind the other
/// </code>
/// </remarks>
internal readonly ref struct CaptureRecord
{
    public const int RowOffset = 0;
    public const int FlagsOffset = 4;
    public const int UserOffset = 8;
    public const int ReturnOffset = 16;
    public const int ArgumentsOffset = 24;
    public const int FirstLengthOffset = 72;
    public const int SecondLengthOffset = 76;
    public const int NameOffset = 80;
    public const int CopiesOffset = 96;

    /// <summary>Flag of a record with a copy that was made later.</summary>
    public const int ReadLaterFlag = 1;

    /// <summary>Flag of a call of the 32-bit table.</summary>
    public const int CompatFlag = 2;

    /// <summary>Flag of a request through io_uring.</summary>
    public const int RequestFlag = 4;

    /// <summary>Bytes of a thread's name, closing zero included: TASK_COMM_LEN.</summary>
    public const int NameSize = CopiesOffset - NameOffset;

    /// <summary>Bytes that are copied of one text at most: the longest path, closing zero included.</summary>
    public const int MostCopied = 4096;

    /// <summary>Texts of a list that are copied at most.</summary>
    public const int MostListed = 48;

    /// <summary>Bytes that are copied of one text of a list at most.</summary>
    public const int MostCopiedOfListed = 1024;

    /// <summary>Bytes of a list beyond which no further text is copied.</summary>
    public const int MostCopiedOfList = 4096;

    /// <summary>Bytes of a socket address: an IPv6 one is the longest that is used.</summary>
    public const int SocketAddressSize = 28;

    /// <summary>Bytes of the sets of capabilities, version 3: twice u32 effective, permitted, inheritable, the low halves first.</summary>
    public const int CapabilitiesSize = 24;

    /// <summary>Stands for a user or group whose number was not told; no user has it.</summary>
    public const uint UnknownId = uint.MaxValue;

    private readonly ReadOnlySpan<byte> _bytes;

    private CaptureRecord(ReadOnlySpan<byte> bytes, CaptureRow row, int index)
    {
        _bytes = bytes;
        Row = row;
        RowIndex = index;
    }

    public CaptureRow Row { get; }

    public int RowIndex { get; }

    /// <summary>Whether one of the copies is what the process had there some time after the call. It may not be what the call was made with.</summary>
    public bool IsReadLater => (BinaryPrimitives.ReadUInt32LittleEndian(_bytes[FlagsOffset..]) & ReadLaterFlag) != 0;

    /// <summary>Whether the call was made by the table for 32-bit programs: by such a program, or with <c>int 0x80</c>.</summary>
    public bool IsCompat => (BinaryPrimitives.ReadUInt32LittleEndian(_bytes[FlagsOffset..]) & CompatFlag) != 0;

    /// <summary>Whether this is a request through io_uring, of which it is not known what comes of it; the result is -1.</summary>
    public bool IsRequest => (BinaryPrimitives.ReadUInt32LittleEndian(_bytes[FlagsOffset..]) & RequestFlag) != 0;

    public long Result => BinaryPrimitives.ReadInt64LittleEndian(_bytes[ReturnOffset..]);

    public uint User => BinaryPrimitives.ReadUInt32LittleEndian(_bytes[UserOffset..]);

    public uint Group => BinaryPrimitives.ReadUInt32LittleEndian(_bytes[(UserOffset + 4)..]);

    /// <summary>The thread's name: of a process's first thread, the file name of its program unless it took another.</summary>
    public ReadOnlySpan<byte> ThreadName => Perf.PerfNames.Until0(_bytes.Slice(NameOffset, NameSize));

    /// <summary>The first copy without its closing zero; empty when it could not be read.</summary>
    public ReadOnlySpan<byte> First => Copy(CopiesOffset, FirstLength);

    /// <summary>The second copy without its closing zero; empty when it could not be read.</summary>
    public ReadOnlySpan<byte> Second => Copy(CopiesOffset + FirstLength, (int)BinaryPrimitives.ReadUInt32LittleEndian(_bytes[SecondLengthOffset..]));

    /// <summary>The flags of the call; 0 when it has none.</summary>
    public int Flags => Row.Flags < 0 ? 0 : (int)Argument(Row.Flags);

    /// <summary>The second copy as it is: the texts of a list, each with its closing zero.</summary>
    public ReadOnlySpan<byte> List
    {
        get
        {
            int start = CopiesOffset + FirstLength;
            int length = (int)BinaryPrimitives.ReadUInt32LittleEndian(_bytes[SecondLengthOffset..]);
            return length <= 0 || start < CopiesOffset || start > _bytes.Length || length > _bytes.Length - start ? default : _bytes.Slice(start, length);
        }
    }

    private int FirstLength => (int)BinaryPrimitives.ReadUInt32LittleEndian(_bytes[FirstLengthOffset..]);

    /// <summary>An argument, from 0 to 5.</summary>
    public ulong Argument(int index) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes[(ArgumentsOffset + (8 * index))..]);

    /// <summary>Reads what a program wrote.</summary>
    /// <returns>False when the bytes cannot be a record.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out CaptureRecord record)
    {
        record = default;
        if (bytes.Length < CopiesOffset)
            return false;
        uint row = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (row >= (uint)CaptureTable.Rows.Length)
            return false;
        record = new CaptureRecord(bytes, CaptureTable.Rows[row], (int)row);
        return true;
    }

    private ReadOnlySpan<byte> Copy(int start, int length)
    {
        if (length <= 0 || start < CopiesOffset || start > _bytes.Length || length > _bytes.Length - start)
            return default;
        ReadOnlySpan<byte> copy = _bytes.Slice(start, length);
        if (Row.CopiedKind != CopiedArgument.Text)
            return copy;
        int end = copy.IndexOf((byte)0);
        return end < 0 ? copy : copy[..end];
    }
}
