using System.Text.Json;

namespace CallStackRules.Capture.Sources.Ecs;

/// <summary>
/// The JSON objects of a file one after the other. The file has one object a line; or, when its first line is a lone <c>{</c> or begins with <c>[</c>, objects
/// and arrays of objects over as many lines as they like.
/// </summary>
/// <param name="file">Plain or compressed with gzip.</param>
internal sealed class EcsRecordReader(string file) : IDisposable
{
    /// <summary>Bytes of a file that has not one object a line: it is held in memory.</summary>
    public const int LongestText = 256 * 1024 * 1024;

    private readonly LineReader _lines = new([file]);
    private bool _isFormKnown;
    private byte[] _text = [];
    private int _textLength;
    private int _textOffset;
    private JsonReaderState _textState = new(new JsonReaderOptions { AllowMultipleValues = true });
    private long _textLine;

    /// <summary>The line on which the object last read begins, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Lines read.</summary>
    public long Lines => _lines.Line;

    /// <summary>Bytes of the file read so far, as it lies on the disk.</summary>
    public long BytesRead => _lines.BytesRead;

    /// <summary>Why the file is damaged, after <see cref="LineKind.Damaged"/>.</summary>
    public string Damage => _lines.Damage;

    /// <summary>
    /// Goes to the next object. What stands in its place and is none is handed on as it is, for the parser to find the mistake. The bytes are valid until the next call.
    /// </summary>
    public LineKind Read(out ReadOnlyMemory<byte> record)
    {
        while (true)
        {
            if (TryReadFromText(out record))
                return LineKind.Line;
            LineKind kind = _lines.Read(out record);
            Line = _lines.Line;
            if (kind != LineKind.Line)
                return kind;
            ReadOnlySpan<byte> content = record.Span.Trim(" \t"u8);
            if (content.IsEmpty)
                continue;
            if (_isFormKnown || content is not ([(byte)'{'] or [(byte)'[', ..]))
            {
                _isFormKnown = true;
                return LineKind.Line;
            }
            kind = ReadText(record);
            if (kind != LineKind.End)
                return kind;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _lines.Dispose();

    /// <summary>Reads the rest of the file into memory.</summary>
    /// <returns><see cref="LineKind.End"/>, or why not all of the file could be read.</returns>
    private LineKind ReadText(ReadOnlyMemory<byte> line)
    {
        _isFormKnown = true;
        _textLine = _lines.Line;
        LineKind kind;
        do
        {
            if (line.Length >= LongestText - _textLength)
            {
                _textLength = 0;
                _lines.Dispose();
                return LineKind.TooLong;
            }
            if (_text.Length <= _textLength + line.Length)
                Array.Resize(ref _text, Math.Max(64 * 1024, Math.Max(_text.Length * 2, _textLength + line.Length + 1)));
            line.CopyTo(_text.AsMemory(_textLength));
            _textLength += line.Length;
            _text[_textLength++] = (byte)'\n';
            kind = _lines.Read(out line);
        }
        while (kind == LineKind.Line);
        return kind;
    }

    private bool TryReadFromText(out ReadOnlyMemory<byte> record)
    {
        record = default;
        if (_textOffset == _textLength)
            return false;
        var reader = new Utf8JsonReader(_text.AsSpan(_textOffset, _textLength - _textOffset), isFinalBlock: true, _textState);
        int start = 0;
        int end = _textLength - _textOffset;
        bool found = false;
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray && reader.CurrentDepth == 0)
                    continue;
                found = true;
                start = (int)reader.TokenStartIndex;
                reader.Skip();
                end = (int)reader.BytesConsumed;
                break;
            }
        }
        catch (JsonException)
        {
            // Where the next object begins is not known: the rest of the text is one record that cannot be parsed.
            found = true;
        }
        if (found)
            record = _text.AsMemory(_textOffset + start, end - start);
        ReadOnlySpan<byte> passed = _text.AsSpan(_textOffset, end);
        Line = _textLine + passed[..start].Count((byte)'\n');
        _textLine += passed.Count((byte)'\n');
        _textOffset += end;
        _textState = reader.CurrentState;
        return found;
    }
}
