using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Etw.Files;
using CallStackRules.Capture.Sources.Etw.Live;
using CallStackRules.Capture.Symbols;
using CallStackRules.Capture.Tests.Etw.Writing;
using CallStackRules.Capture.Tests.Memory;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Rules.Tests;
using static CallStackRules.Capture.Tests.Etw.Writing.WrittenTrace;

namespace CallStackRules.Capture.Tests.Etw.Live;

/// <summary>A live session from its start to its end; the system is a trace that is played.</summary>
public sealed class EtwSourceTests : IDisposable
{
    private static readonly TimeSpan Generous = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly ScriptedFacts _facts = new()
    {
        Volumes = [new Volume(@"\Device\HarddiskVolume7", "D:")],
        FileAnswer = new FileFacts { Sha256 = "ab", OriginalFileName = "ntdll.dll", Signature = new SignatureFacts(true, true, "trusted", "Some Maker") },
        RegionAnswer = new RegionFacts
        {
            Base = 0, Size = ulong.MaxValue, AllocationBase = Program, Protection = PageProtection.ExecuteReadWrite, State = RegionState.Commit, Type = RegionType.Private,
        },
        HeaderAnswer = "4d5a",
        SymbolsAnswer = new PeExports([new PeExport(0x1000, 0x5000, "NtOpenProcess")]),
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_session_that_is_recorded_gives_the_same_events_and_alerts_when_it_is_replayed()
    {
        string recording = Path.Combine(_folder.Path, "recorded.etl");
        PlayedSystem system = Play();
        using var source = new EtwSource(CaptureNeeds.All, system, recording);
        List<string> live = ReadAll(source, system);
        source.Dispose();

        Assert.Contains(live, static line => line.StartsWith(@"load  D:\temp\n.tmp ntdll.dll Some Maker ntdll.dll|app.exe alerts windows/defense-evasion/copy-of-ntdll", StringComparison.Ordinal));
        Assert.Contains(live, static line => line.Contains(@"ntdll.dll!NtOpenProcess+0x14 RWX", StringComparison.Ordinal));
        Assert.Contains(live, static line => line.StartsWith("creation 4d5a ", StringComparison.Ordinal));
        Assert.Equal((0, null), (source.Capture.NotRecorded, source.Capture.RecordingProblem));
        using var replay = new EtwFileSource([recording], new ProcessTable());
        Assert.Equal(live, Describe(replay));
    }

    [Fact]
    public void The_recording_has_the_plan_of_the_session_and_begins_before_it_and_ends_behind_it()
    {
        PlayedSystem system = Play();
        using var source = new EtwSource(new CaptureNeeds([new RuleEvent("registry", null)], fields: []), system, Path.Combine(_folder.Path, "recorded.etl"));
        ReadAll(source, system);

        string[] ofRecording = [.. Plan(EtwSource.RecordingName)];
        Assert.Equal(ofRecording, Plan(EtwSource.SessionName));
        Assert.NotEmpty(ofRecording);
        Assert.Equal(
            ["begin CallStackRulesRecording into recorded.etl", "begin CallStackRules", "stop CallStackRules", "stop CallStackRulesRecording"],
            system.Calls.Where(static call => call.StartsWith("begin", StringComparison.Ordinal) || call.StartsWith("stop", StringComparison.Ordinal)));

        IEnumerable<string> Plan(string session) => system.Calls.Where(call => call.Contains($"{session}: ", StringComparison.Ordinal)).Select(static call => call[(call.IndexOf(": ", StringComparison.Ordinal))..]);
    }

    [SkippableFact]
    public void A_full_disk_ends_the_recording_of_answers_and_nothing_else()
    {
        Skip.IfNot(File.Exists("/dev/full"), "There is no disk that is always full.");
        string recording = Path.Combine(_folder.Path, "recorded.etl");
        File.CreateSymbolicLink(recording + FactRecorder.Extension, "/dev/full");
        PlayedSystem system = Play();
        using var source = new EtwSource(CaptureNeeds.All, system, recording);
        List<string> live = ReadAll(source, system);

        PlayedSystem without = Play();
        using var unrecorded = new EtwSource(CaptureNeeds.All, without);
        Assert.Equal(ReadAll(unrecorded, without), live);
        Assert.NotEqual(0, source.Capture.NotRecorded);
        Assert.NotNull(source.Capture.RecordingProblem);
    }

    [Fact]
    public void No_file_is_looked_into_where_no_rule_reads_what_is_in_it()
    {
        PlayedSystem system = Play();
        using var source = new EtwSource(new CaptureNeeds([new RuleEvent("file", null)], fields: ["file.path"]), system);

        Assert.Contains(ReadAll(source, system), static line => line.StartsWith("creation  ", StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_system_or_the_ring_loses_is_counted()
    {
        PlayedSystem system = Play(lost: 5);
        using var source = new EtwSource(CaptureNeeds.All, system, Path.Combine(_folder.Path, "recorded.etl"));
        ReadAll(source, system);

        Assert.Equal((5, 5), (source.Capture.LostByKernel, source.Capture.NotRecorded));
    }

    [Fact]
    public void A_session_that_somebody_else_ends_is_an_error()
    {
        PlayedSystem system = Play(isEndedByOthers: true);
        using var source = new EtwSource(CaptureNeeds.All, system);
        source.Start();

        var error = Assert.Throws<CaptureException>(() => Describe(source));
        Assert.Contains("Another program has ended the session 'CallStackRules'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Events_have_the_time_of_the_clock_that_was_set_while_the_session_runs()
    {
        PlayedSystem unset = Play();
        using var before = new EtwSource(CaptureNeeds.All, unset);
        var e = new EndpointEvent();
        before.Start();
        Assert.True(before.TryRead(e));
        long expected = e.UtcTicks!.Value + TimeSpan.TicksPerHour;

        PlayedSystem system = Play();
        system.Gate.Reset();
        using var source = new EtwSource(CaptureNeeds.All, system);
        source.Start();
        system.ClockSet = TimeSpan.FromHours(1);
        Assert.Equal(ReadResult.Nothing, source.Read(e, TimeSpan.Zero));
        system.Gate.Set();

        Assert.True(source.TryRead(e));
        Assert.Equal(expected, e.UtcTicks);
    }

    [Fact]
    public void A_session_that_was_left_behind_is_ended_first()
    {
        PlayedSystem system = Play();
        using var source = new EtwSource(CaptureNeeds.All, system);
        ReadAll(source, system);

        Assert.Equal(["end CallStackRules", "begin CallStackRules", "kernel CallStackRules: Process, ImageLoad, Network, Registry"], system.Calls[..3]);
    }

    [Fact]
    public void What_may_be_refused_is_said_and_the_rest_captured()
    {
        PlayedSystem system = Play(refused: EtwNeeds.ThreatIntelligence);
        using var source = new EtwSource(CaptureNeeds.All, system);

        Assert.NotEmpty(ReadAll(source, system));
        Assert.Contains("Microsoft-Windows-Threat-Intelligence", Assert.Single(source.Missing), StringComparison.Ordinal);
    }

    public static TheoryData<object> Refusals => [EtwNeeds.KernelProcess, "begin", "kernel", "open"];

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_session_that_is_refused_is_an_error_and_leaves_nothing_behind(object refused)
    {
        PlayedSystem system = Play(refused: refused);
        using var source = new EtwSource(CaptureNeeds.All, system);

        Assert.Throws<CaptureException>(source.Start);
        if (system.Read is not null)
            Assert.Equal("stop CallStackRules", system.Calls[^1]);
    }

    [Fact]
    public void An_account_without_rights_is_told_what_it_lacks()
    {
        string trace = Trace();
        Assert.Contains("elevated", Refuse(new PlayedSystem(trace, _facts) { IsElevated = false }), StringComparison.Ordinal);
        Assert.Contains("SeDebugPrivilege", Refuse(new PlayedSystem(trace, _facts) { MissingPrivilege = "SeDebugPrivilege" }), StringComparison.Ordinal);

        static string Refuse(PlayedSystem system)
        {
            using var source = new EtwSource(CaptureNeeds.All, system);
            string message = Assert.Throws<CaptureException>(source.Start).Message;
            Assert.Empty(system.Calls);
            return message;
        }
    }

    private PlayedSystem Play(object? refused = null, bool isEndedByOthers = false, long lost = 0) =>
        new(Trace(), _facts) { Refused = refused, IsEndedByOthers = isEndedByOthers, Lost = lost };

    /// <summary>Reads a session to its end, which comes when all is delivered.</summary>
    private static List<string> ReadAll(EtwSource source, PlayedSystem system)
    {
        source.Start();
        Assert.True(system.Read!.Delivered.Wait(Generous));
        source.Stop();
        return Describe(source);
    }

    private static List<string> Describe(IEventSource source)
    {
        var engine = new RuleEngine<EndpointEvent>(Pack.Rules);
        var e = new EndpointEvent();
        var described = new List<string>();
        while (source.TryRead(e))
        {
            described.Add($"{e.Event.Action}{e.Api.Name} {e.File.HeaderBytes} {e.Library.Path} {e.Library.Pe.OriginalFileName} {e.Library.CodeSignature.SubjectName} {e.Thread.CallStack.Summary} "
                + $"alerts {string.Join(", ", Pack.Push(engine, e).Select(static rule => rule.SourcePath))} "
                + $"of {e.Process?.Executable} {e.Process?.Hash.Sha256} {e.Registry.Path} "
                + string.Join(", ", Enumerable.Range(0, e.Thread.CallStack.Count).Select(i => $"{e.Thread.CallStack[i].SymbolInfo} {e.Thread.CallStack[i].Protection}")));
        }
        Assert.Empty(source.Statistics.FieldProblems);
        return described;
    }

    /// <summary>As a session writes it, without the drives: a library, a registry value that two providers tell of, a process, and a call from nowhere.</summary>
    private string Trace()
    {
        const long now = 30_000_000;
        var writer = new EtlWriter();
        var w = new WindowsEvents(writer);
        Creator(w);
        w.ProcessRundown(6, id: 70, parent: 10, @"\Device\HarddiskVolume2\Windows\System32\lsass.exe", elevation: 1, integrity: 0x4000);
        w.Registry(7, process: 10, thread: 11, kind: 24, key: 0xabc0, @"\REGISTRY\MACHINE\SOFTWARE\X");
        w.Image(now, thread: 11, kind: 10, process: 10, Library, 0x1_0000, @"\Device\HarddiskVolume7\temp\n.tmp");
        w.ImageLoad(now + 5, process: 10, thread: 11, Library, 0x1_0000, @"\Device\HarddiskVolume7\temp\n.tmp", [SystemCalls + 0x14, Program + 0x30]);
        w.Registry(now + 100, process: 10, thread: 11, kind: 14, key: 0xabc0, "Value", status: 0, Kernel, SystemCalls + 0x14, Nowhere);
        w.ValueSet(now + 105, process: 10, thread: 11, key: 0xB1, "Value", type: 4, [5, 0, 0, 0]);
        w.ProcessStart(now + 200, by: 10, thread: 11, id: 20, @"\Device\HarddiskVolume2\a\b.exe", [SystemCalls, Nowhere]);
        w.Process(now + 205, by: 10, thread: 11, kind: 1, id: 20, parent: 10, "b.exe", "b.exe -y");
        w.ManifestFileCreate(now + 250, process: 10, thread: 11, id: 30, file: 0xF1, @"\Device\HarddiskVolume2\a\new.png");
        w.OpenProcess(now + 300, process: 10, thread: 11, target: 70, access: 0x1010, result: 0, SystemCalls + 0x1014, Nowhere);
        return writer.Save(_folder.Path);
    }
}
