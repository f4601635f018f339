using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources.Linux.Decoding;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Linux;

public sealed class ThreadStackTests
{
    private const ulong Top = 0x7ffc_1234_5000;
    private const ulong Heap = 0x5555_0000_1000;
    private const int Pid = 1234;

    [Fact]
    public void A_first_thread_is_on_its_stack_below_its_top_and_has_left_it_elsewhere()
    {
        LinuxProcess process = Process();

        Assert.False(IsLeft(process, Top - 0x100));
        Assert.False(IsLeft(process, Top - (100 << 20)));
        Assert.False(IsLeft(process, Top + 0x1000));
        Assert.True(IsLeft(process, Heap));
    }

    [Fact]
    public void A_process_that_was_forked_on_another_stack_has_not_left_its_own()
    {
        LinuxProcess process = Process();
        process.IsStackInherited = true;

        Assert.False(IsLeft(process, Heap));
        Assert.False(IsLeft(process, Heap + 0x1000));
    }

    [Fact]
    public void A_process_that_was_forked_on_its_parents_stack_can_leave_it()
    {
        LinuxProcess process = Process();
        process.IsStackInherited = true;

        Assert.False(IsLeft(process, Top - 0x100));
        Assert.True(IsLeft(process, Heap));
    }

    [Fact]
    public void The_stack_of_another_thread_may_be_anywhere_but_in_executable_memory()
    {
        LinuxProcess process = Process();
        process.Space.Map(new Mapping(0x7000_0000_0000, 0x7000_0000_2000, 0, MemoryProtection.Write | MemoryProtection.Execute, MemoryUse.Anonymous, null));
        process.Space.Map(new Mapping(Top - 0x10000, Top, 0, MemoryProtection.Write | MemoryProtection.Execute, MemoryUse.Stack, null));

        Assert.False(IsLeft(process, Heap, Pid + 1));
        Assert.False(IsLeft(process, Top - 0x100, Pid + 1));
        Assert.True(IsLeft(process, 0x7000_0000_1000, Pid + 1));
    }

    [Fact]
    public void A_sample_without_registers_tells_nothing()
    {
        Assert.True(PerfSample.TryRead(SampleRecord.Of(Pid, Pid, abi: 0), out PerfSample sample));
        Assert.False(ThreadStack.IsLeft(sample, Process()));
    }

    private static LinuxProcess Process() => new(Pid, new ProcessInfo()) { StackTop = Top };

    private static bool IsLeft(LinuxProcess process, ulong stackPointer, int tid = Pid)
    {
        Assert.True(PerfSample.TryRead(SampleRecord.Of(Pid, tid, stackPointer: stackPointer), out PerfSample sample));
        return ThreadStack.IsLeft(sample, process);
    }
}
