using CallStackRules.Eql.Binding;
using CallStackRules.Matching;
using CsCheck;

namespace CallStackRules.Eql.Tests.Binding;

public sealed class NetworkSyntaxTests
{
    [Theory]
    [InlineData("10.0.0.0/8", false)]
    [InlineData("10.0.0.1/8", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("10.0.0.1/32", false)]
    [InlineData("0.0.0.0/0", false)]
    [InlineData("fe80::/10", false)]
    [InlineData("fe80::1/10", true)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.0/104", false)]
    [InlineData("::ffff:10.0.0.1/104", true)]
    public void A_network_may_have_host_bits(string net, bool expected)
    {
        Assert.True(NetworkSyntax.TryParse(net, out bool hasHostBits));
        Assert.Equal(expected, hasHostBits);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/8")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/ 8")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0/8")]
    [InlineData("10.0.0.0.0/8")]
    [InlineData("010.0.0.0/8")]
    [InlineData("256.0.0.0/8")]
    [InlineData("::/129")]
    [InlineData("fe80::1%eth0/64")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1::2::3")]
    [InlineData(":::")]
    [InlineData("12345::")]
    [InlineData("1.2.3.4::")]
    [InlineData("example.org")]
    public void What_is_no_network_is_refused_here_and_at_run_time(string net)
    {
        Assert.False(NetworkSyntax.TryParse(net, out _));
        Assert.Throws<ArgumentException>(() => new NetworkSet(net));
    }

    [Fact]
    public void The_run_time_set_takes_exactly_what_is_accepted_here()
    {
        Gen<string> nets = Gen.OneOf("1", "0", "10", "ffff", "f", "255", ".", ":", "::", "/", "%", "1.2.3.4").Array[1, 9].Select(string.Concat);
        nets.Check(net => Assert.Equal(NetworkSyntax.TryParse(net, out _), Record.Exception(() => new NetworkSet(net)) is null), iter: 20_000);
    }
}
