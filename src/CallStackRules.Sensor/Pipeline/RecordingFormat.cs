using System.IO.Compression;
using System.Text.Json;
using CallStackRules.Capture.Sources.Etw.Files;
using CallStackRules.Capture.Sources.Procmon;
using CallStackRules.Capture.Sources.Recordings;

namespace CallStackRules.Sensor.Pipeline;

/// <summary>What a recording is.</summary>
internal enum RecordingFormat
{
    /// <summary>Events as the sensor itself records them.</summary>
    Sensor,
    /// <summary>Records of Sysmon as JSON objects.</summary>
    Sysmon,
    /// <summary>Events of the Elastic Common Schema as JSON objects.</summary>
    Ecs,
    /// <summary>Logs of Process Monitor.</summary>
    Procmon,
    /// <summary>Traces of Event Tracing for Windows.</summary>
    Etw,
}

/// <summary>Tells the format of a recording from its first bytes, or its first line.</summary>
internal static class RecordingFormatDetection
{
    /// <summary>Bytes that are looked at.</summary>
    private const int HeadLength = 1024 * 1024;

    /// <summary>The format of a file, plain or compressed.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="InvalidDataException">The first line is of no known format.</exception>
    public static RecordingFormat Detect(string file)
    {
        if (RecordingSource.IsRecording(file))
            return RecordingFormat.Sensor;
        if (ProcmonSource.IsLog(file))
            return RecordingFormat.Procmon;
        if (EtwFileSource.IsTrace(file))
            return RecordingFormat.Etw;
        ReadOnlySpan<byte> line = FirstLine(file);
        var reader = new Utf8JsonReader(line, isFinalBlock: false, state: default);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                    continue;
                string name = reader.GetString()!;
                if (name.Equals("EventID", StringComparison.OrdinalIgnoreCase))
                    return RecordingFormat.Sysmon;
                if (name == "event" || name.StartsWith("event.", StringComparison.Ordinal))
                    return RecordingFormat.Ecs;
            }
        }
        catch (JsonException)
        {
            // Said below: a line that is no JSON is of neither format.
        }
        throw new InvalidDataException($"{file}:1: this is neither a log of Process Monitor, nor a trace of ETW, nor a Sysmon record ('EventID'), nor an ECS event ('event'); say with --format what it is.");
    }

    private static ReadOnlySpan<byte> FirstLine(string file)
    {
        using var plain = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        bool isCompressed = plain.ReadByte() == 0x1F && plain.ReadByte() == 0x8B;
        plain.Position = 0;
        using Stream content = isCompressed ? new GZipStream(plain, CompressionMode.Decompress) : plain;
        byte[] buffer = new byte[HeadLength];
        ReadOnlySpan<byte> head = buffer.AsSpan(0, content.ReadAtLeast(buffer, HeadLength, throwOnEndOfStream: false));

        ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
        if (head.StartsWith(byteOrderMark))
            head = head[byteOrderMark.Length..];
        head = head.TrimStart("\r\n \t"u8);
        int end = head.IndexOf((byte)'\n');
        return end < 0 ? head : head[..end];
    }
}
