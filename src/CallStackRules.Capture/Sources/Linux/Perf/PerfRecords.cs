using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CallStackRules.Capture.Sources.Linux.Perf;

/// <summary>Types of records in a ring (<c>enum perf_event_type</c>).</summary>
internal enum PerfRecordType : uint
{
    Lost = 2,
    Comm = 3,
    Exit = 4,
    Fork = 7,
    Sample = 9,
    Mmap2 = 10,
    LostSamples = 13,
}

/// <summary>The fields that all records have. Every record here ends or begins with the thread and the time, as the rings are set up.</summary>
internal static class PerfRecords
{
    /// <summary>Of a comm record: the name changed because the thread runs another program.</summary>
    public const ushort CommExec = 0x2000;

    private const int HeaderSize = 8;

    /// <summary>A record must be at least this long to have a time.</summary>
    private const int LeastSize = HeaderSize + 16;

    public static PerfRecordType TypeOf(ReadOnlySpan<byte> record) => (PerfRecordType)BinaryPrimitives.ReadUInt32LittleEndian(record);

    public static ushort MiscOf(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadUInt16LittleEndian(record[4..]);

    /// <summary>When it happened, in nanoseconds of CLOCK_MONOTONIC; 0 for a record that is too short to say.</summary>
    public static ulong TimeOf(ReadOnlySpan<byte> record)
    {
        if (record.Length < LeastSize)
            return 0;
        // Samples begin with pid, tid, time; all others end with them.
        return TypeOf(record) == PerfRecordType.Sample
            ? BinaryPrimitives.ReadUInt64LittleEndian(record[(HeaderSize + 8)..])
            : BinaryPrimitives.ReadUInt64LittleEndian(record[^8..]);
    }
}

/// <summary>A call: who, when, what the program wrote, registers and a copy of the stack.</summary>
/// <remarks>
/// Behind the header: u32 pid, u32 tid; u64 time; u32 size, raw bytes (together a multiple of 8); u64 abi (0 none, 1 32-bit, 2 64-bit) and, unless 0, a u64 for
/// each register of the mask; u64 size of the stack, its bytes, and if there are any u64 how many of them are valid.
/// </remarks>
internal readonly ref struct PerfSample
{
    /// <summary>Registers are those of 64-bit code.</summary>
    public const ulong Abi64 = 2;

    /// <summary>Registers are those of 32-bit code.</summary>
    public const ulong Abi32 = 1;

    /// <summary>Where in a record the raw bytes begin.</summary>
    public const int RawOffset = 8 + 16 + 4;

    private PerfSample(int pid, int tid, ulong time, ReadOnlySpan<byte> raw, ulong abi, ReadOnlySpan<ulong> registers, ReadOnlySpan<byte> stack, bool isStackFull)
    {
        Pid = pid;
        Tid = tid;
        Time = time;
        Raw = raw;
        Abi = abi;
        Registers = registers;
        Stack = stack;
        IsStackFull = isStackFull;
    }

    public int Pid { get; }

    public int Tid { get; }

    public ulong Time { get; }

    public ReadOnlySpan<byte> Raw { get; }

    public ulong Abi { get; }

    /// <summary>In the order of the mask, see <see cref="Unwinding.Registers.FromPerf"/>. Empty when there are none.</summary>
    public ReadOnlySpan<ulong> Registers { get; }

    /// <summary>From the stack pointer upwards.</summary>
    public ReadOnlySpan<byte> Stack { get; }

    /// <summary>Whether the stack went on behind the copy.</summary>
    public bool IsStackFull { get; }

    /// <summary>Reads a sample, checking every length.</summary>
    /// <param name="record">The record, header included.</param>
    /// <param name="sample">What it holds.</param>
    /// <param name="registerCount">How many registers were asked for.</param>
    public static bool TryRead(ReadOnlySpan<byte> record, out PerfSample sample, int registerCount = Unwinding.Registers.PerfCount)
    {
        sample = default;
        if (record.Length < RawOffset)
            return false;
        int pid = BinaryPrimitives.ReadInt32LittleEndian(record[8..]);
        int tid = BinaryPrimitives.ReadInt32LittleEndian(record[12..]);
        ulong time = BinaryPrimitives.ReadUInt64LittleEndian(record[16..]);
        uint rawSize = BinaryPrimitives.ReadUInt32LittleEndian(record[24..]);
        ReadOnlySpan<byte> rest = record[RawOffset..];
        if (rawSize > (uint)rest.Length)
            return false;
        ReadOnlySpan<byte> raw = rest[..(int)rawSize];
        rest = rest[(int)rawSize..];
        if (!TryTake(ref rest, out ulong abi))
            return false;
        ReadOnlySpan<ulong> registers = default;
        if (abi != 0)
        {
            int size = registerCount * sizeof(ulong);
            if (rest.Length < size)
                return false;
            registers = MemoryMarshal.Cast<byte, ulong>(rest[..size]);
            rest = rest[size..];
        }
        if (!TryTake(ref rest, out ulong stackSize) || stackSize > (ulong)rest.Length)
            return false;
        ReadOnlySpan<byte> stack = rest[..(int)stackSize];
        rest = rest[(int)stackSize..];
        bool isFull = false;
        if (stackSize != 0)
        {
            if (!TryTake(ref rest, out ulong valid) || valid > stackSize)
                return false;
            isFull = valid == stackSize;
            stack = stack[..(int)valid];
        }
        sample = new PerfSample(pid, tid, time, raw, abi, registers, stack, isFull);
        return true;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, out ulong value)
    {
        value = 0;
        if (rest.Length < sizeof(ulong))
            return false;
        value = BinaryPrimitives.ReadUInt64LittleEndian(rest);
        rest = rest[sizeof(ulong)..];
        return true;
    }
}

/// <summary>A mapping that a process made, or memory that became executable.</summary>
internal readonly ref struct PerfMapping
{
    private PerfMapping(ReadOnlySpan<byte> record) => Record = record;

    private ReadOnlySpan<byte> Record { get; }

    public int Pid => BinaryPrimitives.ReadInt32LittleEndian(Record[8..]);

    public int Tid => BinaryPrimitives.ReadInt32LittleEndian(Record[12..]);

    public ulong Start => BinaryPrimitives.ReadUInt64LittleEndian(Record[16..]);

    public ulong Length => BinaryPrimitives.ReadUInt64LittleEndian(Record[24..]);

    public ulong FileOffset => BinaryPrimitives.ReadUInt64LittleEndian(Record[32..]);

    public uint DeviceMajor => BinaryPrimitives.ReadUInt32LittleEndian(Record[40..]);

    public uint DeviceMinor => BinaryPrimitives.ReadUInt32LittleEndian(Record[44..]);

    public ulong Inode => BinaryPrimitives.ReadUInt64LittleEndian(Record[48..]);

    /// <summary>PROT_READ 1, PROT_WRITE 2, PROT_EXEC 4.</summary>
    public uint Protection => BinaryPrimitives.ReadUInt32LittleEndian(Record[64..]);

    /// <summary>The file's path, or a word such as <c>//anon</c> or <c>[vdso]</c>.</summary>
    public ReadOnlySpan<byte> Name => PerfNames.Until0(Record[72..^16]);

    public static bool TryRead(ReadOnlySpan<byte> record, out PerfMapping mapping)
    {
        mapping = new PerfMapping(record);
        return record.Length >= 72 + 16;
    }
}

/// <summary>A process or thread began or ended.</summary>
/// <param name="Pid">The process.</param>
/// <param name="ParentPid">Its parent.</param>
/// <param name="Tid">The thread.</param>
/// <param name="ParentTid">The thread that began it.</param>
internal readonly record struct PerfTask(int Pid, int ParentPid, int Tid, int ParentTid)
{
    public static bool TryRead(ReadOnlySpan<byte> record, out PerfTask task)
    {
        task = default;
        if (record.Length < 24)
            return false;
        task = new PerfTask(
            BinaryPrimitives.ReadInt32LittleEndian(record[8..]), BinaryPrimitives.ReadInt32LittleEndian(record[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(record[16..]), BinaryPrimitives.ReadInt32LittleEndian(record[20..]));
        return true;
    }
}

/// <summary>A thread got a name.</summary>
internal readonly ref struct PerfComm
{
    private PerfComm(int pid, int tid, ReadOnlySpan<byte> name)
    {
        Pid = pid;
        Tid = tid;
        Name = name;
    }

    public int Pid { get; }

    public int Tid { get; }

    public ReadOnlySpan<byte> Name { get; }

    public static bool TryRead(ReadOnlySpan<byte> record, out PerfComm comm)
    {
        comm = default;
        if (record.Length < 16 + 16)
            return false;
        comm = new PerfComm(
            BinaryPrimitives.ReadInt32LittleEndian(record[8..]), BinaryPrimitives.ReadInt32LittleEndian(record[12..]), PerfNames.Until0(record[16..^16]));
        return true;
    }
}

/// <summary>Names in records, which end with a zero and are filled up with more.</summary>
internal static class PerfNames
{
    public static ReadOnlySpan<byte> Until0(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return end < 0 ? bytes : bytes[..end];
    }
}
