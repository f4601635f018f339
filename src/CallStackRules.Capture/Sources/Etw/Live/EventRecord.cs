using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CallStackRules.Capture.Sources.Etw.Live;

/// <summary>EVENT_RECORD, the form in which Windows hands events over, to <see cref="RawEvent"/>.</summary>
/// <remarks>
/// evntcons.h, with 64-bit addresses:
/// <code>
/// offset type     field                           extended data item, 16 bytes
///      4 u16      flags                            2 u16     kind
///      8 u32      thread                           6 u16     bytes
///     12 u32      process                          8 pointer data
///     16 i64      timestamp                       kinds 5 (32-bit addresses) and 6 (64-bit): u64 match id, then the addresses
///     24 GUID     provider                        kinds 17 and 18: u64 match id, u64 key of the stack
///     40 u16      id
///     42 u8       version
///     45 u8       opcode
///     46 u16      task
///     48 u64      keywords
///     80 u16      processor
///     84 u16      count of extended data items
///     86 u16      bytes of the payload
///     88 pointer  extended data items
///     96 pointer  payload
/// </code>
/// </remarks>
internal sealed unsafe class EventRecord
{
    /// <summary>Bytes of the structure.</summary>
    public const int Size = 112;

    private const int ItemSize = 16;
    private const ushort Stack32 = 5;
    private const ushort Stack64 = 6;
    private const ushort StackKey32 = 17;
    private const ushort StackKey64 = 18;

    // Windows walks at most 192 frames.
    private readonly ulong[] _widened = new ulong[256];

    /// <summary>Reads an event where it lies. Its spans are valid as long as the record is, and until the next call.</summary>
    public RawEvent Read(byte* record)
    {
        var fields = new ReadOnlySpan<byte>(record, Size);
        ReadOnlySpan<ulong> stack = default;
        ulong matchId = 0;
        ulong stackKey = 0;
        ushort items = BinaryPrimitives.ReadUInt16LittleEndian(fields[84..]);
        byte* item = *(byte**)(record + 88);
        for (int i = 0; i < items && item is not null; i++, item += ItemSize)
        {
            var data = new ReadOnlySpan<byte>(*(byte**)(item + 8), *(ushort*)(item + 6));
            if (data.Length < sizeof(ulong))
                continue;
            ulong first = BinaryPrimitives.ReadUInt64LittleEndian(data);
            switch (*(ushort*)(item + 2))
            {
                case Stack64:
                    matchId = first;
                    stack = MemoryMarshal.Cast<byte, ulong>(data[sizeof(ulong)..]);
                    break;
                case Stack32:
                    matchId = first;
                    stack = Widen(MemoryMarshal.Cast<byte, uint>(data[sizeof(ulong)..]));
                    break;
                case StackKey32 or StackKey64 when data.Length >= 2 * sizeof(ulong):
                    matchId = first;
                    stackKey = BinaryPrimitives.ReadUInt64LittleEndian(data[sizeof(ulong)..]);
                    break;
            }
        }
        return new RawEvent
        {
            Provider = new Guid(fields.Slice(24, 16)),
            Id = BinaryPrimitives.ReadUInt16LittleEndian(fields[40..]),
            Version = fields[42],
            Opcode = fields[45],
            Task = BinaryPrimitives.ReadUInt16LittleEndian(fields[46..]),
            Keywords = BinaryPrimitives.ReadUInt64LittleEndian(fields[48..]),
            Flags = (RawEventFlags)BinaryPrimitives.ReadUInt16LittleEndian(fields[4..]),
            ThreadId = BinaryPrimitives.ReadInt32LittleEndian(fields[8..]),
            ProcessId = BinaryPrimitives.ReadInt32LittleEndian(fields[12..]),
            Timestamp = BinaryPrimitives.ReadInt64LittleEndian(fields[16..]),
            Processor = BinaryPrimitives.ReadUInt16LittleEndian(fields[80..]),
            Data = new ReadOnlySpan<byte>(*(byte**)(record + 96), BinaryPrimitives.ReadUInt16LittleEndian(fields[86..])),
            Stack = stack,
            StackMatchId = matchId,
            StackKey = stackKey,
        };
    }

    private ReadOnlySpan<ulong> Widen(ReadOnlySpan<uint> addresses)
    {
        int count = Math.Min(addresses.Length, _widened.Length);
        for (int i = 0; i < count; i++)
            _widened[i] = addresses[i];
        return _widened.AsSpan(0, count);
    }
}
