using System.Buffers;
using System.Text;
using System.Text.Json;

namespace CallStackRules.Sensor.Output;

/// <summary>Writes JSON values to a text writer, one a line, ASCII only. Once its buffers have grown it allocates nothing.</summary>
internal sealed class JsonLines : IDisposable
{
    private readonly TextWriter _output;
    private readonly ArrayBufferWriter<byte> _bytes = new(16 * 1024);
    private char[] _characters = new char[16 * 1024];

    public JsonLines(TextWriter output)
    {
        _output = output;
        Json = new Utf8JsonWriter(_bytes);
    }

    /// <summary>Where the value of the current line is written.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>Ends the line: its value is complete.</summary>
    public void EndLine()
    {
        Json.Flush();
        int length = _bytes.WrittenCount + 1;
        if (_characters.Length < length)
            _characters = new char[length * 2];
        int written = Encoding.UTF8.GetChars(_bytes.WrittenSpan, _characters);
        _characters[written++] = '\n';
        _output.Write(_characters, 0, written);
        _bytes.ResetWrittenCount();
        Json.Reset();
    }

    /// <summary>Writes a property that holds counts by name.</summary>
    public static void WriteCounts(Utf8JsonWriter json, string property, IReadOnlyDictionary<string, int> counts)
    {
        json.WriteStartObject(property);
        foreach ((string name, int count) in counts)
            json.WriteNumber(name, count);
        json.WriteEndObject();
    }

    public void Dispose() => Json.Dispose();
}
