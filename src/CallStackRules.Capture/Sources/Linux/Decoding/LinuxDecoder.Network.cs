using System.Buffers.Binary;
using CallStackRules.Capture.Sources.Linux.Tracing;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Linux.Decoding;

/// <content>Connections.</content>
internal sealed partial class LinuxDecoder
{
    /// <summary>sockaddr_in: u16 family, u16 port, 4 bytes address. sockaddr_in6: u16 family, u16 port, u32 flow, 16 bytes address. Ports and addresses are big-endian.</summary>
    private static bool DecodeConnect(in CaptureRecord call, EndpointEvent e)
    {
        const int internet = 2;
        const int internet6 = 10;
        ReadOnlySpan<byte> address = call.First;
        if (address.Length < CaptureRecord.SocketAddressSize)
            return false;
        int family = BinaryPrimitives.ReadUInt16LittleEndian(address);
        ReadOnlySpan<byte> bytes = family switch
        {
            internet => address.Slice(4, 4),
            internet6 => address.Slice(8, 16),
            _ => default,
        };
        int port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        // Port 0 asks the system which way it would go, and connects to nothing.
        if (bytes.IsEmpty || port == 0)
            return false;
        Classify(e, "network", "connection", "connection_attempted");
        e.Event.Type.Add("start");
        e.Destination.Ip = AddressText.Write(bytes, e.Buffer);
        e.Destination.Address = e.Destination.Ip;
        e.Destination.Port = port;
        e.Network.Type = family == internet ? "ipv4" : "ipv6";
        e.Network.Direction = "egress";
        return true;
    }
}
