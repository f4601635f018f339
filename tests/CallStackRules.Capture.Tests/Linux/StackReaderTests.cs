using System.Buffers.Binary;
using System.Runtime.InteropServices;
using CallStackRules.CallStacks;
using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Linux.Decoding;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Capture.Sources.Linux.Tracing;
using CallStackRules.Capture.Unwinding;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Linux;

public sealed class StackReaderTests
{
    private const int StackBytes = 24 * 1024;

    /// <summary>The stack of an event, which has had others before.</summary>
    private readonly CallStack _stack = new(new TextBuffer());

    private static CallStack NewStack => new(new TextBuffer());

    /// <summary>A call that was captured.</summary>
    /// <param name="record">The kernel's record.</param>
    /// <param name="sample">The same, taken apart.</param>
    /// <param name="process">The process, with the memory it had then.</param>
    private delegate void CallAction(byte[] record, in PerfSample sample, LinuxProcess process);

    [SkippableFact]
    public void A_stack_that_is_known_is_what_it_is_when_worked_out_anew()
    {
        var reader = new StackReader(new CaptureStatistics(), StackBytes);
        var anew = new StackFacts();
        var seen = new HashSet<StackFacts>();
        int again = 0;
        ForEachCall((_, in sample, process) =>
        {
            // The first makes it known, the second finds it; the records themselves repeat stacks, too.
            reader.Read(sample, process);
            StackFacts facts = reader.Read(sample, process);
            reader.ReadAnew(sample, process, anew);
            Assert.Equal(Describe(anew, NewStack), Describe(facts, _stack));
            if (!seen.Add(facts))
                again++;
        });
        Assert.InRange(again, 10, int.MaxValue);
    }

    [SkippableFact]
    public void A_stack_that_differs_in_a_word_from_one_that_is_known_is_what_it_is_when_worked_out_anew()
    {
        const int mostWords = 64;
        const int perRecord = 40;
        var reader = new StackReader(new CaptureStatistics(), StackBytes);
        var anew = new StackFacts();
        var random = new Random(20);
        int different = 0;
        ForEachCall((record, in sample, process) =>
        {
            if (sample.Registers.IsEmpty || sample.Stack.Length < mostWords * sizeof(ulong))
                return;
            byte[] damaged = [.. record];
            int registers = record.AsSpan().IndexOf(MemoryMarshal.AsBytes(sample.Registers));
            int stack = record.AsSpan().IndexOf(sample.Stack);
            for (int i = 0; i < perRecord; i++)
            {
                // Known, or known again.
                string whole = Describe(reader.Read(sample, process), _stack).Frames;
                int place = random.Next(-Registers.PerfCount, mostWords);
                Span<byte> word = damaged.AsSpan(place < 0 ? registers + ((place + Registers.PerfCount) * sizeof(ulong)) : stack + (place * sizeof(ulong)), sizeof(ulong));
                ulong before = BinaryPrimitives.ReadUInt64LittleEndian(word);
                BinaryPrimitives.WriteUInt64LittleEndian(word, random.Next(4) switch { 0 => 0, 1 => before + 8, 2 => before - 16, _ => (ulong)random.NextInt64() });
                Assert.True(PerfSample.TryRead(damaged, out PerfSample other));

                (UnwindStatus, bool, bool, string Frames) known = Describe(reader.Read(other, process), _stack);
                reader.ReadAnew(other, process, anew);

                Assert.Equal(Describe(anew, NewStack), known);
                different += known.Frames != whole ? 1 : 0;
                BinaryPrimitives.WriteUInt64LittleEndian(word, before);
            }
        });
        Assert.InRange(different, 20, int.MaxValue);
    }

    [SkippableFact]
    public void A_known_stack_is_described_anew_when_what_is_at_its_addresses_has_changed()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "The kernel's own code is mapped into processes of Linux.");
        const ulong start = 0x7000_0000_0000;
        var process = new LinuxProcess(1, new ProcessInfo());
        var code = new Mapping(start, start + 0x4000, 0, MemoryProtection.Read | MemoryProtection.Execute, MemoryUse.Vdso, new MappedFileTable().Vdso);
        ulong function = FirstInstructionOfAFunction(code.File!);
        var reader = new StackReader(new CaptureStatistics(), StackBytes);
        // Called by nobody: the return address is 0.
        Assert.True(PerfSample.TryRead(SampleRecord.Of(pid: 1, tid: 1, start + function), out PerfSample sample));

        process.Space.Map(code);
        string before = Describe(reader.Read(sample, process), _stack).Frames;
        Assert.Equal(before, Describe(reader.Read(sample, process), _stack).Frames);
        process.Space.Map(code with { Protection = MemoryProtection.Read | MemoryProtection.Write | MemoryProtection.Execute });
        string after = Describe(reader.Read(sample, process), _stack).Frames;

        Assert.DoesNotContain("RWX", before, StringComparison.Ordinal);
        Assert.Contains("RWX", after, StringComparison.Ordinal);
    }

    [Fact]
    public void Spaces_of_one_version_have_the_same_mappings_and_every_change_makes_another()
    {
        var parent = new AddressSpace();
        var child = new AddressSpace();
        Assert.NotEqual(parent.Version, child.Version);
        child.CopyFrom(parent);
        Assert.Equal(parent.Version, child.Version);

        var versions = new HashSet<long> { child.Version };
        child.Map(new Mapping(0x1000, 0x3000, 0, MemoryProtection.Read | MemoryProtection.Execute, MemoryUse.Anonymous, null));
        Assert.True(versions.Add(child.Version));
        child.Protect(0x1000, 0x1000, MemoryProtection.Execute);
        Assert.True(versions.Add(child.Version));
        child.SetProvenance(0x1000, 0x2000, new MappedFileTable().Vdso);
        Assert.True(versions.Add(child.Version));
        child.Unmap(0x1000, 0x1000);
        Assert.True(versions.Add(child.Version));
        child.Clear();
        Assert.True(versions.Add(child.Version));
    }

    /// <summary>Reads what was captured, so that each call is looked at with the processes as they were.</summary>
    private static void ForEachCall(CallAction action)
    {
        IReadOnlyList<byte[]> records = CapturedRecords.Get();
        var statistics = new CaptureStatistics();
        var clock = new BootClock();
        var processes = new LinuxProcesses(LinuxProcesses.CreateTable(), statistics, clock);
        var decoder = new LinuxDecoder(processes, statistics, clock, new HostDescription(), StackBytes);
        var e = new EndpointEvent();
        foreach (byte[] record in records)
        {
            if (PerfRecords.TypeOf(record) == PerfRecordType.Sample && PerfSample.TryRead(record, out PerfSample sample) && CaptureRecord.TryRead(sample.Raw, out CaptureRecord call))
                action(record, sample, processes.GetOrRead(sample.Pid, call));
            decoder.Decode(record, isOfModel: true, e);
        }
    }

    private static ulong FirstInstructionOfAFunction(MappedFile file)
    {
        for (ulong address = 16; address < 0x4000; address += 16)
        {
            if (file.TryFindSymbol(address, out _, out ulong offset) && offset == 0)
                return address;
        }
        throw new InvalidOperationException("The kernel's own code has no functions.");
    }

    private static (UnwindStatus Status, bool IsDirectCall, bool HasUnexplainedMemory, string Frames) Describe(StackFacts facts, CallStack stack)
    {
        stack.Clear();
        facts.WriteTo(stack);
        var frames = new List<string>();
        for (int i = 0; i < stack.Count; i++)
        {
            CallStackFrame frame = stack[i];
            frames.Add($"{frame.InstructionPointer:x} {frame.Module?.Path} {frame.Rva:x} {frame.ModulePathInSymbol} {frame.Protection} {frame.ProtectionProvenance} {frame.AllocationPrivateBytes}");
        }
        return (facts.Status, facts.IsDirectCall, facts.HasUnexplainedMemory, string.Join('\n', frames));
    }
}
