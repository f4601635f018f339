using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace CallStackRules.Capture.Sources.Recordings;

/// <summary>
/// Bytes of events that are being written, with the texts they have in common. A block refers to nothing outside itself: when one is lost, the others can be read.
/// </summary>
internal sealed class RecordingBlock
{
    private const int Room = 1024 * 1024;

    /// <summary>Places of the table of texts; twice the texts there can be, so that a search ends soon.</summary>
    private const int Places = 2 * MostTexts;

    /// <summary>Texts of a block.</summary>
    private const int MostTexts = 16 * 1024;

    private readonly byte[] _bytes = new byte[Room];
    private readonly TextPlace[] _texts = new TextPlace[Places];
    private int _length;
    private int _textCount;
    private int _generation = 1;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>Events that are complete.</summary>
    public int Events { get; set; }

    /// <summary>Bytes written; can be set back to what it was.</summary>
    public int Length
    {
        get => _length;
        set => _length = value;
    }

    /// <summary>Whether something did not fit, and was not written.</summary>
    public bool IsOverfull { get; private set; }

    /// <summary>Empties the block.</summary>
    public void Clear()
    {
        _length = 0;
        _textCount = 0;
        _generation++;
        Events = 0;
        IsOverfull = false;
    }

    /// <summary>Appends a byte.</summary>
    public void WriteByte(byte value)
    {
        if (_length < Room)
            _bytes[_length++] = value;
        else
            IsOverfull = true;
    }

    /// <summary>Appends a number: 7 bits a byte, the lowest first, the highest bit says that more come.</summary>
    public void WriteNumber(ulong value)
    {
        while (value >= 0x80)
        {
            WriteByte((byte)(value | 0x80));
            value >>= 7;
        }
        WriteByte((byte)value);
    }

    /// <summary>Appends a number that may be negative: the sign in the lowest bit.</summary>
    public void WriteSigned(long value) => WriteNumber((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Appends the bytes of a double.</summary>
    public void WriteFraction(double value)
    {
        if (_length + sizeof(double) > Room)
        {
            IsOverfull = true;
            return;
        }
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.AsSpan(_length), value);
        _length += sizeof(double);
    }

    /// <summary>
    /// Appends a text: the number of an earlier one that is the same, from 1; or 0, twice its length and whether it is wide, and its characters: a byte each, or of a
    /// wide one two.
    /// </summary>
    /// <returns>Its number.</returns>
    public int WriteText(ReadOnlySpan<char> text)
    {
        int hash = string.GetHashCode(text, StringComparison.Ordinal);
        int place = hash & (Places - 1);
        while (_texts[place].Generation == _generation)
        {
            ref readonly TextPlace known = ref _texts[place];
            if (known.Hash == hash && IsAt(known, text))
            {
                WriteNumber((ulong)known.Number);
                return known.Number;
            }
            place = (place + 1) & (Places - 1);
        }
        bool isWide = text.IndexOfAnyExceptInRange('\0', '\u00ff') >= 0;
        WriteNumber(0);
        WriteNumber(((ulong)text.Length << 1) | (isWide ? 1u : 0u));
        int size = isWide ? text.Length * sizeof(char) : text.Length;
        if (_textCount == MostTexts || IsOverfull || Room - _length < size)
        {
            IsOverfull = true;
            return 0;
        }
        Span<byte> room = _bytes.AsSpan(_length, size);
        if (isWide)
            MemoryMarshal.AsBytes(text).CopyTo(room);
        else
            Encoding.Latin1.GetBytes(text, room);
        _texts[place] = new TextPlace(_generation, hash, ++_textCount, _length, text.Length, isWide);
        _length += size;
        return _textCount;
    }

    private bool IsAt(in TextPlace known, ReadOnlySpan<char> text)
    {
        if (known.Length != text.Length)
            return false;
        if (known.IsWide)
            return MemoryMarshal.AsBytes(text).SequenceEqual(_bytes.AsSpan(known.Start, text.Length * sizeof(char)));
        ReadOnlySpan<byte> bytes = _bytes.AsSpan(known.Start, text.Length);
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != text[i])
                return false;
        }
        return true;
    }

    private readonly record struct TextPlace(int Generation, int Hash, int Number, int Start, int Length, bool IsWide);
}
