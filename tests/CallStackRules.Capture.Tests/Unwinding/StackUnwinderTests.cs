using CallStackRules.Capture.Unwinding;
using Xunit.Abstractions;

namespace CallStackRules.Capture.Tests.Unwinding;

public class StackUnwinderTests(ITestOutputHelper output)
{
    [SkippableTheory]
    [InlineData("plain", "stop lvl3 lvl2 lvl1 descend main", "_start")]
    [InlineData("callback", "stop compare", "_start")]
    [InlineData("signal", "on_signal", "_start")]
    [InlineData("leaf", "anonymous lvl3 lvl2 lvl1 descend main", "_start")]
    [InlineData("framed", "anonymous lvl3 lvl2 lvl1 descend main", "_start")]
    [InlineData("thread", "stop lvl3 lvl2 lvl1 thread", null)]
    public void A_stack_is_unwound_to_where_the_thread_began(string name, string innermost, string? outermost)
    {
        foreach (string options in (string[])["-O0", "-O2", "-O2 -fno-asynchronous-unwind-tables -fno-omit-frame-pointer", "-O1 -static"])
        {
            RecordedStack stack = RecordedStack.Of(name, options: options);
            (UnwindStatus status, string[] frames) = stack.Unwind(new StackUnwinder());
            output.WriteLine($"{options}: {string.Join(' ', frames)}");
            Assert.Equal(UnwindStatus.Complete, status);
            Assert.StartsWith(innermost, string.Join(' ', frames), StringComparison.Ordinal);
            Assert.Contains("lvl3 lvl2 lvl1", string.Join(' ', frames), StringComparison.Ordinal);
            if (outermost is not null)
                Assert.Equal(outermost, frames[^1]);
        }
    }

    [SkippableFact]
    public void A_stack_through_compiled_and_precompiled_code_of_NET_is_unwound_to_its_start()
    {
        // Here and not on the thread, whose exceptions nobody catches.
        Skip.IfNot(Tool.IsThere("gcc"), "gcc is not installed");
        RecordedStack? stack = null;
        var thread = new Thread(() => stack = RecordedStack.OfThisThread());
        thread.Start();
        thread.Join();
        var unwinder = new StackUnwinder();
        (UnwindStatus status, string[] frames) = stack!.Unwind(unwinder);
        output.WriteLine($"{unwinder.BrokenReason}: {string.Join(' ', frames)}");
        Assert.Equal(UnwindStatus.Complete, status);
        Assert.Equal("record_here", frames[0]);
        Assert.Contains("libcoreclr.so", string.Join(' ', frames), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_signal_on_a_stack_of_its_own_ends_where_the_stack_changes()
    {
        var unwinder = new StackUnwinder();
        (UnwindStatus status, string[] frames) = RecordedStack.Of("alternate").Unwind(unwinder);
        output.WriteLine(string.Join(' ', frames));
        Assert.Equal((UnwindStatus.Broken, BrokenReason.OtherStack, "on_signal"), (status, unwinder.BrokenReason, frames[0]));
    }

    [SkippableFact]
    public void Unbacked_code_that_keeps_no_frame_is_where_the_stack_breaks()
    {
        var unwinder = new StackUnwinder();
        (UnwindStatus status, string[] frames) = RecordedStack.Of("frameless").Unwind(unwinder);
        Assert.Equal((UnwindStatus.Broken, BrokenReason.AfterUnbacked), (status, unwinder.BrokenReason));
        Assert.Equal(["stop", "anonymous"], frames);
    }

    [SkippableFact]
    public void A_copy_that_is_too_short_and_room_that_is_too_small_are_told_apart()
    {
        RecordedStack stack = RecordedStack.Of("plain", depth: 600, "-O1 -fno-optimize-sibling-calls");
        (UnwindStatus status, string[] frames) = stack.Unwind(new StackUnwinder());
        Assert.Equal(UnwindStatus.Complete, status);
        Assert.Equal(601, frames.Count(name => name == "descend"));
        Assert.Equal(UnwindStatus.FrameLimit, stack.Unwind(new StackUnwinder(), most: 100).Status);
        for (int copied = 0; copied < 4096; copied += 56)
            Assert.Equal(UnwindStatus.Truncated, stack.Unwind(new StackUnwinder(copied), copied).Status);
        Assert.Equal(UnwindStatus.Broken, stack.Unwind(new StackUnwinder(8192), copied: 4096).Status);
    }

    [SkippableFact]
    public void A_warm_stack_is_unwound_without_allocating()
    {
        RecordedStack stack = RecordedStack.Of("callback", depth: 10);
        var unwinder = new StackUnwinder();
        var frames = new UnwoundFrame[64];
        int count = 0;
        void Unwind()
        {
            Registers registers = stack.Registers;
            unwinder.Unwind(stack.Space, ref registers, stack.Stack, frames, out count);
        }
        Unwind();
        long misses = unwinder.RowMisses;
        Assert.Equal(0, Allocations.Of(Unwind));
        Assert.Equal(misses, unwinder.RowMisses);
        Assert.True(count > 16);
    }

    [SkippableFact]
    public void Any_bytes_for_a_stack_and_any_registers_end_quietly()
    {
        RecordedStack stack = RecordedStack.Of("signal");
        var random = new Random(7);
        var unwinder = new StackUnwinder();
        var frames = new UnwoundFrame[512];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = stack.Stack.AsSpan(0, random.Next(Math.Min(stack.Stack.Length, 4096))).ToArray();
            Registers registers = stack.Registers;
            for (int flips = random.Next(20); flips > 0 && bytes.Length > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (i % 3 == 0)
                registers[random.Next(Registers.Count)] = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
            if (i % 5 == 0)
                registers[Registers.Rsp] = ulong.MaxValue - (ulong)random.Next(5000);
            unwinder.Unwind(stack.Space, ref registers, bytes, frames, out int count);
            Assert.InRange(count, 1, frames.Length);
        }
    }
}
