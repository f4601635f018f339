using System.Buffers.Binary;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Sources.Linux.Tracing;
using CallStackRules.Capture.Unwinding;

namespace CallStackRules.Fuzz.Targets;

/// <summary>Records as the kernel writes them, made here and so the same everywhere: each call as a program and as a tracepoint tells it, and what tells of processes.</summary>
internal static class LinuxRecords
{
    // The first process is there on every machine; no kernel gives the other numbers.
    private const int Process = 1;
    private const int Child = 0x40_0001;
    private const ulong StackStart = 0x7ffc_0000_0000;
    private const int StackBytes = 256;
    private const int TracepointRegisters = 14;

    public static IReadOnlyList<byte[]> All()
    {
        const int callsOfSeed = 8;
        return [.. Enumerable.Range(0, CaptureTable.Rows.Length).Chunk(callsOfSeed).Select(static rows => (byte[])[.. Model(), .. rows.SelectMany(static row => (byte[])[.. Call(row), .. Tracepoint(row)])])];
    }

    /// <summary>A process begins, runs a program, maps a library and ends.</summary>
    private static byte[] Model() =>
    [
        .. Record(PerfRecordType.Fork, 0, [.. Words(Child, Process, Child, Process), .. Long(50)]),
        .. Record(PerfRecordType.Comm, PerfRecords.CommExec, [.. Words(Child, Child), .. "true\0\0\0\0"u8]),
        .. Record(PerfRecordType.Mmap2, 2, [.. Words(Child, Child), .. Long(0x40_0000), .. Long(0x1000), .. Long(0), .. Words(8, 1, 77, 0, 1, 0, 5, 2), .. "/usr/bin/true\0\0\0"u8]),
        .. Record(PerfRecordType.Mmap2, 2, [.. Words(Child, Child), .. Long(0x50_0000), .. Long(0x1000), .. Long(0), .. Words(0, 0, 0, 0, 0, 0, 7, 2), .. "//anon\0\0"u8]),
        .. Record(PerfRecordType.Lost, 0, [.. Long(3), .. Long(9)]),
        .. Record(PerfRecordType.LostSamples, 0, Long(9)),
        .. Record(PerfRecordType.Exit, 0, [.. Words(Child, Process, Child, Process), .. Long(60)]),
    ];

    /// <summary>What a program writes, see <see cref="CaptureRecord"/>.</summary>
    private static byte[] Call(int row)
    {
        CapturedCopies copies = CapturedCopies.Of(CaptureTable.Rows[row]);
        byte[] raw = new byte[CaptureRecord.CopiesOffset + copies.First.Length + copies.Second.Length];
        BinaryPrimitives.WriteInt32LittleEndian(raw, row);
        BinaryPrimitives.WriteInt64LittleEndian(raw.AsSpan(CaptureRecord.ReturnOffset), 3);
        for (int i = 0; i < 6; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(raw.AsSpan(CaptureRecord.ArgumentsOffset + (8 * i)), (ulong)(i == 2 ? 7 : 0x50_0000 + i));
        BinaryPrimitives.WriteInt32LittleEndian(raw.AsSpan(CaptureRecord.FirstLengthOffset), copies.First.Length);
        BinaryPrimitives.WriteInt32LittleEndian(raw.AsSpan(CaptureRecord.SecondLengthOffset), copies.Second.Length);
        "worker"u8.CopyTo(raw.AsSpan(CaptureRecord.NameOffset));
        copies.First.CopyTo(raw, CaptureRecord.CopiesOffset);
        copies.Second.CopyTo(raw, CaptureRecord.CopiesOffset + copies.First.Length);
        return Sample(Child, raw, Registers.PerfCount);
    }

    /// <summary>What a tracepoint writes on return; its number is its row.</summary>
    private static byte[] Tracepoint(int row)
    {
        byte[] raw = new byte[24];
        BinaryPrimitives.WriteUInt16LittleEndian(raw, (ushort)row);
        BinaryPrimitives.WriteInt64LittleEndian(raw.AsSpan(16), 3);
        return Sample(Process, raw, TracepointRegisters);
    }

    private static byte[] Sample(int pid, byte[] raw, int registers)
    {
        // With its length, what is raw takes whole words.
        int filled = ((raw.Length + sizeof(int) + 7) & ~7) - sizeof(int);
        byte[] stack = new byte[StackBytes];
        for (int i = 0; i < StackBytes; i += 8)
            BinaryPrimitives.WriteUInt64LittleEndian(stack.AsSpan(i), i % 16 == 0 ? StackStart + (ulong)i + 32 : (ulong)(i % 24 == 8 ? 0x40_0010 : 0x50_0010) + (ulong)i);
        return Record(PerfRecordType.Sample, 0,
        [
            .. Words(pid, pid), .. Long(40), .. Words(filled), .. raw, .. new byte[filled - raw.Length],
            .. Long(PerfSample.Abi64), .. Enumerable.Range(0, registers).SelectMany(static i => Long(StackStart + (ulong)(8 * (i % 4)))),
            .. Long(StackBytes), .. stack, .. Long(StackBytes),
        ], hasTail: false);
    }

    /// <summary>A record; all but samples end with thread and time.</summary>
    private static byte[] Record(PerfRecordType type, ushort misc, byte[] body, bool hasTail = true)
    {
        byte[] tail = hasTail ? [.. Words(Child, Child), .. Long(40)] : [];
        byte[] record = [.. Words((int)type, 0), .. body, .. tail];
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(4), misc);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(6), (ushort)record.Length);
        return record;
    }

    private static byte[] Words(params int[] words) => [.. words.SelectMany(BitConverter.GetBytes)];

    private static byte[] Long(ulong value) => BitConverter.GetBytes(value);

    /// <summary>What is copied of the memory that a call's arguments point to.</summary>
    private sealed record CapturedCopies(byte[] First, byte[] Second)
    {
        public static CapturedCopies Of(CaptureRow row) => row.CopiedKind switch
        {
            CopiedArgument.SocketAddress => new([2, 0, 1, 187, 10, 0, 0, 5, .. new byte[8]], []),
            CopiedArgument.Capabilities => new([.. Long(0x20), .. Long(0x21), .. Long(0)], []),
            _ => new(row.Copied.Length > 0 ? "/tmp/a\0"u8.ToArray() : [], row.TextList > 0 ? "a\0-b\0c d\0"u8.ToArray() : row.Copied.Length > 1 ? "b\0"u8.ToArray() : []),
        };
    }
}
