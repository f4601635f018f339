using System.Globalization;
using System.Text.Unicode;

namespace CallStackRules.Capture.Sources;

/// <summary>
/// Bytes of JSON strings to characters. Bytes that are no UTF-8 become U+FFFD and lone surrogates stay as they are, both of which Windows allows in file names: a file
/// that is named so must not hide the event.
/// </summary>
internal static class JsonText
{
    /// <summary>Writes the characters of a string without escapes, at most one a byte, and returns how many.</summary>
    public static int Transcode(ReadOnlySpan<byte> bytes, Span<char> room)
    {
        Utf8.ToUtf16(bytes, room, out _, out int written, replaceInvalidSequences: true);
        return written;
    }

    /// <summary>Writes the characters of a string whose escapes a JSON reader has found well-formed, at most one a byte, and returns how many.</summary>
    public static int Unescape(ReadOnlySpan<byte> bytes, Span<char> room)
    {
        int written = 0;
        while (true)
        {
            int escape = bytes.IndexOf((byte)'\\');
            if (escape < 0 || escape + 1 == bytes.Length)
                return written + Transcode(bytes, room[written..]);
            written += Transcode(bytes[..escape], room[written..]);
            byte kind = bytes[escape + 1];
            int taken = 2;
            char character = kind switch
            {
                (byte)'n' => '\n',
                (byte)'r' => '\r',
                (byte)'t' => '\t',
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                _ => (char)kind,
            };
            if (kind == 'u' && bytes.Length >= escape + 6
                && ushort.TryParse(bytes.Slice(escape + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit))
            {
                character = (char)unit;
                taken = 6;
            }
            room[written++] = character;
            bytes = bytes[(escape + taken)..];
        }
    }
}
