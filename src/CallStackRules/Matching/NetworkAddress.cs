namespace CallStackRules.Matching;

/// <summary>
/// An IP address as a number. IPv4 is kept in the IPv6 range <c>::ffff:0:0/96</c>, so an IPv4 address and its mapped form are the same one.
/// </summary>
/// <param name="Bits">The 128 bits.</param>
internal readonly record struct NetworkAddress(UInt128 Bits)
{
    private static readonly UInt128 MappedPrefix = new(0, 0xFFFF_0000_0000);

    /// <summary>How many leading bits the range of IPv4 addresses has in common.</summary>
    public const int MappedPrefixLength = 96;

    /// <summary>Whether it is an IPv4 address.</summary>
    public bool IsIPv4 => Bits >> 32 == MappedPrefix >> 32;

    /// <summary>
    /// Reads <c>a.b.c.d</c> (decimal, no leading zeros, because some systems read those as octal) or any form of IPv6. A zone (<c>%eth0</c>) is passed over.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out NetworkAddress address)
    {
        address = default;
        if (!text.Contains(':'))
        {
            if (!TryParseIPv4(text, out uint bits))
                return false;
            address = new NetworkAddress(MappedPrefix | bits);
            return true;
        }
        int zone = text.IndexOf('%');
        if (zone == text.Length - 1 || !TryParseIPv6(zone < 0 ? text : text[..zone], out UInt128 wide))
            return false;
        address = new NetworkAddress(wide);
        return true;
    }

    private static bool TryParseIPv4(ReadOnlySpan<char> text, out uint bits)
    {
        bits = 0;
        for (int part = 0; part < 4; part++)
        {
            int end = part == 3 ? text.Length : text.IndexOf('.');
            if (end is < 1 or > 3 || (end > 1 && text[0] == '0'))
                return false;
            uint value = 0;
            foreach (char digit in text[..end])
            {
                if (!char.IsAsciiDigit(digit))
                    return false;
                value = (value * 10) + (uint)(digit - '0');
            }
            if (value > 255)
                return false;
            bits = (bits << 8) | value;
            text = text[Math.Min(end + 1, text.Length)..];
        }
        return true;
    }

    private static bool TryParseIPv6(ReadOnlySpan<char> text, out UInt128 bits)
    {
        const int groups = 8;
        bits = 0;
        int gap = text.IndexOf("::");
        if (gap < 0)
            return TryParseGroups(text, out bits, out int all) && all == groups;
        if (!TryParseGroups(text[..gap], out UInt128 high, out int before) || (gap > 0 && text[..gap].Contains('.'))
            || !TryParseGroups(text[(gap + 2)..], out UInt128 low, out int after) || before + after >= groups)
            return false;
        // Shifting by all 128 bits would shift by none.
        bits = before == 0 ? low : (high << (16 * (groups - before))) | low;
        return true;
    }

    /// <summary>Reads groups of hexadecimal digits between colons; the last may be an IPv4 address, which counts as two.</summary>
    private static bool TryParseGroups(ReadOnlySpan<char> text, out UInt128 bits, out int count)
    {
        bits = 0;
        count = 0;
        while (!text.IsEmpty)
        {
            if (count == 8)
                return false;
            int colon = text.IndexOf(':');
            ReadOnlySpan<char> group = colon < 0 ? text : text[..colon];
            if (colon < 0 && group.Contains('.'))
            {
                if (!TryParseIPv4(group, out uint tail))
                    return false;
                bits = (bits << 32) | tail;
                count += 2;
                return count <= 8;
            }
            if (!TryParseGroup(group, out uint value))
                return false;
            bits = (bits << 16) | value;
            count++;
            if (colon < 0)
                return true;
            text = text[(colon + 1)..];
            if (text.IsEmpty)
                return false;
        }
        return true;
    }

    private static bool TryParseGroup(ReadOnlySpan<char> group, out uint value)
    {
        value = 0;
        if (group.Length is < 1 or > 4)
            return false;
        foreach (char digit in group)
        {
            if (!char.IsAsciiHexDigit(digit))
                return false;
            value = (value << 4) | (uint)(char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }
        return true;
    }
}
