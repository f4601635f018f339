using System.Buffers.Binary;

namespace CallStackRules.Capture.Sources.Linux.Decoding;

/// <summary>An address of IPv4 or IPv6, as the system has it.</summary>
/// <remarks>
/// sockaddr_in: u16 family, u16 port, 4 bytes address. sockaddr_in6: u16 family, u16 port, u32 flow, 16 bytes address. Ports and addresses are big-endian.
/// </remarks>
internal readonly ref struct SocketAddress
{
    private const int Internet = 2;
    private const int Internet6 = 10;
    private const int InternetSize = 8;
    private const int Internet6Size = 24;

    private SocketAddress(int port, ReadOnlySpan<byte> bytes)
    {
        Port = port;
        Bytes = bytes;
    }

    public int Port { get; }

    /// <summary>4 or 16.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Reads an address.</summary>
    /// <returns>False when it is too short, or of another kind.</returns>
    public static bool TryRead(ReadOnlySpan<byte> from, out SocketAddress address)
    {
        address = default;
        if (from.Length < InternetSize)
            return false;
        int family = BinaryPrimitives.ReadUInt16LittleEndian(from);
        int port = BinaryPrimitives.ReadUInt16BigEndian(from[2..]);
        if (family == Internet)
            address = new SocketAddress(port, from.Slice(4, 4));
        else if (family == Internet6 && from.Length >= Internet6Size)
            address = new SocketAddress(port, from.Slice(8, 16));
        return !address.Bytes.IsEmpty;
    }
}
