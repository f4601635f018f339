using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Procmon;
using CallStackRules.Events;
using CsCheck;

namespace CallStackRules.Capture.Tests.Procmon;

public class ProcmonBadInputTests
{
    [Fact]
    public void A_missing_file_is_named_before_anything_is_read()
    {
        var error = Assert.Throws<FileNotFoundException>(() => new ProcmonSource(["no-such.pml"], new ProcessTable()));
        Assert.Contains("no-such.pml", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x00, 0, "at byte 0x0: ")]
    [InlineData(0x04, 99, "at byte 0x4: ")]
    [InlineData(0x234, 0xFFFFFFFF, "at byte 0x234: ")]
    [InlineData(0x248, 0, "at byte 0x248: ")]
    [InlineData(0x250, 0xFFFFFFFF, "at byte 0x250: ")]
    [InlineData(0x258, 0xFFFFFFFF, "at byte 0x258: ")]
    public void A_damaged_header_is_named_with_file_and_place(int offset, uint value, string place)
    {
        byte[] log = Log();
        BitConverter.GetBytes(value).CopyTo(log, offset);
        var error = Assert.Throws<InvalidDataException>(() => new PmlRecording(log));
        Assert.Contains("log.pml: " + place, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_compressed_log_is_unpacked_to_a_bound_and_no_further()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "log.pml");
        byte[] log = Log();
        using (var packed = new System.IO.Compression.GZipStream(File.Create(file), System.IO.Compression.CompressionLevel.Fastest))
            packed.Write(log);

        new PmlBytes(file, log.Length).Dispose();
        var error = Assert.Throws<IOException>(() => new PmlBytes(file, log.Length - 1));
        Assert.StartsWith($"{file}: unpacked it has more than {log.Length - 1:N0} bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_is_cut_off_anywhere_is_refused_with_its_name()
    {
        byte[] log = Log();
        for (int length = 0; length < log.Length; length += 7)
        {
            try
            {
                using var recording = new PmlRecording(log[..length]);
                while (recording.Source.TryRead(recording.Event))
                    _ = recording.Event.Thread.CallStackSummary;
                Assert.Equal(recording.Statistics.Events, recording.Statistics.Used + recording.Statistics.Unused.Values.Sum());
            }
            catch (InvalidDataException error)
            {
                Assert.Contains("log.pml: at byte 0x", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_damaged_event_is_named_with_its_number_and_the_next_is_read()
    {
        byte[] log = Log();
        int first = 0x3A8;
        BitConverter.GetBytes(0x7FFFFFFF).CopyTo(log, first + 0x2C);
        using var recording = new PmlRecording(log);
        Assert.Equal("f.txt", recording.Next().File.Name.ToString());
        Assert.Equal(1, recording.Statistics.Unused["event damaged"]);
        Assert.StartsWith($"{recording.File}:0: at byte 0x3a8: ", Assert.Single(recording.Statistics.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_logs_are_survived()
    {
        byte[] good = Log();
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[1, 8].Check(damages =>
        {
            byte[] damaged = [.. good];
            foreach ((int place, byte value) in damages)
                damaged[place] = value;
            Survive(damaged);
        }, iter: 2000);
    }

    [SkippableFact]
    public void Damage_to_a_real_log_is_survived()
    {
        string file = ProcmonRecordingsTests.Recording("CompressedLogFileUTC64ProcessPML");
        using var packed = new System.IO.Compression.ZLibStream(File.OpenRead(file), System.IO.Compression.CompressionMode.Decompress);
        var plain = new MemoryStream();
        packed.CopyTo(plain);
        byte[] good = plain.ToArray();
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[1000, 3000].Check(damages =>
        {
            byte[] damaged = [.. good];
            // Not the signature: everything behind it would be spared.
            foreach ((int place, byte value) in damages)
                damaged[Math.Max(place, 0x10)] = value;
            Survive(damaged);
        }, iter: 5);
    }

    private static void Survive(byte[] log)
    {
        try
        {
            using var recording = new PmlRecording(log);
            EndpointEvent e = recording.Event;
            while (recording.Source.TryRead(e))
                Assert.InRange(e.Thread.CallStackSummary.Length + e.Thread.FinalUserModule.Name.Length, 0, 1 << 24);
            Assert.Equal(recording.Statistics.Events, recording.Statistics.Used + recording.Statistics.Unused.Values.Sum());
            Assert.All(recording.Statistics.Warnings, static warning => Assert.Matches("log\\.pml:[0-9]+: at byte 0x[0-9a-f]+: ", warning));
        }
        catch (InvalidDataException error)
        {
            Assert.Matches("log\\.pml: at byte 0x[0-9a-f]+: ", error.Message);
        }
    }

    private static byte[] Log()
    {
        var log = new PmlWriter(is64Bit: true);
        log.Process(1, 100, @"C:\a\app.exe", [(0x40_0000, 0x1000, @"C:\a\app.exe"), (0x7000_0000, 0x1000, @"C:\Windows\System32\ntdll.dll")], commandLine: "app x");
        log.Process(2, 200, @"C:\a\child.exe", [], parent: 1);
        log.File(PmlOperation.CreateFile, 0, 1, @"C:\d\e.txt", stack: [0x7000_0010, 0x40_0010], extra: [2, 0, 0, 0]);
        log.File(PmlOperation.CreateFile, 0, 1, @"C:\d\f.txt", stack: [0x7000_0010, 0x40_0010], extra: [2, 0, 0, 0]);
        log.File(PmlOperation.SetInformationFile, 10, 1, @"C:\d\f.txt", details => details.Pointer(1).Pointer(0).U32(6).Utf16(@"C:\"));
        log.Event(PmlClass.Process, PmlOperation.ProcessCreate, 1, 5, details => details.U32(2).U32(200).Fill(0x24).U8(12).U8(0).U16(2).U16(2).U16(0).Raw([1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0]).Utf16("abcd"));
        log.Event(PmlClass.Process, PmlOperation.ProcessStart, 2, 5, details => details.U32(100).U16(1).U16(1).U32(0).Utf16("xy"));
        log.Event(PmlClass.Process, PmlOperation.ThreadCreate, 2, 5, details => details.U32(7));
        log.Event(PmlClass.Process, PmlOperation.LoadImage, 2, 7, details => details.U64(0x7000_0000).U32(0x1000).U16(2).U16(0).Utf16("ab"));
        log.Event(PmlClass.Registry, PmlOperation.RegSetValue, 1, 5, details => details.U16(4).U16(0).U32(7).U32(12).U32(12).Utf16("HKCU").Utf16("a\0bc\0\0"));
        log.Event(PmlClass.Network, PmlOperation.NetworkConnect, 1, 0, details => details.U16(0).U16(0).U32(0).Fill(36));
        log.Event(PmlClass.Process, PmlOperation.ProcessExit, 2, 7, details => details.U32(1));
        return log.ToArray();
    }
}
