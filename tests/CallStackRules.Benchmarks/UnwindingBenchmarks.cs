using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Unwinding;

namespace CallStackRules.Benchmarks;

/// <summary>
/// A made-up stack of 16 frames in real files, as often as a live sensor sees one: through the table of rows, against working out each row anew. Times are for one stack.
/// Needs Linux.
/// </summary>
[MemoryDiagnoser]
public class UnwindingBenchmarks
{
    private const int Depth = 16;
    private const ulong Stack = 0x7ffd_0000_0000;

    private readonly StackUnwinder _unwinder = new(8192);
    private readonly AddressSpace _space = new();
    private readonly byte[] _stack = new byte[8192];
    private readonly UnwoundFrame[] _frames = new UnwoundFrame[Depth];
    private readonly List<(CallFrameInformation Frames, ulong Address)> _callers = [];
    private Registers _registers;

    /// <summary>Maps this process's files, and lays out frames that return to functions which keep nothing but their return address.</summary>
    [GlobalSetup]
    public void LayOut()
    {
        var files = new MappedFileTable();
        ProcMaps.Read(File.ReadAllBytes("/proc/self/maps"), _space, files, Environment.ProcessId);
        var random = new Random(1);
        ulong stackPointer = Stack;
        _registers[Registers.Rsp] = Stack;
        for (int frame = 0; frame < Depth; frame++)
        {
            (ulong address, int size) = Choose(random);
            if (frame == 0)
                _registers[Registers.Rip] = address;
            else
                BinaryPrimitives.WriteUInt64LittleEndian(_stack.AsSpan((int)(stackPointer - Stack - 8)), address + 1);
            stackPointer += (ulong)size;
        }
        if (Cached() != Depth)
            throw new InvalidOperationException("The stack that was laid out is not unwound.");
    }

    /// <summary>As the sensor does it.</summary>
    [Benchmark(Baseline = true)]
    public int Cached()
    {
        Registers registers = _registers;
        _unwinder.Unwind(_space, ref registers, _stack, _frames, out int count);
        return count;
    }

    /// <summary>The same rows from call frame information, without a table.</summary>
    [Benchmark]
    public int WorkedOut()
    {
        int rows = 0;
        foreach ((CallFrameInformation frames, ulong address) in _callers)
            rows += frames.TryFindRow(address, out _) ? 1 : 0;
        return rows;
    }

    // A place in a function with rows of rsp + offset, found by asking for the rows of places at random.
    private (ulong Address, int Size) Choose(Random random)
    {
        while (true)
        {
            Mapping mapping = _space[random.Next(_space.Count)];
            ulong address = mapping.Start + (ulong)random.NextInt64((long)(mapping.End - mapping.Start));
            if (mapping.File?.Image is not { CallFrames: { } frames } image || !image.TryGetVirtualAddress(mapping.FileOffsetOf(address), out ulong virtualAddress))
                continue;
            if (!frames.TryFindRow(virtualAddress, out UnwindRow row) || row.CfaKind != RegisterRuleKind.Register || row.CfaRegister != Registers.Rsp)
                continue;
            if (row.CfaOffset is < 8 or > 256 || row.Rules[Registers.Rip].Kind != RegisterRuleKind.Offset || row.IsSignalFrame)
                continue;
            _callers.Add((frames, virtualAddress));
            return (address, (int)row.CfaOffset);
        }
    }
}
