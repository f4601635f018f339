using System.Net;
using System.Net.Sockets;
using CallStackRules.Events;
using CallStackRules.Matching;
using CsCheck;

namespace CallStackRules.Tests.Matching;

public sealed class NetworkSetTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.255.0.1", true)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("10.1.2.3/8", "10.9.9.9", true)]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    [InlineData("10.1.2.3", "10.1.2.4", false)]
    [InlineData("0.0.0.0/0", "255.255.255.255", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("::/0", "::1", true)]
    [InlineData("::/0", "1.2.3.4", false)]
    [InlineData("::/0", "::ffff:1.2.3.4", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.1.1", true)]
    [InlineData("10.0.0.0/8", "::FFFF:0a01:0101", true)]
    [InlineData("::ffff:10.0.0.0/104", "10.1.1.1", true)]
    [InlineData("::ffff:0:0/96", "10.1.1.1", true)]
    [InlineData("fe80::/10", "fe80::1", true)]
    [InlineData("fe80::/10", "FEBF:0:0:0:0:0:0:1", true)]
    [InlineData("fe80::/10", "fec0::1", false)]
    [InlineData("fe80::/10", "fe80::1%eth0", true)]
    [InlineData("fe80::/10", "fe80::1%", false)]
    [InlineData("::1", "0:0:0:0:0:0:0:1", true)]
    [InlineData("::1", "::2", false)]
    [InlineData("2001:db8::/32", "2001:db8:1::192.0.2.1", true)]
    [InlineData("64:ff9b::/96", "64:ff9b::10.0.0.1", true)]
    [InlineData("10.0.0.0/8", "", false)]
    [InlineData("10.0.0.0/8", "10", false)]
    [InlineData("10.0.0.0/8", "10.1", false)]
    [InlineData("10.0.0.0/8", "10.0.0.1.", false)]
    [InlineData("10.0.0.0/8", "10.0.0.1 ", false)]
    [InlineData("10.0.0.0/8", "10.0.0.256", false)]
    [InlineData("10.0.0.0/8", "010.0.0.1", false)]
    [InlineData("10.0.0.0/8", "10.0.0.0x1", false)]
    [InlineData("10.0.0.0/8", "10.0.0.1%1", false)]
    [InlineData("10.0.0.0/8", "10.0.0.1:80", false)]
    [InlineData("::/0", ":", false)]
    [InlineData("::/0", ":::", false)]
    [InlineData("::/0", "1::2::3", false)]
    [InlineData("::/0", "[::1]", false)]
    [InlineData("::/0", "1:2:3:4:5:6:7:8:9", false)]
    [InlineData("::/0", "1:2:3:4:5:6:7::8", false)]
    [InlineData("::/0", "1:2:3:4:5:6:7:1.2.3.4", false)]
    [InlineData("::/0", "1:2:3:4:5:6:1.2.3.4", true)]
    [InlineData("::/0", "1.2.3.4::", false)]
    [InlineData("::/0", "::12345", false)]
    public void An_address_lies_in_a_network(string net, string address, bool expected) =>
        Assert.Equal(expected, new NetworkSet("203.0.113.7", net).Contains(RandomText.InBuffer(address)));

    [Fact]
    public void A_missing_address_lies_in_no_network() => Assert.False(new NetworkSet("0.0.0.0/0", "::/0").Contains(Text.Missing));

    [Fact]
    public void A_network_that_cannot_be_read_is_named()
    {
        var error = Assert.Throws<ArgumentException>(() => new NetworkSet("10.0.0.0/8", "10.0.0.0/33"));
        Assert.Contains("'10.0.0.0/33' is not a network", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Membership_is_that_of_the_runtimes_networks()
    {
        // Few distinct bytes, so that prefixes are often shared.
        Gen<IPAddress> four = Gen.OneOf<byte>(0, 1, 10, 255).Array[4].Select(bytes => new IPAddress(bytes));
        Gen<IPAddress> six = Gen.OneOf<byte>(0, 1, 0xfe, 0x80).Array[16].Select(bytes => new IPAddress(bytes));
        Gen.Select(Gen.OneOf(four, six), Gen.OneOf(four, six), Gen.Int[0, 128]).Check((net, address, prefix) =>
        {
            int length = net.AddressFamily == AddressFamily.InterNetwork ? prefix % 33 : prefix;
            bool expected = net.AddressFamily == address.AddressFamily && new IPNetwork(Masked(net, length), length).Contains(address);
            Assert.Equal(expected, new NetworkSet($"{net}/{length}").Contains(address.ToString()));
        }, iter: 20_000);
    }

    [Fact]
    public void An_address_of_the_runtimes_is_read_as_the_runtime_wrote_it()
    {
        Gen.Byte.Array[16].Check(bytes =>
        {
            // Groups of zeros make the short forms.
            for (int i = 0; i < 16; i++)
                bytes[i] = bytes[i / 2 * 2] < 128 ? (byte)0 : bytes[i];
            var address = new IPAddress(bytes);
            Assert.True(new NetworkSet(address.ToString()).Contains(address.ToString()), address.ToString());
        }, iter: 10_000);
    }

    private static IPAddress Masked(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int bit = length; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new IPAddress(bytes);
    }
}
