using CallStackRules.Capture.Sources.Windows;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <content>Connections, names, and calls that reach for other processes.</content>
internal sealed partial class EtwDecoder
{
    /// <summary>Classic, TcpIp: u32 process, u32 size, the remote and the own address of 4 bytes (opcode 12, 15) or 16 (28, 31), u16 each of their ports in network order.</summary>
    /// <remarks>The kernel writes it in whatever thread is running: it has no stack that says anything.</remarks>
    private string? DecodeConnection(in RawEvent raw, EtwKind kind, ref PayloadReader payload, long time, EndpointEvent e)
    {
        const byte firstOfIpv6 = 26;
        if (raw.Version < 1)
            return "connection of an old layout";
        int pid = (int)payload.U32();
        payload.Skip(4);
        int length = raw.Opcode >= firstOfIpv6 ? 16 : 4;
        ReadOnlySpan<byte> remote = payload.Take(length);
        ReadOnlySpan<byte> own = payload.Take(length);
        ushort remotePort = payload.U16Network();
        ushort ownPort = payload.U16Network();
        if (payload.IsDamaged || pid <= 0)
            return "process not known";
        bool isOwn = kind == EtwKind.Connect;
        e.Process = processes.GetOrAdd(pid, time).Info;
        Classify(e, "network", "start", isOwn ? "connection_attempted" : "connection_accepted");
        e.Event.Type.Add("connection");
        e.Network.Transport = "tcp";
        e.Network.Type = length == 4 ? "ipv4" : "ipv6";
        e.Network.Direction = isOwn ? "egress" : "ingress";
        Write(isOwn ? e.Source : e.Destination, own, ownPort, e.Buffer);
        Write(isOwn ? e.Destination : e.Source, remote, remotePort, e.Buffer);
        return null;
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
            return "process not known";
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

    /// <summary>Microsoft-Windows-Kernel-Audit-API-Calls 5: u32 process that was opened, u32 rights asked for, u32 result.</summary>
    private string? DecodeOpenProcess(in RawEvent raw, ref PayloadReader payload, long time, EndpointEvent e)
    {
        int target = (int)payload.U32();
        uint access = payload.U32();
        uint result = payload.U32();
        if (payload.IsDamaged || !FillActor(raw, time, e))
            return "process not known";
        e.Event.Category.Add("api");
        e.Event.Type.Add("access");
        e.Api.Name = "OpenProcess";
        e.Api.Metadata.ReturnValue = result;
        if (result != 0)
            e.Event.Outcome = "failure";
        e.Api.Parameters.HandleType = "process";
        e.Api.Parameters.DesiredAccessNumeric = access;
        ProcessRights.AddNames(access, e.Api.Parameters.DesiredAccess);
        if (target <= 0)
            return null;
        e.TargetProcess = processes.GetOrAdd(target, time).Info;
        if (e.TargetProcess == e.Process)
            return null;
        e.Api.Behaviors.Add("cross-process");
        if (e.TargetProcess.Parent == e.Process)
            e.Api.Behaviors.Add("parent-child");
        return null;
    }
}
