namespace CallStackRules.Generators.Emit;

/// <summary>Text inside XML documentation.</summary>
internal static class XmlText
{
    /// <summary>Escapes markup, and drops what XML cannot hold.</summary>
    public static string Of(string text)
    {
        var escaped = new System.Text.StringBuilder(text.Length);
        foreach (char c in text)
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                // The second three end lines of C#, though not of XML.
                (< ' ' and not '\t') or '\u0085' or '\u2028' or '\u2029' => escaped.Append(' '),
                // Lone surrogates and the two non-characters are not XML.
                (>= '\uD800' and <= '\uDFFF') or '\uFFFE' or '\uFFFF' => escaped.Append('?'),
                _ => escaped.Append(c),
            };
        }
        return escaped.ToString();
    }
}
