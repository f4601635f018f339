using System.IO.Compression;
using System.Text;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Sysmon;
using CsCheck;

namespace CallStackRules.Capture.Tests.Sysmon;

public class SysmonBadInputTests
{
    private const string Good = """{"EventID":10,"ProcessGuid":"{1}","Image":"C:\\a.exe","CallTrace":"C:\\b.dll+1|UNKNOWN(0000000000001000)"}""";

    [Fact]
    public void A_missing_file_is_named_before_anything_is_read()
    {
        var error = Assert.Throws<FileNotFoundException>(() => new SysmonSource(["no-such-file.json"], new ProcessTable()));
        Assert.Contains("no-such-file.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_line_is_named_with_file_and_line_and_the_next_is_read()
    {
        using var recording = new SysmonRecording(Good, "", "{\"EventID\":", "\0\0\0", Good);
        Assert.Equal(2, recording.ReadAll());
        Assert.StartsWith($"{recording.FileName}:3: ", Assert.Single(recording.Statistics.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n\n")]
    public void Line_ends_of_every_kind_part_records(string lineEnd)
    {
        using var recording = new SysmonRecording([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Good + lineEnd + Good + lineEnd)]);
        Assert.Equal(2, recording.ReadAll());
        Assert.Empty(recording.Statistics.Warnings);
    }

    [Fact]
    public void A_line_without_end_is_skipped_without_keeping_it()
    {
        var content = new MemoryStream();
        content.Write(Encoding.UTF8.GetBytes(Good + "\n{\"Image\":\""));
        byte[] block = new byte[1024 * 1024];
        Array.Fill(block, (byte)'a');
        for (int i = 0; i < 50; i++)
            content.Write(block);
        content.Write(Encoding.UTF8.GetBytes("\"}\n" + Good));
        using var recording = new SysmonRecording(content.ToArray());
        Assert.Equal(2, recording.ReadAll());
        Assert.Equal(1, recording.Statistics.Unused["line too long"]);
        Assert.StartsWith($"{recording.FileName}:2: ", Assert.Single(recording.Statistics.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_line_allowed_is_read()
    {
        string filler = new('a', LineReader.LongestLine - Good.Length - 1 - "\"M\":\"\",".Length);
        using var recording = new SysmonRecording(Good.Insert(1, $"\"M\":\"{filler}\",") , Good);
        Assert.Equal(2, recording.ReadAll());
    }

    [Fact]
    public void Damaged_compression_ends_the_file_and_not_the_recording()
    {
        byte[] whole = Compressed(string.Concat(Enumerable.Range(0, 5000).Select(i => $$"""{"EventID":5,"ProcessGuid":"{{{i * 7919}}}"}""" + "\n")));
        string cut = Path.GetTempFileName();
        string next = Path.GetTempFileName();
        try
        {
            byte[] damaged = whole[..(whole.Length / 2)];
            Array.Fill(damaged, (byte)0xFF, damaged.Length - 100, 100);
            File.WriteAllBytes(cut, damaged);
            File.WriteAllText(next, Good);
            using var source = new SysmonSource([cut, next], new ProcessTable());
            var e = new Events.EndpointEvent();
            long used = 0;
            while (source.TryRead(e))
                used++;
            Assert.InRange(used, 2, 5000);
            Assert.Equal("OpenProcess", e.Api.Name.ToString());
            Assert.Contains(source.Statistics.Warnings, warning => warning.StartsWith(cut, StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(cut);
            File.Delete(next);
        }
    }

    [Fact]
    public void Utf16_is_refused_by_its_name()
    {
        using var recording = new SysmonRecording([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Good)]);
        Assert.Equal(0, recording.ReadAll());
        Assert.Contains("UTF-16", Assert.Single(recording.Statistics.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Random_bytes_are_survived()
    {
        Gen.Byte.Array[0, 4096].Check(bytes =>
        {
            using var recording = new SysmonRecording(bytes);
            recording.ReadAll();
            SourceStatistics statistics = recording.Statistics;
            Assert.Equal(statistics.Events, statistics.Used + statistics.Unused.Values.Sum());
        }, iter: 100);
    }

    [Fact]
    public void Damaged_records_are_survived()
    {
        byte[] good = Encoding.UTF8.GetBytes(Good.Replace("10", "\"0x1\"", StringComparison.Ordinal) + "\n" + Good);
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[1, 6].Check(damages =>
        {
            byte[] damaged = [.. good];
            foreach ((int place, byte value) in damages)
                damaged[place] = value;
            using var recording = new SysmonRecording(damaged);
            Events.EndpointEvent e = recording.Event;
            while (recording.Source.TryRead(e))
                Assert.InRange(e.Thread.CallStackSummary.Length + e.Thread.FinalUserModule.Name.Length, 0, 200);
        }, iter: 300);
    }

    private static byte[] Compressed(string text)
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }
}
