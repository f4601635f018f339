using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Procmon;

/// <summary>Reads the details of an event field by field. What lies beyond the end is 0 or empty, and <see cref="IsDamaged"/> says so.</summary>
internal ref struct PmlDetails(ReadOnlySpan<byte> bytes)
{
    // The length of a text comes as u16: characters in the low 15 bits, the high bit for one byte a character.
    private const ushort IsAscii = 0x8000;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether a field was to be read that is not there, or not all of it.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>What is not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    public byte U8() => Take(1) is { IsEmpty: false } field ? field[0] : (byte)0;

    public ushort U16() => Take(2) is { IsEmpty: false } field ? BinaryPrimitives.ReadUInt16LittleEndian(field) : (ushort)0;

    public uint U32() => Take(4) is { IsEmpty: false } field ? BinaryPrimitives.ReadUInt32LittleEndian(field) : 0;

    public ulong U64() => Take(8) is { IsEmpty: false } field ? BinaryPrimitives.ReadUInt64LittleEndian(field) : 0;

    /// <summary>An address of as many bytes as the log's have.</summary>
    public ulong Pointer(int size) => size == 8 ? U64() : U32();

    /// <summary>Passes over bytes.</summary>
    public void Skip(int length) => Take(length);

    /// <summary>The next bytes; empty when there are fewer.</summary>
    public ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
        {
            IsDamaged = true;
            _rest = default;
            return default;
        }
        ReadOnlySpan<byte> field = _rest[..length];
        _rest = _rest[length..];
        return field;
    }

    /// <summary>A text whose length was read before.</summary>
    /// <param name="length">As it is stored.</param>
    /// <param name="buffer">Holds the text.</param>
    public Text Text(ushort length, TextBuffer buffer)
    {
        int characters = length & ~IsAscii;
        if ((length & IsAscii) == 0)
            return buffer.Add(MemoryMarshal.Cast<byte, char>(Take(characters * 2)));
        ReadOnlySpan<byte> bytes = Take(characters);
        Span<char> room = buffer.Reserve(bytes.Length);
        return buffer.Commit(Encoding.Latin1.GetChars(bytes, room));
    }

    /// <summary>The rest as UTF-16 text up to the first zero.</summary>
    public Text TextToZero(int mostBytes, TextBuffer buffer)
    {
        ReadOnlySpan<char> characters = MemoryMarshal.Cast<byte, char>(Take(Math.Min(mostBytes, _rest.Length) & ~1));
        int end = characters.IndexOf('\0');
        return buffer.Add(end < 0 ? characters : characters[..end]);
    }
}
