using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Etw;
using CallStackRules.Capture.Sources.Etw.Files;
using CallStackRules.Capture.Tests.Etw.Writing;
using CsCheck;
using Microsoft.Diagnostics.Tracing;

namespace CallStackRules.Capture.Tests.Etw;

/// <summary>What the tests write is what is read, here and by TraceEvent.</summary>
public sealed class EtlRoundTripTests
{
    private const ulong Kernel = 0xffff_f800_0000_1000;
    private const ulong User = 0x7ff8_0000_1000;

    private static readonly Guid Provider = new("5d0c1f5e-3f5b-4a0e-8f57-6c0d5b7a1e11");

    [Theory]
    [InlineData(false, 8)]
    [InlineData(true, 8)]
    [InlineData(false, 4)]
    [InlineData(true, 4)]
    public void Every_kind_of_record_is_read_as_it_was_written(bool isCompressed, int pointerSize)
    {
        var writer = new EtlWriter(isCompressed: isCompressed, pointerSize: pointerSize);
        writer.Kernel(1, 10, 11, 0x05, 1, 3, new Payload().Number(7));
        writer.Kernel(2, 20, 21, 0x09, 14, 2, new Payload().Text("name"), kindOfRecord: RecordKind.Compact32);
        writer.Kernel(3, 0, 0, 0x18, 32, 2, new Payload().Number64(5), kindOfRecord: RecordKind.PerfInfo32);
        writer.Classic(4, 40, 41, Provider, 33, 5, new Payload().Byte(1));
        writer.Classic(5, 50, 51, Provider, 34, 6, new Payload().Byte(2), instance: (8, 9));
        writer.Manifest(6, 60, 61, Provider, 600, 2, 12, new Payload().Text("payload"), [0x1000, 0x2000, 0x3000], matchId: 77, task: 13, keywords: 0x8000_0000_0000_0001);
        writer.Message(7, 70, 71, Provider, 99, new Payload().Number(42));
        using var folder = new TemporaryFolder();
        using var reader = new EtlReader(writer.Save(folder.Path), new SourceStatistics());

        Next(reader, 0);
        Check(Next(reader, 1), new("3d6fa8d1-fe05-11d0-9dda-00c04fd7ba7c"), 0, 1, 3, 10, 11, new Payload().Number(7), pointerSize, isClassic: true);
        Check(Next(reader, 2), new("ae53722e-c863-11d2-8659-00c04fa321a1"), 0, 14, 2, 20, 21, new Payload().Text("name"), pointerSize, isClassic: true);
        Check(Next(reader, 3), new("def2fe46-7bd6-4b80-bd94-f57fe20d0ce3"), 0, 32, 2, -1, -1, new Payload().Number64(5), pointerSize, isClassic: true);
        Check(Next(reader, 4), Provider, 0, 33, 5, 40, 41, new Payload().Byte(1), pointerSize, isClassic: true);
        Check(Next(reader, 5), Provider, 0, 34, 6, 50, 51, new Payload().Byte(2), pointerSize, isClassic: true);
        RawEvent manifest = Next(reader, 6);
        Check(manifest, Provider, 600, 12, 2, 60, 61, new Payload().Text("payload"), pointerSize, isClassic: false);
        Assert.Equal([0x1000UL, 0x2000, 0x3000], manifest.Stack.ToArray());
        Assert.Equal((77UL, (ushort)13, 0x8000_0000_0000_0001), (manifest.StackMatchId, manifest.Task, manifest.Keywords));
        RawEvent message = Next(reader, 7);
        Check(message, Provider, 99, 0, 0, 70, 71, new Payload().Number(42), pointerSize, isClassic: false);
        Assert.True((message.Flags & RawEventFlags.Message) != 0);
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void An_event_of_a_process_of_32_bits_has_its_pointers_and_stack()
    {
        var writer = new EtlWriter();
        writer.Manifest(1, 10, 11, Provider, 1, 0, 0, new Payload(4).Pointer(0x7700_0000), [0x7700_1000, 0x7700_2000, 0x0040_1000], isFrom32: true);
        using var folder = new TemporaryFolder();
        using var reader = new EtlReader(writer.Save(folder.Path), new SourceStatistics());

        Next(reader, 0);
        RawEvent e = Next(reader, 1);
        Assert.Equal(4, e.PointerSize);
        Assert.Equal([0x7700_1000UL, 0x7700_2000, 0x0040_1000], e.Stack.ToArray());
        Assert.Equal(4, e.Data.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Events_of_several_processors_come_in_the_order_of_time(bool isCompressed)
    {
        var writer = new EtlWriter(bufferSize: 1024, isCompressed);
        var random = new Random(7);
        const int Count = 5000;
        // A processor that is seldom used writes its buffer last, though its first events are among the earliest.
        for (int i = 1; i <= Count; i++)
            writer.Kernel(i, i, 1, 0x05, 1, 3, new Payload().Number(i), processor: random.Next(100) == 0 ? 9 : random.Next(8));
        using var folder = new TemporaryFolder();
        using var reader = new EtlReader(writer.Save(folder.Path), new SourceStatistics());

        for (int i = 0; i <= Count; i++)
            Next(reader, i);
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void A_circular_file_that_begins_in_its_middle_comes_in_the_order_of_time()
    {
        var writer = new EtlWriter();
        writer.Kernel(1000, 1, 1, 0x05, 1, 3, new Payload());
        writer.Flush(0);
        writer.Kernel(500, 1, 1, 0x05, 1, 3, new Payload());
        writer.Flush(0);
        using var folder = new TemporaryFolder();
        using var reader = new EtlReader(writer.Save(folder.Path), new SourceStatistics());

        Next(reader, 0);
        Next(reader, 500);
        Next(reader, 1000);
    }

    [Fact]
    public void What_was_lost_while_recording_is_told()
    {
        var writer = new EtlWriter { EventsLost = 5, BuffersLost = 2 };
        using var folder = new TemporaryFolder();
        using var reader = new EtlReader(writer.Save(folder.Path), new SourceStatistics());

        Assert.Equal(7, reader.Lost);
    }

    [Fact]
    public void What_is_compressed_comes_out_as_it_was() =>
        Gen.Select(Gen.Byte[0, 3].Array[0, 40], Gen.Int[1, 30]).Check((blocks, repetitions) =>
        {
            byte[] content = [.. Enumerable.Repeat(blocks, repetitions).SelectMany(block => block).SelectMany(b => Enumerable.Repeat(b, b == 3 ? 400 : 1))];
            byte[] compressed = PlainLz77Writer.Compress(content);
            byte[] unpacked = new byte[content.Length];
            Assert.Equal(content.Length, PlainLz77.Decompress(compressed, unpacked));
            Assert.Equal(content, unpacked);
        });

    [SkippableTheory]
    [InlineData(false, 8)]
    [InlineData(true, 8)]
    [InlineData(false, 4)]
    public void TraceEvent_reads_what_is_written(bool isCompressed, int pointerSize)
    {
        TraceEventOracle.SkipWhereItCannotRun();
        using var folder = new TemporaryFolder();
        EtlWriter writer = Everything(isCompressed, pointerSize);
        TraceEventTests.AssertSame(writer.Save(folder.Path));
    }

    [SkippableTheory]
    [InlineData(8)]
    [InlineData(4)]
    public void TraceEvent_finds_the_fields_that_were_written(int pointerSize)
    {
        TraceEventOracle.SkipWhereItCannotRun();
        using var folder = new TemporaryFolder();
        string path = Everything(isCompressed: false, pointerSize).Save(folder.Path);
        using ETWTraceEventSource source = TraceEventOracle.Open(path, folder.Path);
        var seen = new List<string>();
        source.Kernel.ProcessStart += e => seen.Add($"process {e.ProcessID} {e.ParentID} {e.SessionID} {e.ProcessName} {e.CommandLine}");
        source.Kernel.ThreadStart += e => seen.Add($"thread {e.ProcessID} {e.ThreadID} {e.Win32StartAddr:x}");
        source.Kernel.ImageLoad += e => seen.Add($"image {e.ProcessID} {e.ImageBase:x} {e.ImageSize:x} {e.FileName}");
        source.Kernel.FileIOCreate += e => seen.Add($"create {e.FileObject:x} {(int)e.CreateOptions:x} {e.FileName}");
        source.Kernel.FileIOWrite += e => seen.Add($"write {e.FileObject:x} {e.FileKey:x} {e.IoSize}");
        source.Kernel.FileIODelete += e => seen.Add($"delete {e.FileObject:x} {e.FileKey:x} {e.InfoClass}");
        source.Kernel.FileIORename += e => seen.Add($"rename {e.FileObject:x} {e.FileKey:x} {e.InfoClass}");
        source.Kernel.RegistrySetValue += e => seen.Add($"set {e.KeyHandle:x} {e.Status} {e.ValueName}");
        source.Kernel.VirtualMemAlloc += e => seen.Add($"memory {e.BaseAddr:x} {e.Length:x} {e.ProcessID} {(int)e.Flags:x}");
        source.Kernel.TcpIpConnect += e => seen.Add($"connect {e.ProcessID} {e.daddr}:{e.dport} {e.saddr}:{e.sport}");
        source.Kernel.StackWalkStack += e => seen.Add($"stack {e.ProcessID} {e.ThreadID} {e.EventTimeStampQPC} {e.FrameCount} {e.InstructionPointer(0):x}");
        source.Process();

        ulong kernel = Narrow(Kernel, pointerSize), user = Narrow(User, pointerSize);
        Assert.Equal(
            [
                "process 100 50 1 cmd cmd.exe /c dir",
                $"stack 50 51 {EtlWriter.Start + 10} 1 {kernel:x}",
                $"stack 50 51 {EtlWriter.Start + 10} 1 {user:x}",
                "thread 100 101 401000",
                $"image 100 {user:x} 5000 C:\\Windows\\System32\\ntdll.dll",
                "create 1000 20 C:\\a.txt",
                "write 1000 2000 77",
                "delete 1000 2000 13",
                "rename 1000 2000 10",
                "set 3000 0 Run",
                "memory 10000 2000 100 3000",
                "connect 100 10.0.0.5:443 10.0.0.9:50123",
            ],
            seen);
    }

    /// <summary>One event of each kind that the classic kernel provider has for us, and some of manifests.</summary>
    private static EtlWriter Everything(bool isCompressed, int pointerSize)
    {
        var writer = new EtlWriter(isCompressed: isCompressed, pointerSize: pointerSize);
        var events = new WindowsEvents(writer);
        ulong kernel = Narrow(Kernel, pointerSize), user = Narrow(User, pointerSize);
        // Without one, TraceEvent would ask the machine it runs on for its drives.
        events.Volume(5, @"\Device\HarddiskVolume2\", @"C:\");
        events.Process(10, 50, 51, 1, 100, 50, "cmd.exe", "cmd.exe /c dir", stack: [kernel, user]);
        events.Thread(20, 100, 101, 1, 100, 101, 0x401000);
        events.Processor = 1;
        events.Image(30, 101, 10, 100, user, 0x5000, @"\Device\HarddiskVolume2\Windows\System32\ntdll.dll");
        events.FileCreate(40, 100, 101, 0x1000, @"C:\a.txt");
        events.FileName(41, 0, 0x2000, @"C:\a.txt");
        events.FileWrite(50, 100, 101, 0x1000, 0x2000, 77);
        events.FileInformation(60, 100, 101, 70, 0x1000, 0x2000, 13);
        events.FileInformation(70, 100, 101, 71, 0x1000, 0x2000, 10);
        events.Processor = 0;
        events.Registry(80, 100, 101, 14, 0x3000, "Run");
        events.VirtualMemory(90, 100, 101, 98, 100, 0x10000, 0x2000, 0x3000);
        events.Connection(100, 12, 100, 0x0500_000a, 443, 0x0900_000a, 50123);
        events.ProcessStart(110, 100, 101, 102, @"\Device\HarddiskVolume2\a.exe", [kernel, user], matchId: 5);
        events.UserStack(111, 100, 101, 5, user);
        events.OpenProcess(120, 100, 101, 4, 0x1fffff, 0, kernel, user);
        return writer;
    }

    private static ulong Narrow(ulong address, int pointerSize) => pointerSize == 8 ? address : (uint)address | (address == Kernel ? 0x8000_0000UL : 0);

    private static RawEvent Next(EtlReader reader, long time)
    {
        Assert.True(reader.TryRead(out RawEvent e));
        Assert.Equal(EtlWriter.Start + time, e.Timestamp);
        return e;
    }

    private static void Check(
        in RawEvent e, Guid provider, int id, int opcode, int version, int process, int thread, Payload payload, int pointerSize, bool isClassic)
    {
        Assert.Equal(provider, e.Provider);
        Assert.Equal((id, opcode, version, process, thread), ((int)e.Id, (int)e.Opcode, (int)e.Version, e.ProcessId, e.ThreadId));
        Assert.Equal(pointerSize, e.PointerSize);
        Assert.Equal(isClassic, (e.Flags & RawEventFlags.Classic) != 0);
        Assert.Equal(payload.Bytes, e.Data.ToArray());
    }
}
