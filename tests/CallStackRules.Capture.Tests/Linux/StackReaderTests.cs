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

    private static (UnwindStatus, bool, bool, string) Describe(StackFacts facts)
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
