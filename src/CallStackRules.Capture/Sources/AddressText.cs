using System.Buffers.Binary;
using System.Globalization;
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
            length = WriteLong(bytes, room);
        }
        return buffer.Commit(length);
    }

    /// <summary>RFC 5952: groups in hexadecimal without zeros before them, and the first of the longest rows of groups that are zero, from two on, as <c>::</c>.</summary>
    private static int WriteLong(ReadOnlySpan<byte> bytes, Span<char> room)
    {
        const int groups = 8;
        int left = -1;
        int behind = -1;
        for (int i = 0; i < groups; i++)
        {
            int end = i;
            while (end < groups && Group(bytes, end) == 0)
                end++;
            if (end - i >= 2 && end - i > behind - left)
                (left, behind) = (i, end);
            i = Math.Max(i, end - 1);
        }
        int length = 0;
        for (int i = 0; i < groups; i++)
        {
            if (i == left)
            {
                room[length++] = ':';
                room[length++] = ':';
                i = behind - 1;
                continue;
            }
            if (i > 0 && i != behind)
                room[length++] = ':';
            Group(bytes, i).TryFormat(room[length..], out int digits, "x", CultureInfo.InvariantCulture);
            length += digits;
        }
        return length;
    }

    private static ushort Group(ReadOnlySpan<byte> bytes, int index) => BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 * index)..]);
}
