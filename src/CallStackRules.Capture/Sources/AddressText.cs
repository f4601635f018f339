using System.Globalization;
using System.Net;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources;

/// <summary>Network addresses as events have them.</summary>
internal static class AddressText
{
    /// <summary>Writes an address of 4 or 16 bytes; one of IPv4 in the form of IPv6 is written as what it is.</summary>
    public static Text Write(ReadOnlySpan<byte> bytes, TextBuffer buffer)
    {
        const int longest = 46;
        bool isMapped = bytes.Length == 16 && bytes[..10].IndexOfAnyExcept((byte)0) < 0 && bytes[10] == 0xff && bytes[11] == 0xff;
        Span<char> room = buffer.Reserve(longest);
        int length;
        if (bytes.Length == 4 || isMapped)
        {
            ReadOnlySpan<byte> four = isMapped ? bytes[12..] : bytes;
            length = 0;
            for (int i = 0; i < four.Length; i++)
            {
                if (i > 0)
                    room[length++] = '.';
                four[i].TryFormat(room[length..], out int digits, default, CultureInfo.InvariantCulture);
                length += digits;
            }
        }
        else
        {
            new IPAddress(bytes).TryFormat(room, out length);
        }
        return buffer.Commit(length);
    }
}
