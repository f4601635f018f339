using System.Globalization;

namespace CallStackRules.Eql.Interpretation;

/// <summary>
/// Networks of addresses, IPv4 and IPv6. An IPv4 address written as IPv6 (<c>::ffff:10.0.0.1</c>) is the IPv4 address. Bits of a network's address behind its
/// prefix are ignored, and so is the zone of an address (<c>fe80::1%eth0</c>).
/// </summary>
internal static class Network
{
    /// <summary>Whether an address lies in a network. An address that cannot be read lies in none.</summary>
    /// <param name="network">As in <c>10.0.0.0/8</c>; without a prefix a network of one address.</param>
    /// <param name="address">The address.</param>
    /// <exception cref="ArgumentException">The network cannot be read: binding lets none such pass.</exception>
    public static bool Contains(string network, string address)
    {
        string[] parts = network.Split('/');
        if (parts.Length > 2 || ReadAddress(parts[0]) is not { } start)
            throw Unreadable(network);
        int prefix = start.Length * 8;
        if (parts.Length == 2 && (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > start.Length * 8))
            throw Unreadable(network);
        if (IsMapped(start) && prefix >= 96)
        {
            start = [.. start.Skip(12)];
            prefix -= 96;
        }

        int zone = address.IndexOf('%');
        bool hasZone = zone > 0 && zone < address.Length - 1 && address.Contains(":");
        if (ReadAddress(hasZone ? address.Substring(0, zone) : address) is not { } sought)
            return false;
        if (IsMapped(sought))
            sought = [.. sought.Skip(12)];
        return sought.Length == start.Length && Enumerable.Range(0, prefix).All(bit => BitOf(start, bit) == BitOf(sought, bit));
    }

    private static int BitOf(byte[] address, int bit) => (address[bit / 8] >> (7 - (bit % 8))) & 1;

    private static bool IsMapped(byte[] address) =>
        address.Length == 16 && address.Take(10).All(part => part == 0) && address[10] == 0xff && address[11] == 0xff;

    private static byte[]? ReadAddress(string text) => text.Contains(":") ? ReadIPv6(text) : ReadIPv4(text);

    private static byte[]? ReadIPv4(string text)
    {
        string[] parts = text.Split('.');
        if (parts.Length != 4)
            return null;
        byte[] address = new byte[4];
        for (int i = 0; i < 4; i++)
        {
            // A leading zero means octal to some and decimal to others.
            bool hasLeadingZero = parts[i].Length > 1 && parts[i][0] == '0';
            if (hasLeadingZero || !parts[i].All(digit => digit is >= '0' and <= '9')
                || !byte.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out address[i]))
                return null;
        }
        return address;
    }

    private static byte[]? ReadIPv6(string text)
    {
        int gap = text.IndexOf("::", StringComparison.Ordinal);
        if (gap < 0)
            return ReadGroups(text, isEnd: true) is { Length: 16 } whole ? whole : null;
        byte[]? head = ReadGroups(text.Substring(0, gap), isEnd: false);
        byte[]? tail = ReadGroups(text.Substring(gap + 2), isEnd: true);
        // The gap stands for one group of zeros or more.
        if (head is null || tail is null || head.Length + tail.Length > 14)
            return null;
        return [.. head, .. new byte[16 - head.Length - tail.Length], .. tail];
    }

    private static byte[]? ReadGroups(string text, bool isEnd)
    {
        var bytes = new List<byte>();
        string[] groups = text.Length == 0 ? [] : text.Split(':');
        for (int i = 0; i < groups.Length; i++)
        {
            string group = groups[i];
            if (isEnd && i == groups.Length - 1 && group.Contains(".") && ReadIPv4(group) is { } embedded)
                bytes.AddRange(embedded);
            else if (group.Length is >= 1 and <= 4 && group.All(Uri.IsHexDigit))
                bytes.AddRange([Convert.ToByte(group.PadLeft(4, '0').Substring(0, 2), 16), Convert.ToByte(group.PadLeft(4, '0').Substring(2), 16)]);
            else
                return null;
        }
        return [.. bytes];
    }

    private static ArgumentException Unreadable(string network) => new($"'{network}' is not a network.", nameof(network));
}
