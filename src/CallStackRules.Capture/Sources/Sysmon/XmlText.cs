namespace CallStackRules.Capture.Sources.Sysmon;

/// <summary>The five character references that XML text needs, as <c>&amp;lt;</c>.</summary>
internal static class XmlText
{
    /// <summary>Replaces the references in place and returns the new length.</summary>
    public static int ResolveReferences(Span<char> text)
    {
        int read = text.IndexOf('&');
        if (read < 0)
            return text.Length;
        int written = read;
        while (read < text.Length)
        {
            (char character, int length) = text[read] == '&' ? Reference(text[read..]) : (text[read], 1);
            text[written++] = character;
            read += length;
        }
        return written;
    }

    private static (char Character, int Length) Reference(ReadOnlySpan<char> text) =>
        text.StartsWith("&lt;") ? ('<', 4)
        : text.StartsWith("&gt;") ? ('>', 4)
        : text.StartsWith("&amp;") ? ('&', 5)
        : text.StartsWith("&quot;") ? ('"', 6)
        : text.StartsWith("&apos;") ? ('\'', 6)
        : ('&', 1);
}
