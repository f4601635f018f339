using CallStackRules.Capture.Sources.Linux.Interop;

namespace CallStackRules.Capture.Sources.Linux.Decoding;

/// <summary>Asks the system for the ends of a connection that a process has open.</summary>
internal static class OpenConnection
{
    /// <summary>Asks.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="descriptor">Its descriptor.</param>
    /// <param name="buffer">Receives the bytes of both addresses.</param>
    /// <param name="own">The process's end.</param>
    /// <param name="other">The other end.</param>
    /// <returns>False when it is none of IPv4 or IPv6, or not open any more.</returns>
    public static bool TryAsk(int pid, int descriptor, Span<byte> buffer, out SocketAddress own, out SocketAddress other)
    {
        own = default;
        other = default;
        int process = LinuxSystem.OpenProcess(pid);
        if (process < 0)
            return false;
        int socket = LinuxSystem.Share(process, descriptor);
        LinuxSystem.Close(process);
        if (socket < 0)
            return false;
        Span<byte> first = buffer[..(buffer.Length / 2)];
        Span<byte> second = buffer[(buffer.Length / 2)..];
        bool isRead = LinuxSystem.ReadAddress(socket, ofOtherEnd: false, first) >= 0 && LinuxSystem.ReadAddress(socket, ofOtherEnd: true, second) >= 0;
        LinuxSystem.Close(socket);
        return isRead && SocketAddress.TryRead(first, out own) && SocketAddress.TryRead(second, out other);
    }
}
