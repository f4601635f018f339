using System.Buffers.Binary;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Unwinding;

namespace CallStackRules.Capture.Tests.Linux;

/// <summary>Samples as the kernel would write them, of threads whose stacks hold nothing but zeros.</summary>
internal static class SampleRecord
{
    /// <summary>A sample of a thread.</summary>
    /// <param name="pid">Its process.</param>
    /// <param name="tid">The thread.</param>
    /// <param name="address">Where it is.</param>
    /// <param name="stackPointer">Where its stack is.</param>
    /// <param name="abi">The kind of its registers; 0 for none.</param>
    public static byte[] Of(int pid, int tid, ulong address = 0, ulong stackPointer = 0x7fff_0000_0000, ulong abi = PerfSample.Abi64)
    {
        const int header = 8 + 16 + 4;
        const int stackBytes = 64;
        byte[] record = new byte[header + 8 + (abi == 0 ? 0 : 8 * Registers.PerfCount) + 8 + stackBytes + 8];
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)PerfRecordType.Sample);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), pid);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), tid);
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(header), abi);
        Span<byte> rest = record.AsSpan(header + 8);
        if (abi != 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest[(8 * Registers.PerfStackPointer)..], stackPointer);
            BinaryPrimitives.WriteUInt64LittleEndian(rest[(8 * (Registers.PerfStackPointer + 1))..], address);
            rest = rest[(8 * Registers.PerfCount)..];
        }
        BinaryPrimitives.WriteUInt64LittleEndian(rest, stackBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(record.Length - 8), stackBytes);
        return record;
    }
}
