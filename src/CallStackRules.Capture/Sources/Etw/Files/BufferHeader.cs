using System.Buffers.Binary;

namespace CallStackRules.Capture.Sources.Etw.Files;

/// <summary>The beginning of each buffer of a trace.</summary>
/// <remarks>
/// Source: WMI_BUFFER_HEADER of ntwmi.h, the same for 32 and 64 bits.
/// <code>
/// offset size
///      0    4  BufferSize: bytes of the buffer in the file; of a compressed one, compressed
///      4    4  SavedOffset
///      8    4  CurrentOffset
///     12    4  ReferenceCount
///     16    8  TimeStamp, when it was written to the file
///     24    8  SequenceNumber
///     32    8  clock type and frequency
///     40    2  processor: one byte, or two when the flag ProcIndex is set
///     42    2  logger
///     44    4  state
///     48    4  Offset: where the records end; of a compressed buffer, decompressed
///     52    2  BufferFlag
///     54    2  BufferType
///     56   16  start times, or pointers that mean nothing in a file
/// </code>
/// Records follow from 72, or what they are compressed to.
/// </remarks>
/// <param name="Size">Bytes in the file, header included.</param>
/// <param name="End">Where the records end, from the beginning of the header, once decompressed.</param>
/// <param name="Processor">The processor whose events these are.</param>
/// <param name="Flags">What happened to it.</param>
internal readonly record struct BufferHeader(int Size, int End, ushort Processor, BufferFlags Flags)
{
    /// <summary>Bytes of the header.</summary>
    public const int Length = 72;

    /// <summary>The largest buffer that a session may have, and some more.</summary>
    public const int LargestBuffer = 32 * 1024 * 1024;

    /// <summary>Whether what follows the header is compressed.</summary>
    public bool IsCompressed => (Flags & BufferFlags.Compressed) != 0;

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">From the beginning of the buffer.</param>
    /// <param name="available">Bytes that the file has from there.</param>
    /// <param name="header">The header.</param>
    /// <returns>False when these bytes cannot be a header.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, long available, out BufferHeader header)
    {
        header = default;
        if (bytes.Length < Length)
            return false;
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        uint end = BinaryPrimitives.ReadUInt32LittleEndian(bytes[48..]);
        var flags = (BufferFlags)BinaryPrimitives.ReadUInt16LittleEndian(bytes[52..]);
        bool isCompressed = (flags & BufferFlags.Compressed) != 0;
        if (size is < Length or > LargestBuffer || size > available || (flags & ~BufferFlags.All) != 0)
            return false;
        if (end is < Length or > LargestBuffer || (!isCompressed && end > size))
            return false;
        ushort processor = BinaryPrimitives.ReadUInt16LittleEndian(bytes[40..]);
        header = new BufferHeader((int)size, (int)end, (flags & BufferFlags.ProcessorIndex) != 0 ? processor : (byte)processor, flags);
        return true;
    }
}

/// <summary>Flags of a buffer.</summary>
/// <remarks>Source: ETW_BUFFER_FLAG_* of ntwmi.h.</remarks>
[Flags]
internal enum BufferFlags : ushort
{
    None = 0,
    FlushMarker = 0x1,
    /// <summary>Events were lost before this buffer.</summary>
    EventsLost = 0x2,
    /// <summary>Buffers were lost before this one.</summary>
    BufferLost = 0x4,
    BackupCorrupt = 0x8,
    Backup = 0x10,
    /// <summary>The number of the processor has two bytes.</summary>
    ProcessorIndex = 0x20,
    /// <summary>The records are compressed.</summary>
    Compressed = 0x40,
    All = 0x7F,
}
