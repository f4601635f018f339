using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Windows;

/// <summary>Results of the Windows resolver, as it logs them: records ended by <c>;</c>, addresses plain and the rest as <c>type:  5 name</c>.</summary>
internal static class DnsResults
{
    private const string MappedIPv4 = "::ffff:";

    /// <summary>Adds the addresses to a list, IPv4 ones without their IPv6 mapping. Records that are no address are left out.</summary>
    public static void AddAddresses(Text results, TextList addresses)
    {
        int start = 0;
        while (start < results.Length)
        {
            int length = results.Span[start..].IndexOf(';');
            if (length < 0)
                length = results.Length - start;
            Text record = results.Slice(start, length);
            start += length + 1;
            if (record.Span.StartsWith(MappedIPv4, StringComparison.OrdinalIgnoreCase) && record.Span.Contains('.'))
                record = record.Slice(MappedIPv4.Length, record.Length - MappedIPv4.Length);
            if (IsAddress(record.Span))
                addresses.Add(record);
        }
    }

    private static bool IsAddress(ReadOnlySpan<char> text) =>
        text.ContainsAny('.', ':') && !text.ContainsAnyExcept("0123456789abcdefABCDEF.:%");
}
