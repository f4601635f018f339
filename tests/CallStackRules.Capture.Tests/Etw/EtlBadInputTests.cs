using System.IO.Compression;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Etw;
using CallStackRules.Capture.Sources.Etw.Files;
using CallStackRules.Capture.Tests.Etw.Writing;
using Xunit.Abstractions;

namespace CallStackRules.Capture.Tests.Etw;

/// <summary>Damage is told with its place, and costs what is damaged and no more.</summary>
public sealed class EtlBadInputTests(ITestOutputHelper output)
{
    private const int BufferSize = 1024;
    private const int EventsPerBuffer = 20;

    [Fact]
    public void A_damaged_header_of_a_buffer_costs_that_buffer()
    {
        byte[] trace = Trace(isCompressed: false);
        // The trace's header, then buffers: the second says that it has no bytes.
        trace.AsSpan(2 * BufferSize, 4).Clear();

        (int events, SourceStatistics statistics, long damaged) = Read(trace);

        Assert.Equal(1 + 9 * EventsPerBuffer, events);
        Assert.Equal(1, damaged);
        Assert.Contains($"written.etl: byte {2 * BufferSize}: no buffer begins here", Assert.Single(statistics.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_record_costs_the_rest_of_its_buffer()
    {
        byte[] trace = Trace(isCompressed: false);
        // The size of the second record in the first buffer.
        int record = BufferSize + BufferHeader.Length + 40;
        trace.AsSpan(record + 4, 2).Fill(0xFF);

        (int events, SourceStatistics statistics, long damaged) = Read(trace);

        Assert.Equal(1 + 1 + 9 * EventsPerBuffer, events);
        Assert.Equal(1, damaged);
        Assert.Contains($"byte {BufferSize}: the buffer is damaged {record - BufferSize} bytes from its beginning", Assert.Single(statistics.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_compression_costs_its_buffer()
    {
        byte[] trace = Trace(isCompressed: true);
        int second = BufferSize + BitConverter.ToInt32(trace, BufferSize);
        // All items are matches, of content that is not there.
        trace.AsSpan(second + BufferHeader.Length, 8).Fill(0xFF);

        (int events, SourceStatistics statistics, long damaged) = Read(trace);

        Assert.Equal(1 + 9 * EventsPerBuffer, events);
        Assert.Equal(1, damaged);
        Assert.Contains($"byte {second}: the buffer's compression is damaged", Assert.Single(statistics.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_file_is_read_to_where_it_ends()
    {
        byte[] trace = Trace(isCompressed: false);

        (int events, SourceStatistics statistics, long damaged) = Read(trace[..(5 * BufferSize + 100)]);

        Assert.Equal(1 + 4 * EventsPerBuffer, events);
        Assert.Equal(1, damaged);
        Assert.Contains($"byte {5 * BufferSize}: ", Assert.Single(statistics.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_is_unpacked_to_a_bound_and_no_further()
    {
        using var folder = new TemporaryFolder();
        byte[] trace = Trace(isCompressed: false);
        string file = Path.Combine(folder.Path, "two.etl.zip");
        using (ZipArchive archive = ZipFile.Open(file, ZipArchiveMode.Create))
        {
            foreach (string name in (string[])["one.etl", "other.etl"])
            {
                using Stream content = archive.CreateEntry(name).Open();
                content.Write(trace);
            }
        }

        foreach (EtlFile opened in EtlFile.Open(file, 2 * trace.Length))
            opened.Dispose();
        var error = Assert.Throws<IOException>(() => EtlFile.Open(file, (2 * trace.Length) - 1));
        Assert.StartsWith($"{file}: unpacked it has more than ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_trace_is_refused_with_its_name_and_place()
    {
        Assert.Contains("written.etl: byte 0: ", Assert.Throws<InvalidDataException>(() => Read(new byte[4096])).Message, StringComparison.Ordinal);

        byte[] trace = Trace(isCompressed: false);
        // A performance counter that stands still.
        trace.AsSpan(BufferHeader.Length + 32 + 256, 8).Clear();
        Assert.Contains("written.etl: byte 0: ", Assert.Throws<InvalidDataException>(() => Read(trace)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_an_archive_that_is_damaged_what_comes_before_is_read()
    {
        byte[] archive = Archive(Trace(isCompressed: false), out int content);
        // A block of a kind that there is not.
        archive[content] = 0x07;
        Assert.Contains("written.etl.zip/a.etl: byte 0: ", Assert.Throws<InvalidDataException>(() => ReadArchive(archive)).Message, StringComparison.Ordinal);

        byte[] packed = Archive(Trace(isCompressed: false), out content);
        packed.AsSpan(content + 1000, 200).Fill(0xFF);
        try
        {
            (int events, SourceStatistics statistics, long damaged) = ReadArchive(packed);
            Assert.InRange(events, 1, 10 * EventsPerBuffer);
            Assert.NotEqual(0, damaged);
            Assert.All(statistics.Warnings, static warning => Assert.Matches("written\\.etl\\.zip/a\\.etl: byte [0-9]+: ", warning));
        }
        catch (InvalidDataException error)
        {
            Assert.Matches("written\\.etl\\.zip/a\\.etl: byte [0-9]+: ", error.Message);
        }
    }

    [Fact]
    public void An_archive_without_its_list_of_files_is_refused_with_its_name_and_length()
    {
        byte[] archive = Archive(Trace(isCompressed: false), out _);
        archive = archive[..(archive.Length - 30)];

        Assert.Contains($"written.etl.zip: byte {archive.Length}: the archive's list of files", Assert.Throws<InvalidDataException>(() => ReadArchive(archive)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_is_damaged_reading_ends_without_more_than_a_message(bool isCompressed)
    {
        byte[] whole = Trace(isCompressed);
        int[] seeds = [.. Enumerable.Range(0, 300), RepeatableSamples.Seed];
        output.WriteLine($"The last seed is {seeds[^1]}.");
        foreach (int seed in seeds)
        {
            byte[] trace = Damage(whole, new Random(seed));
            try
            {
                (int events, SourceStatistics statistics, long damaged) = Read(trace);
                // Doubled pieces may double events.
                Assert.True(events <= 2 * 10 * EventsPerBuffer + 2, $"Seed {seed} made events.");
                Assert.Equal(damaged, statistics.Warnings.Count + statistics.WarningsLeftOut);
                Assert.All(statistics.Warnings, AssertPlace);
            }
            catch (InvalidDataException error)
            {
                AssertPlace(error.Message);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}: {e.Message}", e);
            }
        }
    }

    private static void AssertPlace(string message) => Assert.Matches("/written\\.etl: byte [0-9]+: ", message);

    private static byte[] Damage(byte[] whole, Random random)
    {
        byte[] trace = [.. whole];
        for (int i = random.Next(1, 30); i > 0; i--)
        {
            int place = random.Next(trace.Length - 8);
            switch (random.Next(6))
            {
                case 0:
                    trace[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    trace.AsSpan(place, random.Next(1, 8)).Fill(0xFF);
                    break;
                case 2:
                    trace.AsSpan(place, random.Next(1, 8)).Clear();
                    break;
                case 3:
                    // A number in the header of some buffer.
                    BitConverter.TryWriteBytes(trace.AsSpan(Math.Min(place / BufferSize * BufferSize + random.Next(18) * 4, trace.Length - 4)), random.Next());
                    break;
                case 4:
                    // The length of some record.
                    BitConverter.TryWriteBytes(trace.AsSpan(Math.Min((place & -8) + random.Next(2) * 4, trace.Length - 2)), (ushort)random.Next(ushort.MaxValue));
                    break;
                default:
                    if (random.Next(10) == 0)
                        trace = trace[..Math.Max(16, place)];
                    break;
            }
        }
        return trace;
    }

    /// <summary>Ten buffers of twenty events.</summary>
    private static byte[] Trace(bool isCompressed)
    {
        var writer = new EtlWriter(BufferSize, isCompressed);
        for (int i = 0; i < 10 * EventsPerBuffer; i++)
        {
            writer.Kernel(i, i, 1, 0x05, 1, 3, new Payload().Number(i).Number(i));
            if (i % EventsPerBuffer == EventsPerBuffer - 1)
                writer.Flush(0);
        }
        return writer.ToArray();
    }

    private static byte[] Archive(byte[] trace, out int content)
    {
        var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = archive.CreateEntry("a.etl").Open();
            entry.Write(trace);
        }
        const int localHeader = 30;
        content = localHeader + "a.etl".Length;
        return bytes.ToArray();
    }

    private static (int Events, SourceStatistics Statistics, long Damaged) ReadArchive(byte[] archive) => Read(archive, "written.etl.zip");

    private static (int Events, SourceStatistics Statistics, long Damaged) Read(byte[] trace, string name = "written.etl")
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, name);
        File.WriteAllBytes(path, trace);
        var statistics = new SourceStatistics();
        using var reader = new EtlReader(path, statistics);
        int events = 0;
        long touched = 0;
        while (reader.TryRead(out RawEvent e))
        {
            events++;
            // Reading out of bounds would throw here.
            foreach (byte b in e.Data)
                touched += b;
            foreach (ulong address in e.Stack)
                touched += (long)(address & 1);
        }
        Assert.True(touched >= 0);
        return (events, statistics, reader.Damaged);
    }
}
