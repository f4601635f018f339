using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CallStackRules.Capture.Sources.Etw.Files;

/// <summary>What stands between header and payload of an event with a manifest: among others, its stack.</summary>
/// <remarks>
/// Source: EVENT_HEADER_EXTENDED_DATA_ITEM and EVENT_EXTENDED_ITEM_STACK_* of evntcons.h, as they lie in a file. Items follow each other:
/// <code>
/// offset size
///      0    2  bytes of the item, this header and padding included
///      2    2  type: 5 stack of 32 bits, 6 of 64; 17 key of a stack of 32 bits, 18 of 64
///      4    2  bit 0: another item follows
///      6    2  bytes of the data
///      8       data. Of stacks: 8 bytes match id, then addresses; of keys: 8 bytes match id, then the key
/// </code>
/// </remarks>
internal readonly ref struct ExtendedData
{
    private const int ItemHeader = 8;
    private const int MatchIdLength = 8;

    /// <summary>Reads the items of a record. An item that cannot be is the end of them.</summary>
    /// <param name="record">The record.</param>
    /// <param name="start">Where the items begin.</param>
    /// <param name="isThere">Whether there are any.</param>
    /// <param name="stack">Room for the addresses.</param>
    public ExtendedData(ReadOnlySpan<byte> record, int start, bool isThere, Span<ulong> stack)
    {
        End = start;
        while (isThere && record.Length - End >= ItemHeader)
        {
            ReadOnlySpan<byte> item = record[End..];
            int length = BinaryPrimitives.ReadUInt16LittleEndian(item);
            int dataLength = BinaryPrimitives.ReadUInt16LittleEndian(item[6..]);
            if (length < ItemHeader || length > item.Length || dataLength > length - ItemHeader)
                return;
            ReadOnlySpan<byte> data = item.Slice(ItemHeader, dataLength);
            if (dataLength >= MatchIdLength)
            {
                switch (BinaryPrimitives.ReadUInt16LittleEndian(item[2..]))
                {
                    case 5:
                        MatchId = BinaryPrimitives.ReadUInt64LittleEndian(data);
                        Stack = Widen(MemoryMarshal.Cast<byte, uint>(data[MatchIdLength..]), stack);
                        break;
                    case 6:
                        MatchId = BinaryPrimitives.ReadUInt64LittleEndian(data);
                        Stack = MemoryMarshal.Cast<byte, ulong>(data[MatchIdLength..]);
                        break;
                    case 17 when dataLength >= MatchIdLength + sizeof(uint):
                        MatchId = BinaryPrimitives.ReadUInt64LittleEndian(data);
                        StackKey = BinaryPrimitives.ReadUInt32LittleEndian(data[MatchIdLength..]);
                        break;
                    case 18 when dataLength >= MatchIdLength + sizeof(ulong):
                        MatchId = BinaryPrimitives.ReadUInt64LittleEndian(data);
                        StackKey = BinaryPrimitives.ReadUInt64LittleEndian(data[MatchIdLength..]);
                        break;
                }
            }
            End += length;
            isThere = (item[4] & 1) != 0;
        }
    }

    /// <summary>Where the payload begins.</summary>
    public int End { get; }

    /// <summary>Addresses of the stack, the innermost first.</summary>
    public ReadOnlySpan<ulong> Stack { get; }

    /// <summary>Joins the stack to its other half.</summary>
    public ulong MatchId { get; }

    /// <summary>Names a stack whose addresses come elsewhere.</summary>
    public ulong StackKey { get; }

    private static ReadOnlySpan<ulong> Widen(ReadOnlySpan<uint> addresses, Span<ulong> wide)
    {
        int count = Math.Min(addresses.Length, wide.Length);
        for (int i = 0; i < count; i++)
            wide[i] = addresses[i];
        return wide[..count];
    }
}
