using System.Globalization;

namespace CallStackRules.Eql.Binding;

/// <summary>
/// Reads networks as <c>cidrmatch</c> takes them: <c>a.b.c.d/n</c> or any form of IPv6, or an address alone. The twin of the run-time
/// <c>CallStackRules.Matching.NetworkSet</c>, which refuses exactly what this refuses.
/// </summary>
public static class NetworkSyntax
{
    private const int IPv4Bytes = 4;
    private const int IPv6Bytes = 16;

    /// <summary>Whether a network can be read.</summary>
    /// <param name="net">The network.</param>
    /// <param name="hasHostBits">Whether bits beyond the prefix are set; they are ignored.</param>
    public static bool TryParse(string net, out bool hasHostBits)
    {
        hasHostBits = false;
        int slash = net.IndexOf('/');
        string address = slash < 0 ? net : net.Substring(0, slash);
        byte[]? bytes = address.IndexOf(':') >= 0 ? ParseIPv6(address) : ParseIPv4(address);
        if (bytes is null)
            return false;
        if (slash < 0)
            return true;
        if (!int.TryParse(net.Substring(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int length) || length > bytes.Length * 8)
            return false;
        for (int bit = length; bit < bytes.Length * 8; bit++)
            hasHostBits |= (bytes[bit / 8] & (0x80 >> (bit % 8))) != 0;
        return true;
    }

    private static byte[]? ParseIPv4(string address)
    {
        string[] parts = address.Split('.');
        if (parts.Length != IPv4Bytes)
            return null;
        byte[] bytes = new byte[IPv4Bytes];
        for (int i = 0; i < IPv4Bytes; i++)
        {
            // Leading zeros are refused because some systems read them as octal.
            if (parts[i].Length > 1 && parts[i][0] == '0')
                return null;
            if (!byte.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out bytes[i]))
                return null;
        }
        return bytes;
    }

    private static byte[]? ParseIPv6(string address)
    {
        int gap = address.IndexOf("::", StringComparison.Ordinal);
        if (gap < 0)
            return ParseGroups(address) is { Length: IPv6Bytes } all ? all : null;
        byte[]? before = ParseGroups(address.Substring(0, gap));
        byte[]? after = ParseGroups(address.Substring(gap + 2));
        if (before is null || after is null || before.Length + after.Length >= IPv6Bytes || address.IndexOf('.', 0, gap) >= 0)
            return null;
        byte[] bytes = new byte[IPv6Bytes];
        before.CopyTo(bytes, 0);
        after.CopyTo(bytes, IPv6Bytes - after.Length);
        return bytes;
    }

    /// <summary>Groups of hexadecimal digits between colons; the last may be an IPv4 address.</summary>
    private static byte[]? ParseGroups(string text)
    {
        if (text.Length == 0)
            return [];
        var bytes = new List<byte>();
        string[] groups = text.Split(':');
        for (int i = 0; i < groups.Length; i++)
        {
            string group = groups[i];
            if (i == groups.Length - 1 && group.IndexOf('.') >= 0)
            {
                if (ParseIPv4(group) is not { } tail)
                    return null;
                bytes.AddRange(tail);
                continue;
            }
            if (group.Length is < 1 or > 4 || !ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort value))
                return null;
            bytes.Add((byte)(value >> 8));
            bytes.Add((byte)value);
        }
        return [.. bytes];
    }
}
