using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Capture.Sources.Linux.Tracing;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Linux.Decoding;

/// <content>Connections.</content>
internal sealed partial class LinuxDecoder
{
    private static bool DecodeConnect(in CaptureRecord call, EndpointEvent e)
    {
        // Port 0 asks the system which way it would go, and connects to nothing.
        if (!SocketAddress.TryRead(call.First, out SocketAddress to) || to.Port == 0)
            return false;
        Classify(e, "network", "connection", "connection_attempted");
        Write(e.Destination, to, e);
        e.Network.Direction = "egress";
        return true;
    }

    /// <summary>The connection is asked for its ends while it is open; a program need not want to know the other, and the own one is not told by the call.</summary>
    private bool DecodeAccept(in CaptureRecord call, LinuxProcess process, EndpointEvent e)
    {
        Span<byte> buffer = stackalloc byte[2 * CaptureRecord.SocketAddressSize];
        bool isOpen = OpenConnection.TryAsk(process.Pid, (int)call.Result, buffer, out SocketAddress own, out SocketAddress other);
        bool isTold = SocketAddress.TryRead(call.First, out SocketAddress told);
        // What is open under the number by now can be another connection.
        isOpen &= !isTold || (told.Port == other.Port && told.Bytes.SequenceEqual(other.Bytes));
        if (!isOpen && !isTold)
        {
            // A connection that is closed by now, of a program that did not want to know from where: not even its kind is known.
            statistics.TextsMissing++;
            return false;
        }
        Classify(e, "network", "connection", "connection_accepted");
        if (isOpen)
            Write(e.Destination, own, e);
        Write(e.Source, isTold ? told : other, e);
        e.Network.Direction = "ingress";
        return true;
    }

    private static void Write(NetworkEndpoint end, in SocketAddress address, EndpointEvent e)
    {
        if (e.Event.Type.Count == 1)
            e.Event.Type.Add("start");
        end.Ip = AddressText.Write(address.Bytes, e.Buffer);
        end.Address = end.Ip;
        end.Port = address.Port;
        e.Network.Type = address.Bytes.Length == 4 ? "ipv4" : "ipv6";
    }
}
