using System.Net;
using CallStackRules.Capture.Sources;
using CallStackRules.Events;
using CsCheck;

namespace CallStackRules.Capture.Tests;

/// <summary>Addresses are written as everybody writes them, and without allocations.</summary>
public sealed class AddressTextTests
{
    [Theory]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("1::")]
    [InlineData("2001:db8::1")]
    [InlineData("2001:db8:0:1:1:1:1:1")]
    [InlineData("2001:0:0:1::1")]
    [InlineData("2001:db8::1:0:0:1")]
    [InlineData("fe80::1:2:3:4")]
    [InlineData("1:2:3:4:5:6:7:8")]
    [InlineData("127.0.0.1")]
    public void An_address_is_written_as_it_is_read(string address) => Assert.Equal(address, Write(IPAddress.Parse(address).GetAddressBytes()));

    [Fact]
    public void Any_address_of_IPv6_is_read_again()
    {
        Gen.Byte[0, 2].Array[16].Check(bytes => Assert.Equal(new IPAddress(bytes), IPAddress.Parse(Write(bytes))));
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var buffer = new TextBuffer();
        byte[] address = IPAddress.Parse("2001:db8::1").GetAddressBytes();
        void Write()
        {
            buffer.Clear();
            AddressText.Write(address, buffer);
        }
        Write();
        Assert.Equal(0, Allocations.Of(Write));
    }

    private static string Write(byte[] bytes) => AddressText.Write(bytes, new TextBuffer()).ToString();
}
