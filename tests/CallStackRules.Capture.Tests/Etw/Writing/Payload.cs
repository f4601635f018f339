using System.Buffers.Binary;
using System.Text;

namespace CallStackRules.Capture.Tests.Etw.Writing;

/// <summary>The payload of an event, field after field.</summary>
/// <param name="pointerSize">Bytes of a pointer: 4 or 8.</param>
internal sealed class Payload(int pointerSize = 8)
{
    private readonly List<byte> _bytes = [];

    public int PointerSize => pointerSize;

    public byte[] Bytes => [.. _bytes];

    public Payload Byte(byte value)
    {
        _bytes.Add(value);
        return this;
    }

    public Payload Number16(int value)
    {
        _bytes.AddRange([(byte)value, (byte)(value >> 8)]);
        return this;
    }

    public Payload Number(long value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)value);
        _bytes.AddRange(bytes);
        return this;
    }

    public Payload Number64(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    public Payload Pointer(ulong value) => pointerSize == 8 ? Number64(value) : Number((uint)value);

    public Payload Identifier(Guid value)
    {
        _bytes.AddRange(value.ToByteArray());
        return this;
    }

    /// <summary>Text of two bytes a character, with its end.</summary>
    public Payload Text(string value)
    {
        _bytes.AddRange(Encoding.Unicode.GetBytes(value + '\0'));
        return this;
    }

    /// <summary>Text of one byte a character, with its end.</summary>
    public Payload ShortText(string value)
    {
        _bytes.AddRange(Encoding.Latin1.GetBytes(value + '\0'));
        return this;
    }

    /// <summary>The account of a classic event: TOKEN_USER with a pointer that means nothing, then S-1-5-18 or S-1-5-21-1-2-3-r.</summary>
    public Payload Account(int? relativeId)
    {
        Pointer(0xffff_f8a0_0000_1000).Pointer(0);
        _bytes.AddRange([1, (byte)(relativeId is null ? 1 : 5), 0, 0, 0, 0, 0, 5]);
        if (relativeId is not { } id)
            return Number(18);
        return Number(21).Number(1).Number(2).Number(3).Number(id);
    }

    public Payload Addresses(params ReadOnlySpan<ulong> addresses)
    {
        foreach (ulong address in addresses)
            Pointer(address);
        return this;
    }

    public Payload Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }
}
