using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <summary>
/// Reads the fields of a payload one after the other. What lies behind its end reads as zero or empty, and <see cref="IsDamaged"/> says so.
/// </summary>
/// <param name="data">The payload.</param>
/// <param name="pointerSize">Bytes of a pointer in it: 4 or 8.</param>
internal ref struct PayloadReader(ReadOnlySpan<byte> data, int pointerSize)
{
    private ReadOnlySpan<byte> _rest = data;

    /// <summary>Whether more was asked for than there was.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>What has not been read.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    public byte U8() => Take(1) is { IsEmpty: false } bytes ? bytes[0] : (byte)0;

    public uint U32() => Take(4) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;

    public ushort U16() => Take(2) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : (ushort)0;

    public ulong U64() => Take(8) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;

    /// <summary>A number in network order.</summary>
    public ushort U16Network() => Take(2) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : (ushort)0;

    public ulong Pointer() => pointerSize == 8 ? U64() : U32();

    public void Skip(int length) => Take(length);

    public void SkipPointers(int count) => Take(count * pointerSize);

    /// <summary>UTF-16 up to a zero, which may be missing at the end.</summary>
    public ReadOnlySpan<char> Text()
    {
        ReadOnlySpan<char> characters = MemoryMarshal.Cast<byte, char>(_rest);
        int end = characters.IndexOf('\0');
        ReadOnlySpan<char> text = end < 0 ? characters : characters[..end];
        _rest = end < 0 ? default : _rest[((end + 1) * sizeof(char))..];
        return text;
    }

    /// <summary>Bytes up to a zero, which may be missing at the end.</summary>
    public ReadOnlySpan<byte> ShortText()
    {
        int end = _rest.IndexOf((byte)0);
        ReadOnlySpan<byte> text = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return text;
    }

    /// <summary>
    /// The security identifier of an account: u32 0 when there is none; else TOKEN_USER (two pointers that mean nothing any more) and the identifier.
    /// </summary>
    public ReadOnlySpan<byte> Account()
    {
        if (_rest.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(_rest) == 0)
        {
            Skip(4);
            return default;
        }
        SkipPointers(2);
        return Identifier();
    }

    /// <summary>A security identifier.</summary>
    public ReadOnlySpan<byte> Identifier()
    {
        const int header = 8;
        if (_rest.Length < header)
        {
            IsDamaged = true;
            _rest = default;
            return default;
        }
        return Take(header + (4 * _rest[1]));
    }

    public ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
        {
            IsDamaged = true;
            _rest = default;
            return default;
        }
        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
