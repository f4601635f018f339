using System.IO.Compression;
using System.Text;
using CallStackRules.Sensor.Pipeline;

namespace CallStackRules.Sensor.Tests.Pipeline;

public class RecordingFormatTests
{
    [Theory]
    [InlineData("""{"@timestamp":"2024-01-01","EventID":10,"event":1}""", RecordingFormat.Sysmon)]
    [InlineData("""{"Message":"x","EventId":"1"}""", RecordingFormat.Sysmon)]
    [InlineData("\n  \r\n{\"event\":{\"action\":\"start\"}}", RecordingFormat.Ecs)]
    [InlineData("""{"event.action":"start"}""", RecordingFormat.Ecs)]
    [InlineData("""{"process":{"EventID":1},"event":{"action":"start"}}""", RecordingFormat.Ecs)]
    [InlineData("\uFEFF{\"event\":{}}", RecordingFormat.Ecs)]
    internal void The_first_line_tells_the_format(string content, RecordingFormat expected)
    {
        using var folder = new TemporaryFolder();
        string plain = folder.Write("plain", content, "rest");
        using (var compressed = new GZipStream(File.Create(folder["compressed"]), CompressionLevel.Fastest))
            compressed.Write(Encoding.UTF8.GetBytes(content + "\nrest\n"));

        Assert.Equal(expected, RecordingFormatDetection.Detect(plain));
        Assert.Equal(expected, RecordingFormatDetection.Detect(folder["compressed"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("""{"a":1}""")]
    [InlineData("[1,2]")]
    [InlineData("""{"a":""")]
    public void Anything_else_is_refused_by_name_with_what_to_do(string content)
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("odd.ndjson", content);

        var error = Assert.Throws<InvalidDataException>(() => RecordingFormatDetection.Detect(file));

        Assert.StartsWith($"{file}:1: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("--format", error.Message, StringComparison.Ordinal);
    }
}
