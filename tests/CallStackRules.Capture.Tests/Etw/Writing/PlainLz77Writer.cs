using System.Buffers.Binary;

namespace CallStackRules.Capture.Tests.Etw.Writing;

/// <summary>Compresses as Windows does ([MS-XCA] 2.3): plain LZ77, the nearest earlier place with the same three bytes.</summary>
internal static class PlainLz77Writer
{
    private const int ShortestMatch = 3;
    private const int FarthestMatch = 8192;

    public static byte[] Compress(ReadOnlySpan<byte> source)
    {
        var output = new List<byte>();
        var places = new Dictionary<int, int>();
        int flagsPlace = 0, halfByte = -1, items = 0;
        uint flags = 0;
        for (int at = 0; at < source.Length; items++)
        {
            if (items % 32 == 0)
                flagsPlace = BeginItems(output, flagsPlace, ref flags);
            int length = MatchAt(source, at, places, out int distance);
            flags <<= 1;
            if (length >= ShortestMatch)
            {
                flags |= 1;
                Write(output, length - ShortestMatch, distance, ref halfByte);
            }
            else
            {
                length = 1;
                output.Add(source[at]);
            }
            for (int end = at + length; at < end; at++)
            {
                if (at + ShortestMatch <= source.Length)
                    places[KeyAt(source, at)] = at;
            }
        }
        // Flags that no item has are ones.
        for (; items % 32 != 0; items++)
            flags = (flags << 1) | 1;
        BeginItems(output, flagsPlace, ref flags);
        return [.. output.SkipLast(sizeof(uint))];
    }

    private static int BeginItems(List<byte> output, int flagsPlace, ref uint flags)
    {
        if (output.Count > 0)
        {
            Span<byte> bytes = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, flags);
            for (int i = 0; i < bytes.Length; i++)
                output[flagsPlace + i] = bytes[i];
        }
        flags = 0;
        output.AddRange([0, 0, 0, 0]);
        return output.Count - sizeof(uint);
    }

    private static int KeyAt(ReadOnlySpan<byte> source, int at) => source[at] | source[at + 1] << 8 | source[at + 2] << 16;

    private static int MatchAt(ReadOnlySpan<byte> source, int at, Dictionary<int, int> places, out int distance)
    {
        distance = 0;
        if (at + ShortestMatch > source.Length || !places.TryGetValue(KeyAt(source, at), out int place) || at - place > FarthestMatch)
            return 0;
        distance = at - place;
        int length = 0;
        while (at + length < source.Length && source[at + length] == source[place + length])
            length++;
        return length;
    }

    private static void Write(List<byte> output, int length, int distance, ref int halfByte)
    {
        int match = (distance - 1) << 3 | Math.Min(length, 7);
        output.AddRange([(byte)match, (byte)(match >> 8)]);
        if (length < 7)
            return;
        int more = Math.Min(length - 7, 15);
        if (halfByte < 0)
        {
            halfByte = output.Count;
            output.Add((byte)more);
        }
        else
        {
            output[halfByte] |= (byte)(more << 4);
            halfByte = -1;
        }
        if (more < 15)
            return;
        if (length - 7 - 15 < 255)
        {
            output.Add((byte)(length - 7 - 15));
            return;
        }
        output.Add(255);
        if (length <= ushort.MaxValue)
            output.AddRange([(byte)length, (byte)(length >> 8)]);
        else
            output.AddRange([0, 0, (byte)length, (byte)(length >> 8), (byte)(length >> 16), (byte)(length >> 24)]);
    }
}
