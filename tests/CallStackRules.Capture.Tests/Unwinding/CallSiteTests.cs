using CallStackRules.Capture.Unwinding;

namespace CallStackRules.Capture.Tests.Unwinding;

public sealed class CallSiteTests
{
    [Theory]
    [InlineData("90e811223344", CallKind.Direct)]
    [InlineData("9048ff1511223344", CallKind.Direct)]
    [InlineData("9090909090ffd0", CallKind.Indirect)]
    [InlineData("909090909041ffd2", CallKind.Indirect)]
    [InlineData("90909090ff5010", CallKind.Indirect)]
    [InlineData("909090ff542420", CallKind.Indirect)]
    [InlineData("ff942411223344", CallKind.Indirect)]
    [InlineData("90ff9011223344", CallKind.Indirect)]
    [InlineData("90909090909090", CallKind.None)]
    [InlineData("9090909090ffe0", CallKind.None)]
    [InlineData("4883c4285bc3", CallKind.None)]
    [InlineData("0f05", CallKind.None)]
    public void The_bytes_before_a_return_address_tell_its_call(string leading, object expected) => Assert.Equal((CallKind)expected, CallSite.KindOf(leading));

    [Theory]
    [InlineData("")]
    [InlineData("zz")]
    public void Of_bytes_that_are_none_no_stack_is_called_made_up(string leading) => Assert.Equal(CallKind.Direct, CallSite.KindOf(leading));
}
