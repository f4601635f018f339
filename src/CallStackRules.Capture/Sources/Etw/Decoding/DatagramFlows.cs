using System.Buffers.Binary;

namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <summary>
/// Which exchanges of datagrams were told: one event for each datagram would tell little. Two ends and a process make an exchange, whoever of them sends; one that was silent
/// for a minute begins anew.
/// </summary>
/// <param name="statistics">Counts when all are forgotten.</param>
internal sealed class DatagramFlows(SourceStatistics statistics)
{
    /// <summary>Exchanges that are kept. When there are more, all are forgotten: they are told again.</summary>
    public const int Capacity = 64 * 1024;

    private const int OfCommonMachine = 1024;

    private static readonly long Silence = TimeSpan.FromMinutes(1).Ticks;

    private readonly Dictionary<Flow, long> _lastOf = new(OfCommonMachine);

    /// <summary>Notes a datagram.</summary>
    /// <param name="process">Whose it is.</param>
    /// <param name="from">Where it comes from.</param>
    /// <param name="to">Where it goes to.</param>
    /// <param name="utcTicks">When.</param>
    /// <returns>Whether an exchange begins with it.</returns>
    public bool Begins(int process, DatagramEnd from, DatagramEnd to, long utcTicks)
    {
        // The same for both directions.
        bool isInOrder = from.Address != to.Address ? from.Address < to.Address : from.Port <= to.Port;
        Flow flow = isInOrder ? new Flow(process, from, to) : new Flow(process, to, from);
        if (_lastOf.TryGetValue(flow, out long last) && utcTicks - last < Silence)
        {
            _lastOf[flow] = utcTicks;
            return false;
        }
        if (_lastOf.Count == Capacity && !_lastOf.ContainsKey(flow))
        {
            statistics.CountFieldProblem("too many exchanges of datagrams: all were forgotten");
            _lastOf.Clear();
        }
        _lastOf[flow] = utcTicks;
        return true;
    }

    private readonly record struct Flow(int Process, DatagramEnd Low, DatagramEnd High);
}

/// <summary>An end of an exchange of datagrams.</summary>
/// <param name="Address">The address; one of IPv4 is the last 4 bytes.</param>
/// <param name="Port">The port.</param>
internal readonly record struct DatagramEnd(UInt128 Address, ushort Port)
{
    /// <summary>An end by its bytes: an address of 4 or 16.</summary>
    public static DatagramEnd Of(ReadOnlySpan<byte> address, ushort port) =>
        new(address.Length == sizeof(uint) ? BinaryPrimitives.ReadUInt32BigEndian(address) : BinaryPrimitives.ReadUInt128BigEndian(address), port);
}
