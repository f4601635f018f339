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
    [InlineData("e9fbff0000", 0x20000ul)]
    [InlineData("e9fbfffeff", 0ul)]
    [InlineData("ff25000000001122334455667788", 0x8877665544332211ul)]
    [InlineData("48b81122334455667788ffe0", 0x8877665544332211ul)]
    [InlineData("ff25100000001122334455667788", null)]
    [InlineData("4c8bd1b818000000", null)]
    [InlineData("e9fbff", null)]
    [InlineData("ff2500000000112233", null)]
    [InlineData("", null)]
    public void A_jump_at_the_beginning_of_code_tells_where_it_leads(string code, ulong? target) =>
        Assert.Equal(target, CallSite.JumpTarget(Convert.FromHexString(code), 0x10000));

    [Theory]
    [InlineData("")]
    [InlineData("zz")]
    public void Of_bytes_that_are_none_no_stack_is_called_made_up(string leading) => Assert.Equal(CallKind.Direct, CallSite.KindOf(leading));
}
