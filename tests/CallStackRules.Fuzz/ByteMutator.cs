using System.Buffers.Binary;

namespace CallStackRules.Fuzz;

/// <summary>Damages inputs the way that breaks readers: bits, numbers at the edge of their range, lengths, pieces cut out, doubled or swapped.</summary>
/// <param name="random">Decides everything.</param>
internal sealed class ByteMutator(Random random) : IMutator
{
    private static readonly ulong[] Edges =
    [
        0, 1, 7, 8, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x7fff_ffff_f000, 0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0000,
        0xffff_ffff_ffff_f000, 0xffff_ffff_ffff_fff8, ulong.MaxValue,
    ];

    /// <inheritdoc/>
    public byte[] Damage(byte[] input)
    {
        byte[] bytes = [.. input];
        for (int i = random.Next(1, 17); i > 0 && bytes.Length > 0; i--)
            bytes = DamageOnce(bytes);
        return bytes;
    }

    private byte[] DamageOnce(byte[] bytes)
    {
        // Headers come first, and what they say decides how the rest is read.
        int place = random.Next(random.Next(4) == 0 ? Math.Min(bytes.Length, 4096) : bytes.Length);
        switch (random.Next(10))
        {
            case 0:
                return bytes[..place];
            case 1:
                int end = Math.Min(bytes.Length, place + random.Next(1, 256));
                return [.. bytes[..place], .. bytes[end..]];
            case 2:
                end = Math.Min(bytes.Length, place + random.Next(1, 256));
                return [.. bytes[..end], .. bytes[place..]];
            case 3 or 4:
                bytes[place] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 5:
                bytes[place] = (byte)random.Next(256);
                return bytes;
            default:
                WriteNumber(bytes, place, Edges[random.Next(Edges.Length)] + (ulong)random.Next(-1, 2));
                return bytes;
        }
    }

    /// <summary>Numbers are aligned in most formats, so most are written where one begins.</summary>
    private void WriteNumber(byte[] bytes, int place, ulong value)
    {
        int size = 1 << random.Next(4);
        if (random.Next(4) != 0)
            place &= -size;
        if (place + size > bytes.Length)
            return;
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(number, value);
        number[..size].CopyTo(bytes.AsSpan(place));
    }
}
