using System.Text.Json;

namespace CallStackRules.Sensor.Tests.Commands;

public sealed class ReplayCommandTests : IDisposable
{
    private const string UnbackedStart =
        """{"@timestamp":"2024-05-01T10:11:12.123Z","event":{"category":["process"],"type":["start"],"action":"start"},"host":{"name":"WIN10","os":{"type":"windows"}},"process":{"pid":300,"entity_id":"c","name":"loader.exe","executable":"C:\\Temp\\loader.exe","command_line":"loader.exe --now","parent":{"pid":200,"entity_id":"b","name":"cmd.exe","executable":"C:\\Windows\\System32\\cmd.exe"},"thread":{"Ext":{"call_stack":[{"symbol_info":"C:\\Windows\\System32\\ntdll.dll!NtCreateUserProcess+0x14"},{"symbol_info":"Unbacked+0x1f0000"}]}}}}""";

    private const string PlainFile = """{"@timestamp":"2024-05-01T10:11:13Z","event":{"category":["file"],"type":["creation"],"action":"creation"},"file":{"path":"C:\\a.txt"}}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Json_is_an_alert_a_line_and_the_summary_last()
    {
        Outcome outcome = await CommandLine.RunAsync("replay", "--json", _folder.Write("a.ndjson", UnbackedStart, PlainFile, "broken"));

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(3, outcome.Json.Count);
        JsonElement alert = outcome.Json[0];
        Assert.StartsWith("2024-05-01T10:11:12.123", alert.GetProperty("@timestamp").GetString(), StringComparison.Ordinal);
        Assert.Equal("alert", alert.GetProperty("event").GetProperty("kind").GetString());
        Assert.Equal(73, alert.GetProperty("event").GetProperty("severity").GetInt32());
        Assert.Equal("start", alert.GetProperty("event").GetProperty("action").GetString());
        Assert.Equal("process", alert.GetProperty("event").GetProperty("category")[0].GetString());
        Assert.Equal("start", alert.GetProperty("event").GetProperty("type")[0].GetString());
        Assert.Equal(
            """{"id":"11111111-1111-4111-8111-111111111111","name":"Code without a file acts","severity":"high","description":"Unbacked code is on the stack.","reference":"https://example.org/unbacked"}""",
            alert.GetProperty("rule").GetRawText());
        JsonElement threat = alert.GetProperty("threat");
        Assert.Equal("MITRE ATT&CK", threat.GetProperty("framework").GetString());
        Assert.Equal(["T1055.001", "T1620"], threat.GetProperty("technique").EnumerateArray().Select(technique => technique.GetProperty("id").GetString()));
        Assert.Equal("TA0005", threat.GetProperty("tactic")[0].GetProperty("id").GetString());
        JsonElement process = alert.GetProperty("process");
        Assert.Equal(300, process.GetProperty("pid").GetInt32());
        Assert.Equal("loader.exe --now", process.GetProperty("command_line").GetString());
        Assert.Equal("cmd.exe", process.GetProperty("parent").GetProperty("name").GetString());
        JsonElement thread = process.GetProperty("thread").GetProperty("Ext");
        Assert.Equal("Unbacked+0x1f0000", thread.GetProperty("call_stack")[1].GetProperty("symbol_info").GetString());
        Assert.Equal("ntdll.dll|Unbacked", thread.GetProperty("call_stack_summary").GetString());
        Assert.Equal("WIN10", alert.GetProperty("host").GetProperty("name").GetString());
        Assert.Equal(21, outcome.Json[1].GetProperty("event").GetProperty("severity").GetInt32());
    }

    [Fact]
    public async Task The_summary_counts_events_reasons_and_alerts_by_rule()
    {
        Outcome outcome = await CommandLine.RunAsync("replay", "--json", _folder.Write("a.ndjson", UnbackedStart, PlainFile, "broken"));

        JsonElement summary = Assert.Single(outcome.Json[^1].EnumerateObject()).Value;
        Assert.Equal(["events", "used", "unused", "alerts", "rules", "seconds", "bytesPerEvent"], summary.EnumerateObject().Select(property => property.Name));
        Assert.Equal(3, summary.GetProperty("events").GetInt64());
        Assert.Equal(2, summary.GetProperty("used").GetInt64());
        Assert.Equal(1, Assert.Single(summary.GetProperty("unused").EnumerateObject()).Value.GetInt64());
        Assert.Equal(2, summary.GetProperty("alerts").GetInt64());
        Assert.Equal(
            """{"11111111-1111-4111-8111-111111111111":1,"22222222-2222-4222-8222-222222222222":1}""", summary.GetProperty("rules").GetRawText());
        Assert.True(summary.GetProperty("seconds").GetDouble() >= 0);
        Assert.True(summary.GetProperty("bytesPerEvent").GetDouble() >= 0);
    }

    [Fact]
    public async Task Lines_that_cannot_be_read_are_named_on_standard_error()
    {
        string file = _folder.Write("a.ndjson", UnbackedStart, "broken");

        Outcome outcome = await CommandLine.RunAsync("replay", "--json", file);

        Assert.Contains($"{file}:2: ", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData("low", 1)]
    [InlineData("medium", 1)]
    [InlineData("high", 1)]
    [InlineData("critical", 0)]
    public async Task Fail_on_ends_with_1_when_an_alert_is_as_severe(string? severity, int expected)
    {
        string[] option = severity is null ? [] : ["--fail-on", severity];

        Outcome outcome = await CommandLine.RunAsync(["replay", _folder.Write("a.ndjson", UnbackedStart), .. option]);

        Assert.Equal(expected, outcome.ExitCode);
    }

    [Fact]
    public async Task Without_alerts_fail_on_ends_with_0() =>
        Assert.Equal(0, (await CommandLine.RunAsync("replay", "--fail-on", "low", _folder.Write("a.ndjson", PlainFile))).ExitCode);

    [Fact]
    public async Task People_see_alerts_and_counts()
    {
        Outcome outcome = await CommandLine.RunAsync("replay", _folder.Write("a.ndjson", UnbackedStart, PlainFile));

        Assert.Contains("HIGH  Code without a file acts", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Unbacked+0x1f0000  ◀ unbacked", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("2 events, 2 used, 2 alerts.", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', outcome.Output);
    }

    [Fact]
    public async Task A_missing_file_ends_with_3_and_is_named()
    {
        Outcome outcome = await CommandLine.RunAsync("replay", "--json", _folder["none.ndjson"]);

        Assert.Equal(3, outcome.ExitCode);
        Assert.Empty(outcome.Output);
        Assert.Contains("none.ndjson", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_later_file_that_is_missing_is_noticed_before_anything_is_printed()
    {
        Outcome outcome = await CommandLine.RunAsync("replay", "--json", _folder.Write("a.ndjson", UnbackedStart), _folder["none.ndjson"]);

        Assert.Equal(3, outcome.ExitCode);
        Assert.Empty(outcome.Output);
    }

    [Fact]
    public async Task A_recording_of_which_nothing_can_be_used_ends_with_3_after_its_summary()
    {
        Outcome outcome = await CommandLine.RunAsync("replay", "--json", "--format", "ecs", _folder.Write("a.ndjson", "broken", "too"));

        Assert.Equal(3, outcome.ExitCode);
        Assert.Equal(0, Assert.Single(outcome.Json).GetProperty("summary").GetProperty("used").GetInt64());
    }

    [Theory]
    [InlineData("--format", "xml")]
    [InlineData("--fail-on", "severe")]
    [InlineData("--event-stacks", "sometimes")]
    [InlineData("--max-pending", "0")]
    [InlineData("--max-pending", "many")]
    public async Task An_unknown_word_ends_with_2(string option, string value)
    {
        Outcome outcome = await CommandLine.RunAsync("replay", _folder.Write("a.ndjson", PlainFile), option, value);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Empty(outcome.Output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Events_are_written_to_a_file_with_stacks_only_when_asked_for(bool hasStacks)
    {
        string[] option = hasStacks ? ["--event-stacks", "always"] : [];

        Outcome outcome = await CommandLine.RunAsync(
            ["replay", "--json", _folder.Write("a.ndjson", UnbackedStart, PlainFile), "--events", _folder["events.ndjson"], .. option]);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(3, outcome.Json.Count);
        string[] events = File.ReadAllLines(_folder["events.ndjson"]);
        Assert.Equal(2, events.Length);
        JsonElement thread = JsonDocument.Parse(events[0]).RootElement.GetProperty("process").GetProperty("thread").GetProperty("Ext");
        Assert.Equal(hasStacks, thread.TryGetProperty("call_stack", out _));
        Assert.Equal("creation", JsonDocument.Parse(events[1]).RootElement.GetProperty("event").GetProperty("action").GetString());
    }

    [Fact]
    public async Task Events_on_standard_output_have_it_for_themselves()
    {
        Outcome outcome = await CommandLine.RunAsync("replay", _folder.Write("a.ndjson", UnbackedStart, PlainFile), "--events", "-");

        Assert.Equal(2, outcome.Json.Count);
        Assert.Contains("HIGH  Code without a file acts", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_never_overwrite_the_recording()
    {
        string file = _folder.Write("a.ndjson", PlainFile);

        Outcome outcome = await CommandLine.RunAsync("replay", file, "--events", Path.Combine(_folder.Path, ".", "a.ndjson"));

        Assert.Equal(2, outcome.ExitCode);
        Assert.Equal(PlainFile + "\n", File.ReadAllText(file));
    }

    [Fact]
    public async Task A_stopped_replay_still_prints_its_counts_and_ends_with_130()
    {
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        Outcome outcome = await CommandLine.RunAsync(new TestRules(), cancellation.Token, "replay", "--json", _folder.Write("a.ndjson", PlainFile));

        Assert.Equal(130, outcome.ExitCode);
        Assert.Equal(0, Assert.Single(outcome.Json).GetProperty("summary").GetProperty("events").GetInt64());
    }

    [SkippableFact]
    public async Task All_events_of_the_Sysmon_recordings_are_read_and_accounted_for()
    {
        string recordings = Path.Combine(Repository.Root, "..", "shared", "data", "sysmon");
        Skip.IfNot(Directory.Exists(recordings), $"There is no folder {recordings}.");
        string[] files = Directory.GetFiles(recordings, "*.gz");

        Outcome outcome = await CommandLine.RunAsync(["replay", "--format", "sysmon", .. files, "--json"]);

        JsonElement summary = outcome.Json[^1].GetProperty("summary");
        long events = summary.GetProperty("events").GetInt64();
        long unused = summary.GetProperty("unused").EnumerateObject().Sum(reason => reason.Value.GetInt64());
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(126_967, events);
        Assert.Equal(events, summary.GetProperty("used").GetInt64() + unused);
        Assert.Equal(outcome.Json.Count - 1, summary.GetProperty("alerts").GetInt64());
        Assert.True(summary.GetProperty("alerts").GetInt64() > 0);
    }
}
