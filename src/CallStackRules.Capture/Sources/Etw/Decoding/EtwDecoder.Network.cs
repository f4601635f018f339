using CallStackRules.Capture.Sources.Windows;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <content>Connections and names.</content>
internal sealed partial class EtwDecoder
{
    private readonly DatagramFlows _flows = new(statistics);

    /// <summary>
    /// Classic TcpIp and Microsoft-Windows-Kernel-Network, with the same numbers: u32 process, u32 size, the remote and the own address of 4 bytes
    /// (12, 13, 15) or 16 (28, 29, 31), u16 each of their ports in network order.
    /// </summary>
    /// <remarks>
    /// The kernel writes it in whatever thread is running: it has no stack that says anything.
    /// </remarks>
    private string? DecodeConnection(in RawEvent raw, EtwKind kind, ref PayloadReader payload, long time, EndpointEvent e)
    {
        const int firstOfIpv6 = 26;
        bool isClassic = (raw.Flags & RawEventFlags.Classic) != 0;
        if (isClassic && raw.Version < 1)
            return "connection of an old layout";
        int pid = (int)payload.U32();
        payload.Skip(4);
        int length = (isClassic ? raw.Opcode : raw.Id) >= firstOfIpv6 ? 16 : 4;
        ReadOnlySpan<byte> remote = payload.Take(length);
        ReadOnlySpan<byte> own = payload.Take(length);
        ushort remotePort = payload.U16Network();
        ushort ownPort = payload.U16Network();
        if (payload.IsDamaged || pid <= 0)
            return NoProcess;
        e.Process = processes.GetOrAdd(pid, time).Info;
        (string type, string action) = kind switch
        {
            EtwKind.Connect => ("start", "connection_attempted"),
            EtwKind.Accept => ("start", "connection_accepted"),
            _ => ("end", "disconnect_received"),
        };
        Classify(e, type, action, "tcp", length);
        // Who closes a connection says nothing of who made it; the own end is told first, as of those that were made.
        bool isOwn = kind != EtwKind.Accept;
        if (kind != EtwKind.Disconnect)
            e.Network.Direction = isOwn ? "egress" : "ingress";
        Write(isOwn ? e.Source : e.Destination, own, ownPort, e.Buffer);
        Write(isOwn ? e.Destination : e.Source, remote, remotePort, e.Buffer);
        return null;
    }

    /// <summary>
    /// Classic UdpIp 10 and 11, with IPv6 26 and 27, and Microsoft-Windows-Kernel-Network 42 and 43, 58 and 59: u32 process, u32 size, the address that it goes to and the one
    /// it comes from, u16 each of their ports in network order. The first of an exchange is the event.
    /// </summary>
    private string? DecodeDatagram(in RawEvent raw, EtwKind kind, ref PayloadReader payload, long time, EndpointEvent e)
    {
        bool isClassic = (raw.Flags & RawEventFlags.Classic) != 0;
        if (isClassic && raw.Version < 1)
            return "datagram of an old layout";
        int pid = (int)payload.U32();
        payload.Skip(4);
        int length = (isClassic ? raw.Opcode is 26 or 27 : raw.Id is 58 or 59) ? 16 : 4;
        ReadOnlySpan<byte> to = payload.Take(length);
        ReadOnlySpan<byte> from = payload.Take(length);
        ushort toPort = payload.U16Network();
        ushort fromPort = payload.U16Network();
        if (payload.IsDamaged || pid <= 0)
            return NoProcess;
        if (!_flows.Begins(pid, DatagramEnd.Of(from, fromPort), DatagramEnd.Of(to, toPort), time))
            return "datagram of an exchange that was told";
        e.Process = processes.GetOrAdd(pid, time).Info;
        bool isSent = kind == EtwKind.DatagramSent;
        Classify(e, "start", isSent ? "connection_attempted" : "connection_accepted", "udp", length);
        e.Network.Direction = isSent ? "egress" : "ingress";
        Write(e.Source, from, fromPort, e.Buffer);
        Write(e.Destination, to, toPort, e.Buffer);
        return null;
    }

    private static void Classify(EndpointEvent e, string type, string action, string transport, int addressLength)
    {
        Classify(e, "network", type, action);
        e.Event.Type.Add("connection");
        e.Network.Transport = transport;
        e.Network.Type = addressLength == 4 ? "ipv4" : "ipv6";
    }

    private static void Write(NetworkEndpoint end, ReadOnlySpan<byte> address, ushort port, TextBuffer buffer)
    {
        end.Ip = AddressText.Write(address, buffer);
        end.Address = end.Ip;
        end.Port = port;
    }

    /// <summary>Microsoft-Windows-DNS-Client 3008: name, u32 type, u64 options, u32 status, results.</summary>
    private string? DecodeQuery(in RawEvent raw, ref PayloadReader payload, long time, EndpointEvent e)
    {
        Text name = e.Buffer.Add(payload.Text());
        payload.Skip(12);
        uint status = payload.U32();
        Text results = e.Buffer.Add(payload.Text());
        if (payload.IsDamaged || !FillActor(raw, time, e))
            return NoProcess;
        Classify(e, "network", "connection", "lookup_result");
        e.Event.Type.Add("protocol");
        e.Event.Type.Add("info");
        e.Network.Protocol = "dns";
        e.Dns.QuestionName = name;
        e.Dns.Status = status;
        if (status != 0)
            e.Event.Outcome = "failure";
        DnsResults.AddAddresses(results, e.Dns.ResolvedIp);
        return null;
    }
}
