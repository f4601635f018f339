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
        RecordedStack stack = RecordedStack.Of(name);
        (UnwindStatus status, string[] frames) = stack.Unwind(new StackUnwinder());
        output.WriteLine(string.Join(' ', frames));
        Assert.Equal(UnwindStatus.Complete, status);
        Assert.StartsWith(innermost, string.Join(' ', frames), StringComparison.Ordinal);
        if (outermost is not null)
            Assert.Equal(outermost, frames[^1]);
    }
}
