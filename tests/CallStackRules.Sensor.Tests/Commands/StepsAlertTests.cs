using System.Text.Json;

namespace CallStackRules.Sensor.Tests.Commands;

/// <summary>Alerts of rules over several events, compiled from the files in <c>StepsRules</c>.</summary>
public sealed class StepsAlertTests : IDisposable
{
    private const string Load =
        """{"@timestamp":"2024-05-01T10:00:05Z","event":{"category":["library"],"type":["start"],"action":"load"},"host":{"name":"WIN10"},"dll":{"path":"C:\\Temp\\planted.dll"},"process":{"pid":300,"entity_id":"c","name":"loader.exe","executable":"C:\\Apps\\loader.exe","thread":{"Ext":{"call_stack":[{"symbol_info":"C:\\Windows\\System32\\ntdll.dll!NtMapViewOfSection+0x14"},{"symbol_info":"Unbacked+0x1f0000"}]}}}}""";

    private const string NewProgram =
        """{"@timestamp":"2024-05-01T10:00:07Z","event":{"category":["file"],"action":"creation"},"host":{"name":"WIN10"},"file":{"path":"C:\\a.exe","extension":"exe"},"user":{"name":"ann"}}""";

    private const string NewValue =
        """{"@timestamp":"2024-05-01T10:00:06Z","event":{"category":["registry"],"action":"modification"},"host":{"name":"WIN10"},"registry":{"path":"HKCU\\Software\\Run\\a","value":"a"}}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_alert_is_the_event_that_completed_the_match_with_its_stack_and_what_was_kept_of_every_step()
    {
        Outcome outcome = await ReplayAsync(["--json"], Start("loader.exe", "c"), Load);

        Assert.Equal(2, outcome.Json.Count);
        JsonElement alert = outcome.Json[0];
        Assert.Equal("alert", alert.GetProperty("event").GetProperty("kind").GetString());
        Assert.Equal(73, alert.GetProperty("event").GetProperty("severity").GetInt32());
        Assert.Equal("library", alert.GetProperty("event").GetProperty("category")[0].GetString());
        Assert.Equal("33333333-3333-4333-8333-333333333333", alert.GetProperty("rule").GetProperty("id").GetString());
        Assert.Equal("T1574.002", alert.GetProperty("threat").GetProperty("technique")[0].GetProperty("id").GetString());
        Assert.Equal(
            "Unbacked+0x1f0000",
            alert.GetProperty("process").GetProperty("thread").GetProperty("Ext").GetProperty("call_stack")[1].GetProperty("symbol_info").GetString());
        Assert.Equal(
            [
                """{"step":0,"@timestamp":"2024-05-01T10:00:00.0000000Z","event":{"action":"start","category":["process"],"type":["start"]},"host":{"name":"WIN10"},"process":{"command_line":"loader.exe --now","entity_id":"c","executable":"C:\\Apps\\loader.exe","name":"loader.exe","pid":300}}""",
                """{"step":1,"@timestamp":"2024-05-01T10:00:05.0000000Z","dll":{"path":"C:\\Temp\\planted.dll"},"event":{"action":"load","category":["library"],"type":["start"]},"host":{"name":"WIN10"},"process":{"entity_id":"c","executable":"C:\\Apps\\loader.exe","name":"loader.exe","pid":300}}""",
            ],
            alert.GetProperty("steps").EnumerateArray().Select(step => step.GetRawText()));
        Assert.Equal("""{"33333333-3333-4333-8333-333333333333":1}""", outcome.Json[1].GetProperty("summary").GetProperty("rules").GetRawText());
    }

    [Theory]
    [InlineData("""{"@timestamp":"2024-05-01T10:00:11Z","event":{"category":["file"],"action":"open"},"process":{"entity_id":"other"}}""")]
    [InlineData(null)]
    public async Task An_alert_that_time_or_the_end_completed_is_what_was_kept_of_its_last_event(string? later)
    {
        Outcome outcome = await ReplayAsync(["--json"], later is null ? [Start("beacon.exe", "c")] : [Start("beacon.exe", "c"), later]);

        Assert.Equal(2, outcome.Json.Count);
        JsonElement alert = outcome.Json[0];
        Assert.Equal(["@timestamp", "event", "host", "process", "rule", "steps"], alert.EnumerateObject().Select(property => property.Name));
        Assert.Equal("2024-05-01T10:00:00.0000000Z", alert.GetProperty("@timestamp").GetString());
        Assert.Equal("""{"action":"start","category":["process"],"type":["start"],"kind":"alert","severity":47}""", alert.GetProperty("event").GetRawText());
        Assert.Equal("beacon.exe", alert.GetProperty("process").GetProperty("name").GetString());
        JsonElement step = Assert.Single(alert.GetProperty("steps").EnumerateArray());
        Assert.Equal(0, step.GetProperty("step").GetInt32());
        Assert.False(step.GetProperty("event").TryGetProperty("kind", out _));
    }

    [Fact]
    public async Task The_steps_of_a_sample_stand_as_written_and_the_alert_is_the_event_that_came_last()
    {
        Outcome outcome = await ReplayAsync(["--json"], NewProgram.Replace("10:00:07", "10:00:01", StringComparison.Ordinal), NewValue);
        Outcome reversed = await ReplayAsync(["--json"], NewValue, NewProgram);

        Assert.Equal("registry", outcome.Json[0].GetProperty("event").GetProperty("category")[0].GetString());
        Assert.Equal("file", reversed.Json[0].GetProperty("event").GetProperty("category")[0].GetString());
        foreach (Outcome either in (Outcome[])[outcome, reversed])
        {
            Assert.Equal(
                ["0 file", "1 registry"],
                either.Json[0].GetProperty("steps").EnumerateArray()
                    .Select(step => $"{step.GetProperty("step").GetInt32()} {step.GetProperty("event").GetProperty("category")[0].GetString()}"));
        }
    }

    [Fact]
    public async Task People_see_every_step_and_the_stack_of_the_event_that_completed_the_match()
    {
        Outcome outcome = await ReplayAsync([], Start("loader.exe", "c"), Load);

        Assert.StartsWith(
            """
            ── HIGH  A started process loads a planted library ─
              why      A process loads a library from a temporary folder soon after its start.
              rule     StepsRules/library-after-start.eql T1574.002
              step 0   2024-05-01 10:00:00.000Z on WIN10  process start
              process  loader.exe (300)  C:\Apps\loader.exe
              command  loader.exe --now
              step 1   2024-05-01 10:00:05.000Z on WIN10  library load
              process  loader.exe (300)  C:\Apps\loader.exe
                       dll.path  C:\Temp\planted.dll
              stack    0  C:\Windows\System32\ntdll.dll!NtMapViewOfSection+0x14
                       1  Unbacked+0x1f0000  ◀ unbacked

            """.ReplaceLineEndings("\n"),
            string.Join('\n', outcome.Output.Split('\n').Select(line => line.StartsWith('─') ? line.TrimEnd('─') + '─' : line.TrimEnd())),
            StringComparison.Ordinal);
        Assert.Contains("2 events, 2 used, 1 alerts.", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_count_gives_are_numbers_and_values_without_events()
    {
        string[] events = [Start("a.exe", "1"), Start("b.exe", "2"), Start("a.exe", "3"), Start("a.exe", "4")];

        Outcome outcome = await ReplayPipeAsync("process where true | count process.name, host.name", ["--json"], events);

        Assert.Equal(
            ["""{"count":3,"share":0.75,"values":["a.exe","WIN10"]}""", """{"count":1,"share":0.25,"values":["b.exe","WIN10"]}"""],
            outcome.Json[..^1].Select(alert => alert.GetProperty("count").GetRawText()));
        Assert.All(outcome.Json[..^1], alert => Assert.Empty(alert.GetProperty("steps").EnumerateArray()));
        Assert.Equal(2, outcome.Json[^1].GetProperty("summary").GetProperty("alerts").GetInt32());
    }

    [Fact]
    public async Task What_unique_count_gives_is_the_first_event_of_each_value_with_its_number()
    {
        string[] events = [Start("a.exe", "1"), Start("b.exe", "2"), Start("a.exe", "3"), Start("a.exe", "4")];

        Outcome json = await ReplayPipeAsync("process where true | unique_count process.name", ["--json"], events);
        Outcome text = await ReplayPipeAsync("process where true | unique_count process.name", [], events);

        Assert.Equal(
            [("1", """{"count":3,"share":0.75,"values":["a.exe"]}"""), ("2", """{"count":1,"share":0.25,"values":["b.exe"]}""")],
            json.Json[..^1].Select(alert => (
                alert.GetProperty("steps")[0].GetProperty("process").GetProperty("entity_id").GetString()!, alert.GetProperty("count").GetRawText())));
        Assert.Matches("count +3 .75.?%. a.exe", text.Output);
    }

    [Fact]
    public async Task Fail_on_counts_them_too() =>
        Assert.Equal(1, (await ReplayAsync(["--fail-on", "high"], Start("loader.exe", "c"), Load)).ExitCode);

    [Theory]
    [InlineData("1", 0, 1)]
    [InlineData("2", 1, 0)]
    public async Task Beyond_max_pending_the_oldest_match_is_given_up_and_counted(string maxPending, int alerts, int evicted)
    {
        Outcome outcome = await ReplayAsync(["--json", "--max-pending", maxPending], Start("loader.exe", "c"), Start("other.exe", "d"), Load);

        JsonElement summary = outcome.Json[^1].GetProperty("summary");
        Assert.Equal(alerts, summary.GetProperty("alerts").GetInt32());
        Assert.Equal(evicted, summary.TryGetProperty("evictedMatches", out JsonElement count) ? count.GetInt32() : 0);
    }

    [Fact]
    public async Task Ancestry_is_remembered_from_event_to_event()
    {
        const string Deletion = """{"@timestamp":"2024-05-01T10:00:09Z","event":{"category":["file"],"action":"deletion"},"process":{"entity_id":"c"}}""";

        Outcome below = await ReplayAsync(["--json"], Start("winword.exe", "w"), Start("cmd.exe", "c", parent: "w"), Deletion);
        Outcome elsewhere = await ReplayAsync(["--json"], Start("winword.exe", "w"), Start("cmd.exe", "c", parent: "x"), Deletion);

        Assert.Equal("66666666-6666-4666-8666-666666666666", below.Json[0].GetProperty("rule").GetProperty("id").GetString());
        Assert.Single(elsewhere.Json);
    }

    private static string Start(string name, string id, string? parent = null)
    {
        string parentPart = parent is null ? "" : $$""","parent":{"entity_id":"{{parent}}"}""";
        return $$$"""{"@timestamp":"2024-05-01T10:00:00Z","event":{"category":["process"],"type":["start"],"action":"start"},"host":{"name":"WIN10"},"process":{"pid":300,"entity_id":"{{{id}}}","name":"{{{name}}}","executable":"C:\\Apps\\{{{name}}}","command_line":"{{{name}}} --now"{{{parentPart}}}}}""";
    }

    private Task<Outcome> ReplayAsync(string[] options, params string[] events) =>
        CommandLine.RunAsync(new RulePack(), CancellationToken.None, ["replay", .. options, _folder.Write("events.ndjson", events)]);

    /// <summary>Replays events with one rule that is compiled here.</summary>
    private Task<Outcome> ReplayPipeAsync(string query, string[] options, string[] events)
    {
        string rules = _folder["Rules.dll"];
        File.WriteAllBytes(rules, RuleAssembly.OfRule("aaaaaaaa-0000-4000-8000-000000000001", "Rule", query));
        return CommandLine.RunAsync(["replay", _folder.Write("piped.ndjson", events), "--rules", rules, .. options]);
    }
}
