using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CallStackRules.Capture.Sources.Etw.Files;

/// <summary>
/// One record of a buffer. Records are padded to 8 bytes; behind the last, a buffer is filled with ones or zeros.
/// </summary>
/// <remarks>
/// Source: the headers of ntwmi.h, evntrace.h and evntcons.h. The third byte tells the kind; odd numbers of a pair are of 32 bits (see <see cref="RecordKind"/>), and the
/// fourth byte has 0x80 in every record and 0x10 without 0x40 in a message of WPP. Offsets of what is read, in bytes:
/// <code>
///                 size  version  opcode  group  thread  process  timestamp  provider  header
/// System           4:2     0:1     6:1     7:1     8:4     12:4      16:8         -      32
/// Compact          4:2     0:1     6:1     7:1     8:4     12:4      16:8         -      24
/// PerfInfo         4:2     0:1     6:1     7:1       -        -       8:8         -      16
/// Full             0:2     6:2     4:1       -     8:4     12:4      16:8      24:16     48
/// Instance         0:2     6:2     4:1       -     8:4     12:4      16:8      24:16     72
/// EventHeader      0:2    42:1    45:1       -     8:4     12:4      16:8      24:16     80, then items of extended data
///   and            4:2 flags, 40:2 id, 46:2 task, 48:8 keywords
/// Message          0:2     see <see cref="DecodeMessage"/>                                8
/// </code>
/// </remarks>
/// <param name="Kind">What its header is.</param>
/// <param name="Size">Bytes of header and payload.</param>
/// <param name="Timestamp">When it happened, in the trace's clock; null for messages that do not say.</param>
internal readonly record struct EtlRecord(RecordKind Kind, int Size, long? Timestamp)
{
    /// <summary>Bytes that every record begins at a multiple of.</summary>
    public const int Alignment = 8;

    /// <summary>Addresses of a stack that are kept; the system itself keeps 192.</summary>
    public const int DeepestStack = 1024;

    /// <summary>Bytes that hold the timestamp of every kind of record.</summary>
    public const int HeadLength = MessageHeader + 4 + 16 + 8;

    private const int ClassicHeader = 48;
    private const int InstanceHeader = 72;
    private const int EventHeader = 80;
    private const int MessageHeader = 8;

    /// <summary>Whether these bytes are what a buffer is filled with behind its last record.</summary>
    public static bool IsFiller(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> marker = bytes[..Math.Min(bytes.Length, Alignment)];
        return !marker.ContainsAnyExcept((byte)0xFF) || !marker.ContainsAnyExcept((byte)0);
    }

    /// <summary>Reads where a record ends and when it happened.</summary>
    /// <param name="bytes">From the beginning of the record to the end of the buffer, or at least <see cref="HeadLength"/> of it.</param>
    /// <param name="available">Bytes to the end of the buffer.</param>
    /// <param name="record">The record.</param>
    /// <returns>False when these bytes are no record, or one that is longer than its buffer.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int available, out EtlRecord record)
    {
        record = default;
        if (bytes.Length < MessageHeader || (bytes[3] & MarkerFlags.Trace) == 0)
            return false;
        record = (bytes[3] & (MarkerFlags.Event | MarkerFlags.Message)) == MarkerFlags.Message ? ReadMessage(bytes) : ReadEvent(bytes);
        return record.Size >= HeaderLength(record.Kind) && record.Size <= available;
    }

    /// <summary>The event of a record that was read.</summary>
    /// <param name="bytes">The record, <see cref="Size"/> bytes.</param>
    /// <param name="timestamp">When it happened, for a message that does not say.</param>
    /// <param name="processor">The processor of its buffer.</param>
    /// <param name="stack">Room for <see cref="DeepestStack"/> addresses.</param>
    public RawEvent Decode(ReadOnlySpan<byte> bytes, long timestamp, ushort processor, Span<ulong> stack) => Kind switch
    {
        RecordKind.Full32 or RecordKind.Full64 or RecordKind.Instance32 or RecordKind.Instance64 => DecodeClassic(bytes, processor),
        RecordKind.EventHeader32 or RecordKind.EventHeader64 => DecodeManifest(bytes, processor, stack),
        RecordKind.Message => DecodeMessage(bytes, timestamp, processor),
        _ => DecodeKernel(bytes, processor),
    };

    private static EtlRecord ReadEvent(ReadOnlySpan<byte> bytes)
    {
        var kind = (RecordKind)bytes[2];
        int header = HeaderLength(kind);
        if (header == int.MaxValue || bytes.Length < Math.Min(header, HeadLength))
            return default;
        int size = BinaryPrimitives.ReadUInt16LittleEndian(IsKernel(kind) ? bytes[4..] : bytes);
        int clock = kind is RecordKind.PerfInfo32 or RecordKind.PerfInfo64 ? 8 : 16;
        return new EtlRecord(kind, size, BinaryPrimitives.ReadInt64LittleEndian(bytes[clock..]));
    }

    private static EtlRecord ReadMessage(ReadOnlySpan<byte> bytes)
    {
        var message = new MessageLayout(bytes);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        if (size < message.Length)
            return default;
        bool hasTime = message.HasTimestamp && message.Timestamp + sizeof(long) <= bytes.Length;
        return new EtlRecord(RecordKind.Message, size, hasTime ? BinaryPrimitives.ReadInt64LittleEndian(bytes[message.Timestamp..]) : null);
    }

    /// <summary>Bytes of a header; more than any record has for a kind that is not known.</summary>
    private static int HeaderLength(RecordKind kind) => kind switch
    {
        RecordKind.System32 or RecordKind.System64 => 32,
        RecordKind.Compact32 or RecordKind.Compact64 => 24,
        RecordKind.PerfInfo32 or RecordKind.PerfInfo64 => 16,
        RecordKind.Full32 or RecordKind.Full64 => ClassicHeader,
        RecordKind.Instance32 or RecordKind.Instance64 => InstanceHeader,
        RecordKind.EventHeader32 or RecordKind.EventHeader64 => EventHeader,
        RecordKind.Message => MessageHeader,
        _ => int.MaxValue,
    };

    private static bool IsKernel(RecordKind kind) =>
        kind is RecordKind.System32 or RecordKind.System64 or RecordKind.Compact32 or RecordKind.Compact64 or RecordKind.PerfInfo32 or RecordKind.PerfInfo64;

    private RawEventFlags Pointers => Kind is RecordKind.System32 or RecordKind.Compact32 or RecordKind.PerfInfo32 or RecordKind.Full32 or RecordKind.Instance32
        or RecordKind.EventHeader32 ? RawEventFlags.Pointers32 : RawEventFlags.Pointers64;

    private RawEvent DecodeKernel(ReadOnlySpan<byte> bytes, ushort processor)
    {
        bool hasThread = Kind is not (RecordKind.PerfInfo32 or RecordKind.PerfInfo64);
        return new RawEvent
        {
            Provider = KernelEventGroups.ClassOf(bytes[7], bytes[6]),
            Version = bytes[0],
            Opcode = bytes[6],
            Flags = RawEventFlags.Classic | Pointers,
            ProcessId = hasThread ? BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]) : -1,
            ThreadId = hasThread ? BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) : -1,
            Timestamp = Timestamp!.Value,
            Processor = processor,
            Data = bytes[HeaderLength(Kind)..Size],
        };
    }

    private RawEvent DecodeClassic(ReadOnlySpan<byte> bytes, ushort processor) => new()
    {
        Provider = MemoryMarshal.Read<Guid>(bytes[24..]),
        Version = bytes[6],
        Opcode = bytes[4],
        Flags = RawEventFlags.Classic | Pointers,
        ProcessId = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
        ThreadId = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
        Timestamp = Timestamp!.Value,
        Processor = processor,
        Data = bytes[HeaderLength(Kind)..Size],
    };

    private RawEvent DecodeManifest(ReadOnlySpan<byte> bytes, ushort processor, Span<ulong> stack)
    {
        var flags = (RawEventFlags)BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        var extended = new ExtendedData(bytes[..Size], EventHeader, (flags & RawEventFlags.ExtendedInfo) != 0, stack);
        if ((flags & (RawEventFlags.Pointers32 | RawEventFlags.Pointers64)) == 0)
            flags |= Pointers;
        return new RawEvent
        {
            Provider = MemoryMarshal.Read<Guid>(bytes[24..]),
            Id = BinaryPrimitives.ReadUInt16LittleEndian(bytes[40..]),
            Version = bytes[42],
            Opcode = bytes[45],
            Task = BinaryPrimitives.ReadUInt16LittleEndian(bytes[46..]),
            Keywords = BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..]),
            Flags = flags,
            ProcessId = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            ThreadId = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
            Timestamp = Timestamp!.Value,
            Processor = processor,
            Data = bytes[extended.End..Size],
            Stack = extended.Stack,
            StackMatchId = extended.MatchId,
            StackKey = extended.StackKey,
        };
    }

    private RawEvent DecodeMessage(ReadOnlySpan<byte> bytes, long timestamp, ushort processor)
    {
        var message = new MessageLayout(bytes);
        return new RawEvent
        {
            Provider = message.HasProvider ? MemoryMarshal.Read<Guid>(bytes[message.Provider..]) : Guid.Empty,
            Id = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]),
            Flags = RawEventFlags.Message | message.Pointers,
            ProcessId = message.HasThread ? BinaryPrimitives.ReadInt32LittleEndian(bytes[(message.Thread + sizeof(int))..]) : -1,
            ThreadId = message.HasThread ? BinaryPrimitives.ReadInt32LittleEndian(bytes[message.Thread..]) : -1,
            Timestamp = Timestamp ?? timestamp,
            Processor = processor,
            Data = bytes[message.Length..Size],
        };
    }

    /// <summary>Bits of the fourth byte of a record.</summary>
    private static class MarkerFlags
    {
        public const byte Trace = 0x80;
        public const byte Event = 0x40;
        public const byte Message = 0x10;
    }

    /// <summary>
    /// What a message of WPP has before its payload, each only with its flag (bytes 6 and 7), in this order: 1 a sequence number (4 bytes), 4 a component (4) or else 2 the
    /// identifier of its messages (16), 8 a timestamp (8), 0x20 thread and process (4 each). 0x40 and 0x80 tell the size of pointers.
    /// </summary>
    /// <remarks>Source: TRACE_MESSAGE_* of evntrace.h, and the order in which the system writes them.</remarks>
    private readonly ref struct MessageLayout
    {
        private readonly int _flags;

        public MessageLayout(ReadOnlySpan<byte> bytes)
        {
            _flags = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
            bool hasComponent = (_flags & 0x4) != 0;
            HasProvider = !hasComponent && (_flags & 0x2) != 0;
            Provider = MessageHeader + ((_flags & 0x1) != 0 ? 4 : 0);
            Timestamp = Provider + (hasComponent ? 4 : HasProvider ? 16 : 0);
            Thread = Timestamp + (HasTimestamp ? sizeof(long) : 0);
            Length = Thread + (HasThread ? 2 * sizeof(int) : 0);
        }

        public bool HasProvider { get; }

        public bool HasTimestamp => (_flags & 0x8) != 0;

        public bool HasThread => (_flags & 0x20) != 0;

        public RawEventFlags Pointers => (_flags & 0x40) != 0 ? RawEventFlags.Pointers32 : RawEventFlags.Pointers64;

        public int Provider { get; }

        public int Timestamp { get; }

        public int Thread { get; }

        public int Length { get; }
    }
}

/// <summary>Kinds of records, each with the size of pointers in its payload.</summary>
/// <remarks>Source: TRACE_HEADER_TYPE_* of ntwmi.h.</remarks>
internal enum RecordKind : byte
{
    /// <summary>An event of the kernel with thread and times.</summary>
    System32 = 1,
    System64 = 2,
    /// <summary>An event of the kernel with thread.</summary>
    Compact32 = 3,
    Compact64 = 4,
    /// <summary>An event of a provider without manifest.</summary>
    Full32 = 10,
    /// <summary>The same with an instance and its parent.</summary>
    Instance32 = 11,
    /// <summary>A message of WPP.</summary>
    Message = 15,
    /// <summary>An event of the kernel with nothing but its time.</summary>
    PerfInfo32 = 16,
    PerfInfo64 = 17,
    /// <summary>An event of a provider with a manifest, or one that describes itself.</summary>
    EventHeader32 = 18,
    EventHeader64 = 19,
    Full64 = 20,
    Instance64 = 21,
}
