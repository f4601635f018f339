using System.Buffers.Text;
using System.Text.Json;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Sysmon;

/// <summary>
/// One Sysmon event as JSON, read into a table of where each needed value is. Nothing is copied or decoded until asked for. Reused for every line.
/// </summary>
/// <remarks>
/// Values may stand at the top or in the objects of <see cref="SysmonKeys.IsContainer"/>, in any order; the last of two equal keys wins. Null, an empty string, <c>-</c>
/// and placeholders such as <c>&lt;unknown process&gt;</c> are how recorders write that there is no value, and read as missing.
/// </remarks>
internal sealed class SysmonRecord
{
    private readonly Value[] _values = new Value[SysmonKeys.Count];
    private ReadOnlyMemory<byte> _line;

    /// <summary>Reads a line.</summary>
    /// <returns>Whether it is one whole JSON object.</returns>
    public bool TryRead(ReadOnlyMemory<byte> line)
    {
        _line = line;
        Array.Clear(_values);
        // A file that is no JSON at all is told without the cost of an exception for every line.
        ReadOnlySpan<byte> text = line.Span.Trim(" \t"u8);
        if (!text.StartsWith("{"u8) || !text.EndsWith("}"u8))
            return false;
        var reader = new Utf8JsonReader(line.Span);
        try
        {
            reader.Read();
            ReadProperties(ref reader);
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether the record has this value, be it text, a number or a Boolean.</summary>
    public bool Has(SysmonKey key) => !IsPlaceholder(Raw(key));

    /// <summary>The bytes between the quotes, or of the number or Boolean, as they stand in the line; empty when there is none.</summary>
    public ReadOnlySpan<byte> Raw(SysmonKey key)
    {
        Value value = _values[(int)key];
        return _line.Span.Slice(value.Start, value.Length);
    }

    /// <summary>Whether the value is this word, in any case.</summary>
    public bool Is(SysmonKey key, ReadOnlySpan<byte> asciiWord) => System.Text.Ascii.EqualsIgnoreCase(Raw(key), asciiWord);

    /// <summary>The value as text in the buffer; missing when there is none.</summary>
    public Text Text(SysmonKey key, TextBuffer buffer)
    {
        ReadOnlySpan<byte> raw = Raw(key);
        if (IsPlaceholder(raw))
            return default;
        Span<char> room = buffer.Reserve(raw.Length);
        return buffer.Commit(Decode(key, raw, room));
    }

    /// <summary>The value as characters of the buffer's free room: gone at the buffer's next use. Empty when there is none.</summary>
    public Span<char> Scratch(SysmonKey key, TextBuffer buffer)
    {
        ReadOnlySpan<byte> raw = Raw(key);
        if (IsPlaceholder(raw))
            return default;
        Span<char> room = buffer.Reserve(raw.Length);
        return room[..Decode(key, raw, room)];
    }

    /// <summary>The value as a number: decimal, or hexadecimal after <c>0x</c>, quoted or not. Null when there is none.</summary>
    public long? Number(SysmonKey key)
    {
        ReadOnlySpan<byte> raw = Raw(key);
        if (raw.StartsWith("0x"u8) || raw.StartsWith("0X"u8))
        {
            return Utf8Parser.TryParse(raw[2..], out ulong hex, out int hexLength, 'X') && hexLength == raw.Length - 2
                ? unchecked((long)hex) : null;
        }
        return Utf8Parser.TryParse(raw, out long number, out int length) && length == raw.Length && length > 0 ? number : null;
    }

    private void ReadProperties(ref Utf8JsonReader reader)
    {
        int containers = 1;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                if (--containers == 0)
                    return;
                continue;
            }
            bool wanted = SysmonKeys.TryFind(reader.ValueSpan, out SysmonKey key);
            bool container = !wanted && SysmonKeys.IsContainer(reader.ValueSpan);
            reader.Read();
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject when container:
                    containers++;
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    reader.Skip();
                    break;
                case JsonTokenType.String when wanted:
                    _values[(int)key] = new Value((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, reader.ValueIsEscaped);
                    break;
                case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False when wanted:
                    _values[(int)key] = new Value((int)reader.TokenStartIndex, reader.ValueSpan.Length, IsEscaped: false);
                    break;
            }
        }
    }

    private int Decode(SysmonKey key, ReadOnlySpan<byte> raw, Span<char> room)
    {
        int length = _values[(int)key].IsEscaped ? JsonText.Unescape(raw, room) : JsonText.Transcode(raw, room);
        // The nxlog collector hands on values as they stand in the event's XML, with its character references.
        return _values[(int)SysmonKey.CollectorModule].Length > 0 ? XmlText.ResolveReferences(room[..length]) : length;
    }

    private static bool IsPlaceholder(ReadOnlySpan<byte> raw) =>
        raw.IsEmpty || raw.SequenceEqual("-"u8) || raw.SequenceEqual("<unknown process>"u8) || raw.SequenceEqual("&lt;unknown process&gt;"u8)
        || raw.SequenceEqual(@"\u003cunknown process\u003e"u8) || raw.SequenceEqual("{00000000-0000-0000-0000-000000000000}"u8);

    /// <param name="Start">Of the value in the line; for a string, after its quote.</param>
    /// <param name="Length">In bytes; 0 when missing.</param>
    /// <param name="IsEscaped">Whether the bytes have JSON escapes.</param>
    private readonly record struct Value(int Start, int Length, bool IsEscaped);
}
