using CallStackRules.CallStacks;
using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Etw.Decoding;
using CallStackRules.Capture.Sources.Etw.Files;
using CallStackRules.Capture.Sources.Etw.Stacks;
using CallStackRules.Capture.Symbols;
using CallStackRules.Capture.Tests.Etw.Writing;
using CallStackRules.Capture.Tests.Memory;
using CallStackRules.Events;
using static CallStackRules.Capture.Tests.Etw.Writing.WrittenTrace;

namespace CallStackRules.Capture.Tests.Etw;

/// <summary>What the system says of the frames of events of ETW.</summary>
public sealed class FrameFactsTests
{
    private static readonly RegionFacts Writable = new()
    {
        Base = 0, Size = ulong.MaxValue, AllocationBase = Program, Protection = PageProtection.ExecuteReadWrite, State = RegionState.Commit, Type = RegionType.Image,
    };

    [Fact]
    public void A_frame_has_the_name_of_the_function_it_is_in()
    {
        var facts = new ScriptedFacts { SymbolsAnswer = new PeExports([new PeExport(0x1000, 0x5000, "NtWriteFile"), new PeExport(0x2000, 0x5000, "NtClose")]) };
        List<string> symbols = Ask(facts, e => Describe(e.Thread.CallStack, static frame => frame.SymbolInfo.ToString()));

        Assert.Equal(
            [@"c:\windows\system32\ntdll.dll!NtWriteFile+0x14, c:\a\app.exe!NtClose+0x10, c:\a\app.exe!NtClose+0x10", @"c:\windows\system32\ntdll.dll!NtWriteFile+0x14"], symbols);
        // Each file once, and which one it is by what the event told of it.
        Assert.Equal(
            [new ImageIdentity(@"c:\windows\system32\ntdll.dll", 0x5f00_0000, 0x1234, 0x10_0000), new ImageIdentity(@"c:\a\app.exe", 0x5f00_0000, 0x1234, 0x1_0000)], facts.Images);
    }

    [Fact]
    public void The_system_says_what_events_do_not()
    {
        var facts = new ScriptedFacts
        {
            RegionAnswer = Writable, PrivateBytesAnswer = 8192, BytesAnswer = [.. Enumerable.Repeat((byte)0x90, 59), 0xE8, 1, 2, 3, 4],
            FileAnswer = new FileFacts { Sha256 = "ab", Signature = new SignatureFacts(true, false, "errorExpired", "Some Maker") },
        };
        List<string> described = Ask(facts, e =>
        {
            CallStackModule module = e.Thread.FinalUserModule;
            CallStackFrame frame = e.Thread.CallStack[0];
            return $"{frame.Protection} {frame.AllocationPrivateBytes} {frame.CallSiteLeadingBytes.ToString()[^10..]} {frame.CallSiteTrailingBytes.Length} "
                + (module.CodeSignatures.Count > 0 ? $"{module.Hash.Sha256} {module.CodeSignatures[0].SubjectName} {module.CodeSignatures[0].Status}" : $"{module.Name}");
        });

        Assert.Equal(["RWX 8192 e801020304 128 ab Some Maker errorExpired", "RWX 8192 e801020304 128 Undetermined"], described);
    }

    [Theory]
    [InlineData(0x1000_0000, true)]
    [InlineData(0x100, false)]
    public void A_function_that_begins_with_a_jump_out_of_its_module_is_hooked(int distance, bool isHooked)
    {
        byte[] jump = [0xE9, 0, 0, 0, 0];
        BitConverter.TryWriteBytes(jump.AsSpan(1), distance);
        var facts = new ScriptedFacts { BytesAnswer = jump, SymbolsAnswer = new PeExports([new PeExport(0x1000, 0x5000, "NtOpenProcess")]) };
        List<string> hooked = Ask(facts, static e => $"{Enumerable.Range(0, e.Api.Behaviors.Count).Any(i => e.Api.Behaviors[i].Span.SequenceEqual("image_hooked"))}");

        Assert.Equal([$"{isHooked}", $"{isHooked}"], hooked);
    }

    [Fact]
    public void The_system_is_asked_when_somebody_wants_to_know_and_not_before()
    {
        var facts = new ScriptedFacts { RegionAnswer = Writable };
        using var folder = new TemporaryFolder();
        var writer = new EtlWriter();
        var w = new WindowsEvents(writer);
        Creator(w);
        w.ImageLoad(20_000_000, process: 10, thread: 11, Library, 0x1000, @"\Device\HarddiskVolume2\a\b.dll", [SystemCalls + 0x1014, Program + 0x2010]);
        string trace = writer.Save(folder.Path);
        List<string> summaries = Read(new AskedTrace(trace, facts, trace + FactRecorder.Extension), e => $"{e.Thread.CallStack.Summary} {facts.Asked} {e.Thread.CallStack[0].Protection}");

        Assert.Equal(["ntdll.dll|app.exe 0 RWX"], summaries);
    }

    [Fact]
    public void A_disk_that_comes_while_the_session_runs_gets_its_drive()
    {
        var facts = new ScriptedFacts { LaterDrives = { [@"\Device\CdRom1"] = "E:" } };
        using var folder = new TemporaryFolder();
        var writer = new EtlWriter();
        var w = new WindowsEvents(writer);
        Creator(w);
        w.ImageLoad(20_000_000, process: 10, thread: 11, Library, 0x1000, @"\Device\CdRom1\lure.dll", []);
        w.ImageLoad(20_000_100, process: 10, thread: 11, Library + 0x10_0000, 0x1000, @"\Device\CdRom1\other.dll", []);
        const int pipes = 100;
        for (int i = 0; i < pipes; i++)
            w.ManifestFileCreate(20_000_200 + i, process: 10, thread: 11, id: 12, file: 0xF1, @"\Device\NamedPipe\x");
        string trace = writer.Save(folder.Path);
        static string Path(EndpointEvent e) => $"{e.Library.Path}{e.File.Path}";
        List<string> live = Read(new AskedTrace(trace, facts, trace + FactRecorder.Extension), Path);

        Assert.Equal([@"E:\lure.dll", @"E:\other.dll", .. Enumerable.Repeat(@"\Device\NamedPipe\x", pipes)], live);
        // Each device once, and one without a drive again after a while.
        Assert.InRange(facts.Asked, 2, pipes / 2);
        Assert.Equal(live, Read(new EtwFileSource([trace], new ProcessTable()), Path));
    }

    [Fact]
    public void What_a_file_is_that_is_still_being_read_later_events_know()
    {
        var facts = new ScriptedFacts();
        List<string> hashes = Ask(facts, e =>
        {
            string described = $"{e.Process!.Hash.Sha256} {e.Process.Hash.Sha256} {e.Thread.FinalUserModule.Hash.Sha256}";
            facts.FileAnswer = new FileFacts { Sha256 = "ab" };
            return described;
        }, stack: [SystemCalls + 0x1014, Program + 0x2010]);

        Assert.Equal(["  ", "ab ab ab"], hashes);
    }

    [Fact]
    public void What_is_in_a_file_that_was_written_to_is_read_when_somebody_wants_to_know()
    {
        const string path = @"\Device\HarddiskVolume2\a\new.png";
        var facts = new ScriptedFacts { HeaderAnswer = "4d5a90" };
        using var folder = new TemporaryFolder();
        var writer = new EtlWriter();
        var w = new WindowsEvents(writer);
        Creator(w);
        w.ManifestFileCreate(20_000_000, process: 10, thread: 11, id: 12, file: 0xF1, path, options: 0x0100_0020);
        w.ManifestFileCreate(20_000_100, process: 10, thread: 11, id: 30, file: 0xF1, path, options: 0x0200_0020);
        w.ManifestFileCreate(20_000_200, process: 10, thread: 11, id: 12, file: 0xF1, path, options: 0x0500_0020);
        w.ManifestFileInformation(20_000_300, process: 10, thread: 11, id: 27, file: 0xF1, information: 10, path);
        w.ManifestFileInformation(20_000_400, process: 10, thread: 11, id: 26, file: 0xF1, information: 13, path);
        string trace = writer.Save(folder.Path);
        List<string> live = Read(new AskedTrace(trace, facts, trace + FactRecorder.Extension), e => $"{e.Event.Action} {facts.Asked} {e.File.HeaderBytes}{e.File.HeaderBytes} {facts.Asked}");

        Assert.Equal(["open 0  0", "creation 0 4d5a904d5a90 1", "overwrite 1 4d5a904d5a90 2", "rename 2 4d5a904d5a90 3", "deletion 3  3"], live);
    }

    [Fact]
    public void Answers_that_were_recorded_are_given_again()
    {
        var facts = new ScriptedFacts
        {
            RegionAnswer = Writable, PrivateBytesAnswer = 8192, BytesAnswer = [1, 2, 3], SymbolsAnswer = new PeExports([new PeExport(0x1000, 0x5000, "NtClose")]),
            FileAnswer = new FileFacts { Sha256 = "ab" },
        };
        static string DescribeAll(EndpointEvent e) => Describe(
            e.Thread.CallStack,
            frame => $"{frame.SymbolInfo} {frame.Protection} {frame.AllocationPrivateBytes} {frame.CallSiteTrailingBytes} {e.Thread.FinalUserModule.Hash.Sha256}");
        using var folder = new TemporaryFolder();
        string trace = Write(folder.Path, eventsLost: 0);
        List<string> live = Read(new AskedTrace(trace, facts, trace + FactRecorder.Extension), DescribeAll);

        Assert.Contains("NtClose+0x14 RWX 8192 010203 ab", live[0], StringComparison.Ordinal);
        Assert.Equal(live, Read(new EtwFileSource([trace], new ProcessTable()), DescribeAll));
    }

    [Fact]
    public void A_damaged_file_of_answers_is_refused_with_its_line()
    {
        using var folder = new TemporaryFolder();
        string trace = Write(folder.Path, eventsLost: 0);
        File.WriteAllText(trace + FactRecorder.Extension, "{\"version\":1}\nno answer\n");

        var error = Assert.Throws<InvalidDataException>(() => new EtwFileSource([trace], new ProcessTable()));
        Assert.StartsWith($"{trace}.facts:2: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "ntdll.dll|app.exe|Unknown", 1)]
    [InlineData(RegionType.Private, "ntdll.dll|app.exe|Unbacked", 0)]
    [InlineData(RegionType.Mapped, "ntdll.dll|app.exe|Unbacked", 0)]
    [InlineData(RegionType.Image, "ntdll.dll|app.exe|missed.dll", 0)]
    public void Where_events_were_lost_nothing_is_called_unbacked_unless_the_system_says_so(object? type, string summary, long uncertain)
    {
        var facts = new ScriptedFacts();
        if (type is RegionType known)
            facts.RegionAnswer = Writable with { Type = known, MappedPath = @"\Device\HarddiskVolume2\a\missed.dll" };
        using var folder = new TemporaryFolder();
        string trace = Write(folder.Path, eventsLost: 3, outer: Nowhere);
        using var source = new AskedTrace(trace, facts, trace + FactRecorder.Extension);
        var e = new EndpointEvent();

        Assert.True(source.TryRead(e));
        Assert.Equal((summary, uncertain), (e.Thread.CallStack.Summary.ToString(), source.Capture.FramesUncertain));
    }

    [Fact]
    public void Where_nothing_was_lost_what_is_in_no_image_is_unbacked()
    {
        using var folder = new TemporaryFolder();
        using var source = new EtwFileSource([Write(folder.Path, eventsLost: 0, outer: Nowhere)], new ProcessTable());
        var e = new EndpointEvent();

        Assert.True(source.TryRead(e));
        Assert.Equal("ntdll.dll|app.exe|Unbacked", e.Thread.CallStack.Summary.ToString());
    }

    [Fact]
    public void Facts_that_are_known_allocate_nothing()
    {
        var facts = new ScriptedFacts { RegionAnswer = Writable, PrivateBytesAnswer = 1, BytesAnswer = new byte[64], SymbolsAnswer = new PeExports([new PeExport(0, 0x5000, "f")]) };
        var e = new EndpointEvent();
        using var cache = new FactCache(facts, new SourceStatistics(), 1);
        var process = new EtwProcess { Info = new ProcessInfo { Pid = 10 } };
        process.Images.Add(Program, 0x1_0000, new ModuleInfo(@"c:\a.exe"), new ImageFiles(cache, new SourceStatistics()).Get(new ModuleInfo(@"c:\a.exe"), 1, 2, 3));
        var thread = new ThreadFacts(cache) { Wanted = FrameFact.All };
        void Use()
        {
            e.Clear();
            thread.Begin(process, 1);
            CallStackFrame frame = e.Thread.CallStack.Add(ModuleInfo.Unknown, Program + 0x1010, 0x1010);
            frame.SetSymbolSource(process.Images.FindFile(Program + 0x1010)!, 0x1010, isReturnAddress: true);
            frame.SetFactSource(thread, thread.Wanted);
            _ = frame.SymbolInfo.Length + frame.Protection.Length + frame.AllocationPrivateBytes + frame.CallSiteLeadingBytes.Length;
            _ = e.Thread.FinalUserModule.Protection;
        }
        Use();
        Assert.Equal(0, Allocations.Of(Use));
    }

    private static List<string> Ask(ScriptedFacts facts, Func<EndpointEvent, string> describe, ulong[]? stack = null)
    {
        using var folder = new TemporaryFolder();
        string trace = Write(folder.Path, eventsLost: 0, secondStack: stack);
        return Read(new AskedTrace(trace, facts, trace + FactRecorder.Extension), describe);
    }

    private static List<string> Read(IEventSource source, Func<EndpointEvent, string> describe)
    {
        using (source)
        {
            var e = new EndpointEvent();
            var described = new List<string>();
            while (source.TryRead(e))
                described.Add(describe(e));
            return described;
        }
    }

    /// <summary>A program opens another through one of its functions, and then from nowhere but the system-call library.</summary>
    private static string Write(string folder, uint eventsLost, ulong[]? secondStack = null, params ulong[] outer)
    {
        var writer = new EtlWriter { EventsLost = eventsLost };
        var w = new WindowsEvents(writer);
        Creator(w);
        ulong[] stack = outer.Length > 0 ? [SystemCalls + 0x1014, Program + 0x2010, .. outer] : [SystemCalls + 0x1014, Program + 0x2010, Program + 0x2010];
        w.OpenProcess(20_000_000, process: 10, thread: 11, target: 4, access: 1, result: 0, stack);
        w.OpenProcess(20_000_010, process: 10, thread: 11, target: 4, access: 1, result: 0, secondStack ?? [SystemCalls + 0x1014]);
        return writer.Save(folder);
    }

    private static string Describe(CallStack stack, Func<CallStackFrame, string> describe) =>
        string.Join(", ", Enumerable.Range(0, stack.Count).Select(i => describe(stack[i])));
}
