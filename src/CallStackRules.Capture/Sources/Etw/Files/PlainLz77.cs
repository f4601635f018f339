using System.Buffers.Binary;

namespace CallStackRules.Capture.Sources.Etw.Files;

/// <summary>Decompression of "plain LZ77", in which Windows compresses buffers of traces.</summary>
/// <remarks>
/// Source: [MS-XCA] 2.4. Flags of 32 items, the highest bit first, stand before the items. An item is a literal byte (0), or a match (1):
/// <code>
/// 2 bytes  bits 0-2 length, bits 3-15 distance - 1
/// 4 bits   when the length is 7: more of it; two matches share a byte, the first has its low half
/// 1 byte   when these are 15: more
/// 2 bytes  when that is 255: the whole length - 3
/// 4 bytes  when these are 0: the same
/// </code>
/// </remarks>
internal static class PlainLz77
{
    private const int ShortestMatch = 3;

    /// <summary>Fills the destination, or as much of it as the source has content for.</summary>
    /// <returns>Bytes written; -1 when the source is damaged.</returns>
    public static int Decompress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int read = 0, written = 0, halfByte = -1, flagsLeft = 0;
        uint flags = 0;
        while (written < destination.Length)
        {
            if (flagsLeft == 0)
            {
                if (source.Length - read < sizeof(uint))
                    return written;
                flags = BinaryPrimitives.ReadUInt32LittleEndian(source[read..]);
                read += sizeof(uint);
                flagsLeft = 32;
            }
            flagsLeft--;
            if ((flags & (1u << flagsLeft)) == 0)
            {
                if (read == source.Length)
                    return written;
                destination[written++] = source[read++];
                continue;
            }
            if (source.Length - read < sizeof(ushort))
                return written;
            int match = BinaryPrimitives.ReadUInt16LittleEndian(source[read..]);
            read += sizeof(ushort);
            int distance = (match >> 3) + 1;
            int length = match & 7;
            if (length == 7 && !TryReadLength(source, ref read, ref halfByte, out length))
                return -1;
            if (distance > written)
                return -1;
            Copy(destination, written, distance, length = (int)Math.Min((long)length + ShortestMatch, destination.Length - written));
            written += length;
        }
        return written;
    }

    private static bool TryReadLength(ReadOnlySpan<byte> source, ref int read, ref int halfByte, out int length)
    {
        length = 0;
        if (halfByte >= 0)
        {
            length = source[halfByte] >> 4;
            halfByte = -1;
        }
        else
        {
            if (read == source.Length)
                return false;
            halfByte = read;
            length = source[read++] & 15;
        }
        if (length < 15)
        {
            length += 7;
            return true;
        }
        if (read == source.Length)
            return false;
        length = source[read++];
        if (length < 255)
        {
            length += 15 + 7;
            return true;
        }
        if (source.Length - read < sizeof(ushort))
            return false;
        length = BinaryPrimitives.ReadUInt16LittleEndian(source[read..]);
        read += sizeof(ushort);
        if (length == 0)
        {
            if (source.Length - read < sizeof(int))
                return false;
            length = BinaryPrimitives.ReadInt32LittleEndian(source[read..]);
            read += sizeof(int);
        }
        return length >= 15 + 7;
    }

    // A match may reach into what it writes: "aaaa" is an "a" and a match of distance 1.
    private static void Copy(Span<byte> destination, int written, int distance, int length)
    {
        if (distance >= length)
        {
            destination.Slice(written - distance, length).CopyTo(destination[written..]);
            return;
        }
        for (int end = written + length; written < end; written++)
            destination[written] = destination[written - distance];
    }
}
