using System.Buffers.Binary;
using System.Runtime.InteropServices;
using CallStackRules.Capture.Sources.Etw;
using CallStackRules.Capture.Sources.Etw.Live;

namespace CallStackRules.Capture.Tests.Etw.Live;

/// <summary>Records laid out in memory as Windows does.</summary>
public unsafe class EventRecordTests
{
    private static readonly Guid Provider = Guid.Parse("01234567-89ab-cdef-0123-456789abcdef");

    [Fact]
    public void Every_field_is_read_from_its_place()
    {
        byte[] bytes = Record(payload: 3, items: 0);
        fixed (byte* record = bytes)
        {
            byte* payload = stackalloc byte[] { 7, 8, 9 };
            *(byte**)(record + 96) = payload;
            RawEvent e = new EventRecord().Read(record);
            Assert.Equal((Provider, 5, 2, 10, 300), (e.Provider, e.Id, e.Version, e.Opcode, e.Task));
            Assert.Equal((0x40ul, RawEventFlags.Pointers64, 4242, -1), (e.Keywords, e.Flags, e.ThreadId, e.ProcessId));
            Assert.Equal((123456789012345, 17), (e.Timestamp, e.Processor));
            Assert.Equal([7, 8, 9], e.Data.ToArray());
            Assert.True(e.Stack.IsEmpty);
        }
    }

    [Fact]
    public void A_stack_of_64_bit_addresses_is_read_with_its_match_id()
    {
        ulong[] stack = [99, 0xFFFF_F800_0000_1000, 0x7FFA_0000_1234];
        RawEvent e = Read(6, stack, sizeof(ulong), out PinnedArrays arrays);
        Assert.Equal(99ul, e.StackMatchId);
        Assert.Equal(stack[1..], e.Stack.ToArray());
        arrays.Dispose();
    }

    [Fact]
    public void Addresses_of_32_bits_are_widened()
    {
        uint[] stack = [99, 0, 0xFFFF_1000, 0x7700_1234];
        RawEvent e = Read(5, stack, sizeof(uint), out PinnedArrays arrays);
        Assert.Equal(99ul, e.StackMatchId);
        Assert.Equal([0xFFFF_1000, 0x7700_1234], e.Stack.ToArray());
        arrays.Dispose();
    }

    [Theory]
    [InlineData(17)]
    [InlineData(18)]
    public void A_stack_can_be_named_by_a_key(ushort kind)
    {
        RawEvent e = Read(kind, new ulong[] { 99, 0x1234 }, sizeof(ulong), out PinnedArrays arrays);
        Assert.Equal((99ul, 0x1234ul), (e.StackMatchId, e.StackKey));
        arrays.Dispose();
    }

    [Fact]
    public void Items_of_other_kinds_and_items_too_short_are_passed_over()
    {
        RawEvent e = Read(1, new ulong[] { 99, 1 }, sizeof(ulong), out PinnedArrays arrays);
        Assert.True(e.Stack.IsEmpty && e.StackMatchId == 0);
        arrays.Dispose();
        e = Read(6, new uint[] { 99 }, sizeof(uint), out arrays);
        Assert.True(e.Stack.IsEmpty && e.StackMatchId == 0);
        arrays.Dispose();
    }

    private static byte[] Record(ushort payload, ushort items)
    {
        byte[] record = new byte[EventRecord.Size];
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(4), 0x40);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), 4242);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), -1);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(16), 123456789012345);
        Provider.TryWriteBytes(record.AsSpan(24));
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(40), 5);
        record[42] = 2;
        record[45] = 10;
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(46), 300);
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(48), 0x40);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(80), 17);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(84), items);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(86), payload);
        return record;
    }

    private static RawEvent Read(ushort kind, Array data, int size, out PinnedArrays arrays)
    {
        arrays = new PinnedArrays(Record(payload: 0, items: 2), new byte[32], data);
        byte* record = arrays.Address(0);
        byte* items = arrays.Address(1);
        *(byte**)(record + 88) = items;
        // The first item has no data at all.
        *(ushort*)(items + 2) = 6;
        *(ushort*)(items + 16 + 2) = kind;
        *(ushort*)(items + 16 + 6) = (ushort)(data.Length * size);
        *(byte**)(items + 16 + 8) = arrays.Address(2);
        return new EventRecord().Read(record);
    }

    /// <summary>Holds arrays in their place.</summary>
    private sealed class PinnedArrays(params Array[] held) : IDisposable
    {
        private readonly GCHandle[] _handles =
            [.. held.Select(array => GCHandle.Alloc(array, GCHandleType.Pinned))];

        public byte* Address(int array) => (byte*)_handles[array].AddrOfPinnedObject();

        public void Dispose() => Array.ForEach(_handles, handle => handle.Free());
    }
}
