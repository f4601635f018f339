using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Sysmon;

/// <summary>Addresses as the schema writes them.</summary>
internal static class NetworkAddress
{
    private const int Groups = 8;

    /// <summary>
    /// An IPv6 address with its longest run of zeros as <c>::</c>: Sysmon writes <c>0:0:0:0:0:0:0:1</c>, rules ask for <c>::1</c>. Others as they are.
    /// </summary>
    public static Text Shorten(Text address, TextBuffer buffer)
    {
        ReadOnlySpan<char> text = address.Span;
        if (text.Count(':') != Groups - 1 || text.Contains("::", StringComparison.Ordinal))
            return address;
        int bestStart = 0, bestEnd = 0, bestCount = 0;
        for (int start = 0; start < text.Length; start++)
        {
            if (start > 0 && text[start - 1] != ':')
                continue;
            int end = start;
            int count = 0;
            while (end < text.Length && text[end] == '0' && (end + 1 == text.Length || text[end + 1] == ':'))
            {
                count++;
                end += 2;
            }
            if (count > bestCount)
                (bestStart, bestEnd, bestCount) = (start, Math.Min(end, text.Length), count);
        }
        if (bestCount < 2)
            return address;
        Span<char> room = buffer.Reserve(text.Length + 2);
        text[..bestStart].CopyTo(room);
        int length = bestStart;
        if (length == 0)
            room[length++] = ':';
        room[length++] = ':';
        ReadOnlySpan<char> rest = text[bestEnd..];
        rest.CopyTo(room[length..]);
        return buffer.Commit(length + rest.Length);
    }
}
