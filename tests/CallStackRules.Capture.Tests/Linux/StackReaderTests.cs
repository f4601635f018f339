using CallStackRules.CallStacks;
using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Processes;
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

    [SkippableFact]
    public void A_stack_that_is_known_is_what_it_is_when_worked_out_anew()
    {
        IReadOnlyList<byte[]> records = CapturedRecords.Get();
        var statistics = new CaptureStatistics();
        var clock = new BootClock();
        var processes = new LinuxProcesses(new ProcessTable(), statistics, clock);
        var decoder = new LinuxDecoder(processes, statistics, clock, new HostDescription(), StackBytes);
        var reader = new StackReader(statistics, StackBytes);
        var anew = new StackFacts();
        var e = new EndpointEvent();
        var seen = new HashSet<StackFacts>();
        int again = 0;
        foreach (byte[] record in records)
        {
            if (PerfRecords.TypeOf(record) == PerfRecordType.Sample && PerfSample.TryRead(record, out PerfSample sample) && CaptureRecord.TryRead(sample.Raw, out CaptureRecord call))
            {
                LinuxProcess process = processes.GetOrRead(sample.Pid, call);
                // The first makes it known, the second finds it; the records themselves repeat stacks, too.
                reader.Read(sample, process);
                StackFacts facts = reader.Read(sample, process);
                reader.ReadAnew(sample, process, anew);
                Assert.Equal(Describe(anew), Describe(facts));
                if (!seen.Add(facts))
                    again++;
            }
            decoder.Decode(record, isOfModel: true, e);
        }
        Assert.InRange(again, 10, int.MaxValue);
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
        string before = Describe(reader.Read(sample, process)).Frames;
        Assert.Equal(before, Describe(reader.Read(sample, process)).Frames);
        process.Space.Map(code with { Protection = MemoryProtection.Read | MemoryProtection.Write | MemoryProtection.Execute });
        string after = Describe(reader.Read(sample, process)).Frames;

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

    private static ulong FirstInstructionOfAFunction(MappedFile file)
    {
        for (ulong address = 16; address < 0x4000; address += 16)
        {
            if (file.TryFindSymbol(address, out _, out ulong offset) && offset == 0)
                return address;
        }
        throw new InvalidOperationException("The kernel's own code has no functions.");
    }

    private static (UnwindStatus Status, bool IsDirectCall, bool HasUnexplainedMemory, string Frames) Describe(StackFacts facts)
    {
        var stack = new CallStack(new TextBuffer());
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
