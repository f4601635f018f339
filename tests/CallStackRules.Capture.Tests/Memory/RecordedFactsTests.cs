using System.IO.Compression;
using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Symbols;
using CsCheck;

namespace CallStackRules.Capture.Tests.Memory;

public class RecordedFactsTests
{
    private const long OneSecond = 10_000_000;

    private const int ManyQuestions = 50_000;

    private static readonly MemoryQuestion Question = new(100, 638_000_000_000_000_000, 0x7FFA_1234_5678, 638_000_000_010_000_000);

    private static readonly ImageIdentity Image = new(@"C:\a.exe", 0x5f00_0000, 0x1234, 0x1_0000);

    private static readonly RegionFacts Region = new()
    {
        Base = 0x7FFA_1234_5000, Size = 0x2000, AllocationBase = 0x7FFA_1234_0000, AllocationProtection = PageProtection.ExecuteWriteCopy,
        Protection = PageProtection.ExecuteReadWrite, State = RegionState.Commit, Type = RegionType.Private, MappedPath = @"\Device\HarddiskVolume3\é.dll",
    };

    [Fact]
    public void Answers_come_back_as_they_were_given()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "trace.facts");
        var system = new ScriptedFacts
        {
            RegionAnswer = Region,
            PrivateBytesAnswer = 4096,
            BytesAnswer = [0xFF, 0x15, 0, 1],
            FileAnswer = new FileFacts { Sha256 = "ab", OriginalFileName = "CMD.EXE", Signature = new SignatureFacts(true, false, "errorExpired", "Some Maker") },
            SymbolsAnswer = new PeExports([new PeExport(0x1000, 0x2000, "NtClose"), new PeExport(0x1010, 0x2000, "#7")]),
        };
        Span<byte> bytes = stackalloc byte[8];
        using (var recorder = new FactRecorder(system, file))
        {
            Assert.Same(Region, recorder.Region(Question));
            Assert.Equal(4096, recorder.PrivateBytes(Question));
            Assert.Equal(4, recorder.Read(Question, bytes));
            Assert.NotNull(recorder.File(@"C:\a.exe"));
            Assert.NotNull(recorder.Symbols(Image));
        }

        bytes.Clear();
        using var recorded = new RecordedFacts(file);
        Assert.Equal(Region, recorded.Region(Question with { Address = Question.Address + 1 }));
        Assert.Equal(4096, recorded.PrivateBytes(Question));
        Assert.Equal(4, recorded.Read(Question, bytes));
        Assert.Equal([0xFF, 0x15, 0, 1], bytes[..4].ToArray());
        Assert.Equal(system.FileAnswer, recorded.File(@"c:\A.EXE"));
        Assert.True(recorded.Symbols(Image)!.TryFindSymbol(0x100F, out string name, out ulong offset));
        Assert.Equal(("NtClose", 15ul), (name, offset));
    }

    [Fact]
    public void The_beginning_of_a_file_is_what_was_read_last_up_to_the_event()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "trace.facts");
        var system = new ScriptedFacts { HeaderAnswer = "4d5a" };
        var question = new FileQuestion(@"C:\a.png", Question.Time);
        using (var recorder = new FactRecorder(system, file))
        {
            Assert.Equal("4d5a", recorder.Header(question));
            system.HeaderAnswer = "89504e47";
            Assert.Equal("89504e47", recorder.Header(question with { Time = question.Time + OneSecond }));
            system.HeaderAnswer = null;
            Assert.Null(recorder.Header(question with { Path = @"C:\empty.png" }));
        }

        using var recorded = new RecordedFacts(file);
        Assert.Null(recorded.Header(question with { Time = question.Time - OneSecond }));
        Assert.Equal("4d5a", recorded.Header(question with { Path = @"c:\A.PNG" }));
        Assert.Equal("89504e47", recorded.Header(question with { Time = question.Time + (2 * OneSecond) }));
        Assert.Null(recorded.Header(question with { Path = @"C:\empty.png" }));
    }

    [Fact]
    public void What_was_not_asked_when_recording_is_not_known()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "trace.facts");
        using (var recorder = new FactRecorder(new ScriptedFacts { RegionAnswer = Region, PrivateBytesAnswer = 8192 }, file))
        {
            recorder.Region(Question);
            Assert.Null(recorder.File(@"C:\a.exe"));
        }
        using var recorded = new RecordedFacts(file);
        Assert.Null(recorded.Region(Question with { ProcessId = 101 }));
        Assert.Null(recorded.Region(Question with { ProcessStart = 1 }));
        Assert.Null(recorded.Region(Question with { Time = Question.Time - OneSecond }));
        Assert.Null(recorded.PrivateBytes(Question));
        Assert.Equal(0, recorded.Read(Question, new byte[4]));
        Assert.Null(recorded.File(@"C:\a.exe"));
        Assert.Null(recorded.Symbols(Image));
        Assert.Null(recorded.Symbols(Image with { Timestamp = 1 }));
    }

    [Fact]
    public void A_file_that_was_cut_is_used_as_far_as_it_goes()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "trace.facts");
        using (var recorder = new FactRecorder(new ScriptedFacts { Volumes = [new Volume(@"\Device\HarddiskVolume3", "C:")], PrivateBytesAnswer = 1 }, file))
            AskMuch(recorder);
        byte[] whole = File.ReadAllBytes(file);
        File.WriteAllBytes(file, whole[..(whole.Length / 2)]);

        using var recorded = new RecordedFacts(file);
        Assert.Equal([new Volume(@"\Device\HarddiskVolume3", "C:")], recorded.Volumes);
        Assert.Matches($"^{System.Text.RegularExpressions.Regex.Escape(file)}:[0-9]+: the file ends early: ", recorded.Damage);
    }

    [SkippableFact]
    public void A_disk_that_is_full_costs_the_file_and_no_answer()
    {
        Skip.IfNot(File.Exists("/dev/full"), "There is no disk that is always full.");
        using var recorder = new FactRecorder(new ScriptedFacts { PrivateBytesAnswer = 1 }, "/dev/full");
        AskMuch(recorder);

        Assert.InRange(recorder.NotWritten, 1, ManyQuestions);
        Assert.NotNull(recorder.Problem);
    }

    [Fact]
    public void An_event_gets_the_answer_of_its_time()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "trace.facts");
        var system = new ScriptedFacts { PrivateBytesAnswer = 4096 };
        using (var recorder = new FactRecorder(system, file))
        {
            recorder.PrivateBytes(Question);
            system.PrivateBytesAnswer = 8192;
            recorder.PrivateBytes(Question with { Time = Question.Time + OneSecond });
        }
        using var recorded = new RecordedFacts(file);
        Assert.Equal(4096, recorded.PrivateBytes(Question with { Time = Question.Time + (OneSecond / 2) }));
        Assert.Equal(8192, recorded.PrivateBytes(Question with { Time = Question.Time + OneSecond }));
        // The session that writes the trace stamps each event itself, microseconds apart.
        Assert.Equal(8192, recorded.PrivateBytes(Question with { ProcessStart = Question.ProcessStart + 300, Time = Question.Time + OneSecond - 300 }));
    }

    [Theory]
    [InlineData("", ":1: ")]
    [InlineData("{}\n", ":1: ")]
    [InlineData("{\"version\":2}\n", ":1: ")]
    [InlineData("{\"version\":1}\nno JSON\n", ":2: ")]
    [InlineData("{\"version\":1}\n{\"of\":{\"process\":1},\"region\":{\"base\":1}}\n", ":2: ")]
    [InlineData("{\"version\":1}\n{\"path\":\"C:\\\\a.dll\",\"image\":{\"timestamp\":1,\"checksum\":2,\"size\":3},\"exports\":[{\"rva\":1,\"sectionEnd\":2},{\"rva\":1,\"sectionEnd\":2}]}\n", ":2: ")]
    public void A_damaged_file_is_named_with_its_line(string text, string place)
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "trace.facts");
        File.WriteAllText(file, text);
        var error = Assert.Throws<InvalidDataException>(() => new RecordedFacts(file));
        Assert.StartsWith(file + place, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_are_survived()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "trace.facts");
        using (var recorder = new FactRecorder(new ScriptedFacts { RegionAnswer = Region, PrivateBytesAnswer = 8192, BytesAnswer = [1], SymbolsAnswer = new PeExports([new PeExport(1, 2, "a")]) }, file))
        {
            recorder.Region(Question);
            recorder.PrivateBytes(Question);
            recorder.Read(Question, new byte[1]);
            recorder.Symbols(Image);
        }
        var plain = new MemoryStream();
        using (var content = new GZipStream(File.OpenRead(file), CompressionMode.Decompress))
            content.CopyTo(plain);
        byte[] good = plain.ToArray();
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[1, 4].Check(damages =>
        {
            byte[] damaged = [.. good];
            foreach ((int place, byte value) in damages)
                damaged[place] = value;
            string damagedFile = Path.Combine(folder.Path, Guid.NewGuid().ToString());
            File.WriteAllBytes(damagedFile, damaged);
            try
            {
                using var recorded = new RecordedFacts(damagedFile);
                recorded.Region(Question);
            }
            catch (InvalidDataException error)
            {
                Assert.StartsWith(damagedFile, error.Message, StringComparison.Ordinal);
            }
        }, iter: 300);
    }

    [Fact]
    public void A_process_of_an_impossible_time_is_another()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "trace.facts");
        File.WriteAllText(file, $$"""
            {"version":{{FactLine.CurrentVersion}}}
            {"of":{"process":{{Question.ProcessId}},"start":-9223372036854775808,"address":{{Question.Address}},"time":0},"privateBytes":4096}

            """);
        using var recorded = new RecordedFacts(file);

        Assert.Null(recorded.PrivateBytes(Question with { ProcessStart = 0 }));
    }

    /// <summary>What is random is not packed: so much does not stay in memory.</summary>
    private static void AskMuch(FactRecorder recorder)
    {
        var random = new Random(1);
        for (int i = 0; i < ManyQuestions; i++)
            Assert.Equal(1, recorder.PrivateBytes(Question with { Address = (ulong)random.NextInt64(), Time = random.NextInt64() }));
    }
}
