using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Procmon;

/// <content>Connections.</content>
internal sealed partial class ProcmonMapper
{
    /// <summary>
    /// u16 flags, 2 bytes, u32 length, 16 bytes each of the own and the other address, u16 each of the own and the other port. The flags: 1 and 2 for IPv4 addresses, 4 for TCP.
    /// </summary>
    /// <remarks>Stacks of network events are those of the interrupt that delivered the packet: they hold nothing but the kernel.</remarks>
    private string? MapNetwork(in PmlEvent raw, EndpointEvent e)
    {
        (string Type, string Action, string? Direction)? kind = raw.Operation switch
        {
            PmlOperation.NetworkConnect => ("start", "connection_attempted", "egress"),
            PmlOperation.NetworkAccept => ("start", "connection_accepted", "ingress"),
            PmlOperation.NetworkDisconnect => ("end", "disconnect_received", null),
            _ => null,
        };
        if (kind is not { } known)
            return "network operation not mapped";
        var details = new PmlDetails(raw.Details);
        ushort flags = details.U16();
        details.Skip(6);
        ReadOnlySpan<byte> own = details.Take(16);
        ReadOnlySpan<byte> other = details.Take(16);
        ushort ownPort = details.U16();
        ushort otherPort = details.U16();
        CheckDetails(details);
        if (details.IsDamaged)
            return "details of an event are cut off";
        Classify(e, "network", known.Type, known.Action);
        e.Event.Type.Add("connection");
        e.Network.Transport = (flags & 4) != 0 ? "tcp" : "udp";
        e.Network.Type = (flags & 1) != 0 ? "ipv4" : "ipv6";
        e.Network.Direction = known.Direction;
        bool isIngress = raw.Operation == PmlOperation.NetworkAccept;
        Write(isIngress ? e.Destination : e.Source, own, (flags & 1) != 0, ownPort, e.Buffer);
        Write(isIngress ? e.Source : e.Destination, other, (flags & 2) != 0, otherPort, e.Buffer);
        return null;
    }

    private static void Write(NetworkEndpoint end, ReadOnlySpan<byte> address, bool isIpv4, ushort port, TextBuffer buffer)
    {
        end.Ip = AddressText.Write(isIpv4 ? address[..4] : address, buffer);
        end.Address = end.Ip;
        end.Port = port;
    }
}
