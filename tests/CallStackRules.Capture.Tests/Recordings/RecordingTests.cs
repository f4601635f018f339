using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using CallStackRules.CallStacks;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Ecs;
using CallStackRules.Capture.Sources.Recordings;
using CallStackRules.Capture.Tests.Ecs;
using CallStackRules.Events;
using CsCheck;

namespace CallStackRules.Capture.Tests.Recordings;

public sealed class RecordingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_field_of_the_model_comes_back()
    {
        string all = EcsRoundTripTests.Sample(EcsNode.Root).ToJsonString();
        // Twice, so that the second refers to texts and frames of the first.
        string file = Record(all, all);

        List<string> read = Read(file, out SourceStatistics statistics);

        Assert.Equal([Normalized(all), Normalized(all)], read);
        Assert.Empty(statistics.Warnings);
        Assert.Equal(0, statistics.UnknownFields);
    }

    [Fact]
    public void Texts_of_any_characters_come_back()
    {
        string[] names = ["", "a", "naïve", "Ωmega \u4e2d", "lone \ud800 surrogate", new string('x', 100_000)];
        string file = Path.Combine(_folder.Path, "a.csr");
        using (var writer = new RecordingWriter(file))
        {
            foreach (string name in names)
                writer.Write(new EndpointEvent { Process = new ProcessInfo { Name = name } });
        }

        using var source = new RecordingSource([file], new ProcessTable());
        var e = new EndpointEvent();
        foreach (string name in names)
        {
            Assert.True(source.TryRead(e));
            Assert.Equal(name, e.Process!.Name.ToString());
        }
    }

    [Fact]
    public void Writing_looks_for_no_further_fields_in_an_event_that_has_none()
    {
        var e = new EndpointEvent { Process = new ProcessInfo { Name = "a" } };
        using var writer = new RecordingWriter(Path.Combine(_folder.Path, "a.csr"));

        writer.Write(e);

        Assert.False(e.Further.Any);
    }

    [Fact]
    public void Writing_an_event_with_one_further_field_makes_no_others()
    {
        var e = new EndpointEvent { Process = new ProcessInfo { Name = "a" } };
        e.Further.FillTexts("process.thread.capabilities.effective").Add("CAP_CHOWN");
        string file = Path.Combine(_folder.Path, "a.csr");
        using var json = new Utf8JsonWriter(Stream.Null);
        using (var writer = new RecordingWriter(file))
            writer.Write(e);
        new EcsWriter().Write(json, e);

        Assert.Equal(["process.thread.capabilities.effective"], e.Further.Names);
        using var source = new RecordingSource([file], new ProcessTable());
        var read = new EndpointEvent();
        Assert.True(source.TryRead(read));
        Assert.Equal("CAP_CHOWN", read.Further.Texts("process.thread.capabilities.effective")![0].ToString());
    }

    [Fact]
    public void Frames_that_differ_only_in_what_is_known_of_their_memory_stay_apart()
    {
        string file = Path.Combine(_folder.Path, "a.csr");
        var module = new ModuleInfo("/lib/a.so");
        using (var writer = new RecordingWriter(file))
        {
            var written = new EndpointEvent();
            for (int i = 0; i < 3; i++)
            {
                written.Clear();
                written.Thread.CallStack.Add(module, 0x1000, 0x10);
                written.Thread.CallStack.Add(module, 0x1000, 0x10).Protection = "RWX";
                written.Thread.CallStack.Add(module, 0x1000, 0x10).AllocationPrivateBytes = 4096 * (i + 1);
                written.Thread.CallStack.Add(ModuleInfo.Unbacked, 0x1000, null).ModulePathInSymbol = "/memfd:x (deleted)";
                written.Thread.CallStack.Add(ModuleInfo.Unbacked, 0x1000, null);
                writer.Write(written);
            }
        }

        using var source = new RecordingSource([file], new ProcessTable());
        var e = new EndpointEvent();
        for (int i = 0; i < 3; i++)
        {
            Assert.True(source.TryRead(e));
            CallStack stack = e.Thread.CallStack;
            Assert.Equal(5, stack.Count);
            Assert.Equal("/lib/a.so+0x10", stack[0].SymbolInfo.ToString());
            Assert.Same(stack[0].Module, stack[1].Module);
            Assert.True(stack[0].Protection.IsMissing);
            Assert.Equal("RWX", stack[1].Protection.ToString());
            Assert.Null(stack[1].AllocationPrivateBytes);
            Assert.Equal(4096 * (i + 1), stack[2].AllocationPrivateBytes);
            Assert.Equal("/memfd:x (deleted)+0x1000", stack[3].SymbolInfo.ToString());
            Assert.Equal("Unbacked+0x1000", stack[4].SymbolInfo.ToString());
            Assert.Same(ModuleInfo.Unbacked, stack[4].Module);
        }
        Assert.False(source.TryRead(e));
    }

    [Fact]
    public void A_recording_that_was_cut_anywhere_is_used_as_far_as_it_goes()
    {
        byte[] whole = File.ReadAllBytes(RecordBlocks(blocks: 4));
        int before = 0;
        for (int length = 0; length < whole.Length; length += 97)
        {
            string cut = Path.Combine(_folder.Path, "cut.csr");
            File.WriteAllBytes(cut, whole[..length]);

            int events = Read(cut, out SourceStatistics statistics).Count;

            Assert.True(events >= before, $"{events} events of {length} bytes, {before} of less");
            Assert.NotEmpty(statistics.Warnings);
            Assert.StartsWith($"{cut}:", statistics.Warnings[0], StringComparison.Ordinal);
            before = events;
        }
        Assert.True(before > 0);
    }

    [Fact]
    public void A_damaged_block_costs_its_own_events_and_no_others()
    {
        string file = RecordBlocks(blocks: 3);
        List<string> whole = Read(file, out _);
        byte[] bytes = File.ReadAllBytes(file);
        int second = IndexOfBlock(bytes, 1);
        bytes[second + RecordingLayout.BlockHeaderSize + 20] ^= 0x40;
        File.WriteAllBytes(file, bytes);

        List<string> read = Read(file, out SourceStatistics statistics);

        int eventsOfBlock = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(second + RecordingLayout.MarkSize));
        Assert.Equal(whole.Count - eventsOfBlock, read.Count);
        Assert.Equal(whole[^1], read[^1]);
        Assert.Equal(eventsOfBlock, statistics.Unused["damaged block"]);
        Assert.StartsWith($"{file}:{second}: ", Assert.Single(statistics.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_bytes_never_crash_the_reader()
    {
        string file = Record(EcsRoundTripTests.Sample(EcsNode.Root).ToJsonString(), """{"process":{"name":"a"}}""");
        byte[] whole = File.ReadAllBytes(file);
        int block = IndexOfBlock(whole, 0);
        byte[] events = Unpack(whole.AsSpan(block + RecordingLayout.MarkSize + 4));
        string damaged = Path.Combine(_folder.Path, "damaged.csr");

        // What is packed is damaged, too: a check sum keeps out accidents, not attackers.
        Gen.Select(Gen.Int[0, events.Length - 1], Gen.Byte).Array[1, 6].Check(edits =>
        {
            byte[] changed = [.. events];
            foreach ((int place, byte value) in edits)
                changed[place] = value;
            File.WriteAllBytes(damaged, [.. whole.AsSpan(0, block), .. RecordingLayout.BlockMark, 2, 0, 0, 0, .. Pack(changed)]);
            Read(damaged, out _);
        }, iter: 300);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Array[1, 6].Check(edits =>
        {
            byte[] changed = [.. whole];
            foreach ((int place, byte value) in edits)
                changed[place] = value;
            File.WriteAllBytes(damaged, changed);
            Read(damaged, out _);
        }, iter: 100);
    }

    [Fact]
    public void A_file_of_nothing_but_beginnings_of_blocks_is_given_up()
    {
        byte[] whole = File.ReadAllBytes(RecordBlocks(blocks: 1));
        byte[] beginning = new byte[RecordingLayout.BlockHeaderSize];
        RecordingLayout.BlockMark.CopyTo(beginning);
        BinaryPrimitives.WriteInt32LittleEndian(beginning.AsSpan(RecordingLayout.MarkSize), 1);
        BinaryPrimitives.WriteInt32LittleEndian(beginning.AsSpan(RecordingLayout.MarkSize + 4), 1024);
        string file = Path.Combine(_folder.Path, "beginnings.csr");
        File.WriteAllBytes(file, [.. whole.AsSpan(0, IndexOfBlock(whole, 0)), .. Enumerable.Repeat(beginning, 5000).SelectMany(static bytes => bytes)]);

        Assert.Empty(Read(file, out SourceStatistics statistics));
        Assert.Equal(1001, statistics.Unused["damaged block"]);
    }

    [Fact]
    public void A_recording_of_a_newer_format_is_refused_with_both_versions()
    {
        string file = Record("""{"process":{"name":"a"}}""");
        byte[] bytes = File.ReadAllBytes(file);
        bytes[RecordingLayout.MarkSize]++;
        File.WriteAllBytes(file, bytes);

        Assert.Empty(Read(file, out SourceStatistics statistics));
        Assert.Contains("of format 2, and this program reads up to 1", Assert.Single(statistics.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_that_this_program_does_not_have_are_passed_over()
    {
        string file = Record("""{"process":{"name":"a","pid":7,"args":["x","y"]},"event":{"action":"start"}}""");
        byte[] bytes = File.ReadAllBytes(file);
        int block = IndexOfBlock(bytes, 0);
        string table = Encoding.Latin1.GetString(Unpack(bytes.AsSpan(RecordingLayout.FileHeaderSize)));
        byte[] renamed = Encoding.Latin1.GetBytes(table.Replace("process.args", "process.argz", StringComparison.Ordinal));
        File.WriteAllBytes(file, [.. bytes.AsSpan(0, RecordingLayout.FileHeaderSize), .. Pack(renamed), .. bytes.AsSpan(block)]);

        List<string> read = Read(file, out SourceStatistics statistics);

        Assert.Equal("""{"process":{"name":"a","pid":7},"event":{"action":"start"}}""".Length, Assert.Single(read).Length);
        Assert.True(statistics.UnknownFields > 0);
        Assert.Empty(statistics.Warnings);
    }

    [SkippableFact]
    public void On_a_full_disk_events_are_dropped_and_counted_and_what_fitted_is_read_back()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "A small disk is made of memory with mount(8) of Linux.");
        Skip.IfNot(Tool.TryRun("mount", $"-t tmpfs -o size=4m tmpfs {_folder.Path}"), "mount(8) is refused; the test needs root.");
        try
        {
            string file = Path.Combine(_folder.Path, "a.csr");
            long written = 0;
            var writer = new RecordingWriter(file);
            var random = new Random(1);
            byte[] noise = new byte[3000];
            var patience = System.Diagnostics.Stopwatch.StartNew();
            while (writer.Problem is null)
            {
                Assert.True(patience.Elapsed < TimeSpan.FromMinutes(2), "The disk was never full.");
                // What cannot be packed.
                random.NextBytes(noise);
                writer.Write(new EndpointEvent { Process = new ProcessInfo { Name = Convert.ToBase64String(noise) } });
                written++;
            }
            writer.Dispose();

            using var source = new RecordingSource([file], new ProcessTable());
            var e = new EndpointEvent();
            long read = 0;
            while (source.TryRead(e))
                read++;
            Assert.InRange(read, 1, written - 1);
            Assert.Equal(written, read + writer.Dropped);
        }
        finally
        {
            Tool.TryRun("umount", _folder.Path);
        }
    }

    [Fact]
    public void Writing_allocates_nothing_for_an_event()
    {
        var e = new EndpointEvent();
        new EcsReader(new SourceStatistics()).Read(Encoding.UTF8.GetBytes(EcsRoundTripTests.Sample(EcsNode.Root).ToJsonString()), e);
        using var writer = new RecordingWriter(Path.Combine(_folder.Path, "a.csr"));
        for (int i = 0; i < 200; i++)
            writer.Write(e);

        // On a busy machine time, not room, sends a block to the disk, and the next, which is not full-grown, takes its place: some rounds go by until all are.
        long least = long.MaxValue;
        for (int round = 0; round < 20 && least > 0; round++)
            least = Math.Min(least, Allocations.Of(WriteMany));
        Assert.Equal(0, least);

        void WriteMany()
        {
            for (int i = 0; i < 500; i++)
                writer.Write(e);
        }
    }

    private string Record(params string[] events)
    {
        string file = Path.Combine(_folder.Path, "a.csr");
        var reader = new EcsReader(new SourceStatistics());
        var e = new EndpointEvent();
        using var writer = new RecordingWriter(file);
        foreach (string json in events)
        {
            reader.Read(Encoding.UTF8.GetBytes(json), e);
            writer.Write(e);
        }
        return file;
    }

    /// <summary>A recording of at least so many blocks: its texts are all different, and a block holds only so many.</summary>
    private string RecordBlocks(int blocks)
    {
        string file = Path.Combine(_folder.Path, "blocks.csr");
        var e = new EndpointEvent();
        using var writer = new RecordingWriter(file);
        for (int i = 0; i < blocks * 300; i++)
        {
            e.Clear();
            e.UtcTicks = DateTime.UnixEpoch.Ticks + i;
            e.Message = new string((char)('a' + (i % 26)), 4000) + i;
            writer.Write(e);
        }
        return file;
    }

    private static int IndexOfBlock(byte[] file, int number)
    {
        int place = 0;
        for (int i = 0; ; i++)
        {
            place += file.AsSpan(place).IndexOf(RecordingLayout.BlockMark);
            if (i == number)
                return place;
            place++;
        }
    }

    private static byte[] Unpack(ReadOnlySpan<byte> section)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(section);
        using var unpacker = new ZLibStream(new MemoryStream(section.Slice(RecordingLayout.SectionHeaderSize, length).ToArray()), CompressionMode.Decompress);
        var bytes = new MemoryStream();
        unpacker.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static byte[] Pack(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var packer = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            packer.Write(bytes);
        byte[] section = new byte[RecordingLayout.SectionHeaderSize + packed.Length];
        BinaryPrimitives.WriteInt32LittleEndian(section, (int)packed.Length);
        BinaryPrimitives.WriteInt32LittleEndian(section.AsSpan(4), bytes.Length);
        packed.ToArray().CopyTo(section, RecordingLayout.SectionHeaderSize);
        return section;
    }

    private static string Normalized(string json)
    {
        var e = new EndpointEvent();
        new EcsReader(new SourceStatistics()).Read(Encoding.UTF8.GetBytes(json), e);
        return EcsRecording.Write(e);
    }

    private static List<string> Read(string file, out SourceStatistics statistics)
    {
        using var source = new RecordingSource([file], new ProcessTable());
        statistics = source.Statistics;
        var events = new List<string>();
        var e = new EndpointEvent();
        while (source.TryRead(e))
            events.Add(EcsRecording.Write(e));
        Assert.Equal(events.Count, statistics.Used);
        Assert.Equal(statistics.Events, statistics.Used + statistics.Unused.Values.Sum());
        return events;
    }
}
