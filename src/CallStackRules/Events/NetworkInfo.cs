using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>The connection an event is about, apart from its two ends.</summary>
public sealed class NetworkInfo : IClearable
{
    /// <summary><c>tcp</c>, <c>udp</c>, <c>icmp</c> ...</summary>
    [EqlField("transport")]
    public Text Transport { get; set; }

    /// <summary><c>ipv4</c> or <c>ipv6</c>.</summary>
    [EqlField("type")]
    public Text Type { get; set; }

    /// <summary><c>ingress</c> or <c>egress</c>, seen from the machine.</summary>
    [EqlField("direction")]
    public Text Direction { get; set; }

    /// <summary>Protocol above the transport: <c>http</c>, <c>dns</c> ...</summary>
    [EqlField("protocol")]
    public Text Protocol { get; set; }

    /// <summary>Application the traffic belongs to.</summary>
    [EqlField("application")]
    public Text Application { get; set; }

    /// <summary>Number of the transport.</summary>
    [EqlField("iana_number")]
    public Text IanaNumber { get; set; }

    /// <summary>Digest of the connection's addresses and ports.</summary>
    [EqlField("community_id")]
    public Text CommunityId { get; set; }

    /// <summary>Name of the network.</summary>
    [EqlField("name")]
    public Text Name { get; set; }

    /// <summary>Bytes in both directions.</summary>
    [EqlField("bytes")]
    public long? Bytes { get; set; }

    /// <summary>Packets in both directions.</summary>
    [EqlField("packets")]
    public long? Packets { get; set; }

    /// <inheritdoc/>
    public void Clear()
    {
        Transport = default;
        Type = default;
        Direction = default;
        Protocol = default;
        Application = default;
        IanaNumber = default;
        CommunityId = default;
        Name = default;
        Bytes = null;
        Packets = null;
    }
}
