using System.Globalization;
using CallStackRules.Events;

namespace CallStackRules.Matching;

/// <summary>
/// A fixed set of IPv4 and IPv6 networks. <c>::ffff:a.b.c.d</c> counts as the IPv4 address <c>a.b.c.d</c>; otherwise an address of one kind is never in a
/// network of the other.
/// </summary>
public sealed class NetworkSet
{
    private readonly Network[] _networks;

    /// <summary>Prepares a set.</summary>
    /// <param name="nets">Each <c>address/length</c>, or an address alone for just that one. Bits of the host part are ignored.</param>
    /// <exception cref="ArgumentException">One of them cannot be read.</exception>
    public NetworkSet(params string[] nets)
    {
        ArgumentNullException.ThrowIfNull(nets);
        _networks = [.. nets.Select(Parse)];
    }

    /// <summary>Whether an address lies in any of the networks; one that is missing or cannot be read does not.</summary>
    public bool Contains(Text address)
    {
        if (address.IsMissing || !NetworkAddress.TryParse(address.Span, out NetworkAddress parsed))
            return false;
        foreach (Network network in _networks)
        {
            if ((parsed.Bits & network.Mask) == network.Bits && parsed.IsIPv4 == network.IsIPv4)
                return true;
        }
        return false;
    }

    private static Network Parse(string net)
    {
        int slash = net.IndexOf('/', StringComparison.Ordinal);
        ReadOnlySpan<char> address = slash < 0 ? net : net.AsSpan(0, slash);
        if (address.Contains('%') || !NetworkAddress.TryParse(address, out NetworkAddress parsed))
            throw Unreadable(net);
        bool isDotted = !address.Contains(':');
        int length = isDotted ? 32 : 128;
        if (slash >= 0)
        {
            int longest = length;
            if (!int.TryParse(net.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > longest)
                throw Unreadable(net);
        }
        if (isDotted)
            length += NetworkAddress.MappedPrefixLength;
        // Shifting by all 128 bits would shift by none.
        UInt128 mask = length == 0 ? 0 : UInt128.MaxValue << (128 - length);
        // A network that is wider than the range of mapped addresses is one of IPv6 addresses.
        return new Network(parsed.Bits & mask, mask, parsed.IsIPv4 && length >= NetworkAddress.MappedPrefixLength);
    }

    private static ArgumentException Unreadable(string net) =>
        new($"'{net}' is not a network: write an IPv4 or IPv6 address and a prefix length, as in 10.0.0.0/8 or fe80::/10.", nameof(net));

    private readonly record struct Network(UInt128 Bits, UInt128 Mask, bool IsIPv4);
}
