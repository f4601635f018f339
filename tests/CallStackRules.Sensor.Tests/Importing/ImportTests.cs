using System.Text.Json;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Sensor.Tests.Importing;

public sealed class ImportTests : IDisposable
{
    private const string Id = "3f0c6a52-0000-4000-8000-000000000001";
    private const string OtherId = "9a0c6a52-0000-4000-8000-000000000002";

    private const string Full =
        """"
        [rule]
        description = """
        Finds it. See https://example.org//x for more. And then
        @more: all of it.
        """
        id = "3F0C6A52-0000-4000-8000-000000000001"
        license = "Some licence v2"
        name = "Café: a \"Rule's\" name / 2"
        os_list = ["windows"]
        reference = ["https://example.org/a", "https://example.org/b"]
        version = "1.0.4"
        reputation = true
        query = '''

        // why it is so
        process where process.name : "a\\b.exe"   // here
        '''
        min_endpoint_version = "8.1.0"
        max_endpoint_version = "8.14.1"
        actions = []
        [[actions]]
        action = "kill_process"
        field = "process.entity_id"
        state = 0
        tree = true
        [[actions]]
        action = "kill_process"
        field = "process.parent.entity_id"
        state = 1
        [[optional_actions]]
        action = "rollback"
        field = "process.entity_id"
        state = 0
        [[threat]]
        framework = "MITRE ATT&CK"
        [[threat.technique]]
        id = "T1552"
        name = "Unsecured Credentials"
        reference = "https://attack.mitre.org/techniques/T1552/"
        [[threat.technique.subtechnique]]
        id = "T1552.001"
        name = "Credentials In Files"
        reference = "https://attack.mitre.org/techniques/T1552/001/"
        [threat.tactic]
        id = "TA0006"
        name = "Credential Access"
        reference = "https://attack.mitre.org/tactics/TA0006/"
        [[threat]]
        framework = "MITRE ATT&CK"
        [threat.tactic]
        id = "TA0005"
        name = "Defense Evasion"
        reference = "https://attack.mitre.org/tactics/TA0005/"
        [internal]
        min_endpoint_version = "8.1.0"
        """";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_rule_becomes_a_file_with_every_tag_its_comments_and_its_query()
    {
        _folder.Write("in/full.toml", Full);

        JsonElement report = await Import(exitCode: 0);

        Assert.Equal(
            """
            // Imported from full.toml. The next import overwrites this file, unless this line is removed.
            // @id          3f0c6a52-0000-4000-8000-000000000001
            // @name        Café: a "Rule's" name / 2
            // @description Finds it. See https://example.org//x for more. And then @more: all of it.
            // @os          windows
            // @technique   T1552 T1552.001
            // @tactic      TA0006 TA0005
            // @reference   https://example.org/a
            // @reference   https://example.org/b
            // @action      kill_process process.entity_id tree
            // @action      kill_process process.parent.entity_id state=1
            // @optional_action rollback process.entity_id
            // @license     Some licence v2
            // @version     1.0.4
            // @min_endpoint_version 8.1.0
            // @max_endpoint_version 8.14.1
            // @reputation  true


            // why it is so
            process where process.name : "a\\b.exe"   // here

            """.ReplaceLineEndings("\n"),
            Read("windows/credential-access/cafe-a-rules-name-2.eql"));
        Assert.Equal(0, report.GetProperty("notCarried").GetInt32());
        Assert.Equal(1, report.GetProperty("compiled").GetInt32());
    }

    [Theory]
    [InlineData("query = '''process where process.name : \"a\\\\b\"'''")]
    [InlineData("query = \"process where process.name : \\\"a\\\\\\\\b\\\"\"")]
    [InlineData("query = \"\"\"\nprocess where process.name : \\\n   \"a\\\\\\\\b\\\"\"\"\"")]
    public async Task Escapes_of_the_file_are_resolved_and_those_of_the_query_stay(string query)
    {
        WriteRule("a", query);

        await Import(exitCode: 0);

        string text = Read("windows/execution/a.eql");
        Assert.EndsWith("process where process.name : \"a\\\\b\"\n", text, StringComparison.Ordinal);
        Assert.Empty(RuleFile.Parse(text).Diagnostics);
    }

    [Fact]
    public async Task Importing_twice_changes_nothing()
    {
        WriteRule("a", "query = 'process where true'");
        WriteRule("b", "query = 'process where false'", OtherId);
        JsonElement first = await Import(exitCode: 0);
        Dictionary<string, (string, DateTime)> before = Snapshot();

        JsonElement second = await Import(exitCode: 0);

        Assert.Equal(2, first.GetProperty("written").GetInt32());
        Assert.Equal(0, second.GetProperty("written").GetInt32());
        Assert.Equal(2, second.GetProperty("unchanged").GetInt32());
        Assert.Equal(before, Snapshot());
        Assert.Equal(3, before.Count);
    }

    [Fact]
    public async Task Rules_of_one_name_get_a_piece_of_the_id_and_keep_their_files()
    {
        WriteRule("b", "query = 'process where true'", OtherId, name: "Same");
        await Import(exitCode: 0);
        WriteRule("a", "query = 'process where true'", name: "same!");
        await Import(exitCode: 0);

        Assert.Contains(OtherId, Read("windows/execution/same.eql"), StringComparison.Ordinal);
        Assert.Contains(Id, Read("windows/execution/same-3f0c6a52.eql"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_changed_is_overwritten_and_one_that_was_renamed_moves()
    {
        WriteRule("a", "query = 'process where true'");
        await Import(exitCode: 0);
        WriteRule("a", "query = 'process where false'", name: "new");

        await Import(exitCode: 0);

        Assert.False(File.Exists(_folder["out/windows/execution/a.eql"]));
        Assert.EndsWith("process where false\n", Read("windows/execution/new.eql"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_written_by_hand_is_never_touched()
    {
        string edited = _folder.Write("out/mine/kept.eql", $"// @id {Id}", "// @name Mine", "process where true");
        string sameName = _folder.Write("out/windows/execution/b.eql", "not a rule");
        string before = File.ReadAllText(edited);
        WriteRule("a", "query = 'process where false'");
        WriteRule("b", "query = 'process where false'", OtherId);

        JsonElement report = await Import(exitCode: 0);

        Assert.Equal(before, File.ReadAllText(edited));
        Assert.Equal("not a rule\n", File.ReadAllText(sameName));
        Assert.Equal(1, report.GetProperty("kept").GetInt32());
        Assert.Equal(edited, report.GetProperty("keptFiles")[0].GetProperty("kept").GetString());
        Assert.True(File.Exists(_folder["out/windows/execution/b-9a0c6a52.eql"]));
    }

    [Theory]
    [InlineData("note = 'x'", "rule.note", "no tag holds it")]
    [InlineData("version = 3", "rule.version", "it is not text")]
    [InlineData("reputation = 'yes'", "rule.reputation", "it is not true or false")]
    [InlineData("severity = 'awful'", "rule.severity", "'awful' is none of low, medium, high, critical")]
    [InlineData("references = ['https://a.example/x,y']", "rule.references", "'https://a.example/x,y' holds a blank")]
    [InlineData("description = 'a // b'", "rule.description", "'//' behind a blank would end the tag")]
    [InlineData("type = 'new_terms'", "rule.type", "there is no tag for rules of type 'new_terms'")]
    [InlineData("[metadata]\nmaturity = 'x'", "metadata", "no tag holds it")]
    [InlineData("[internal]\nx = 1", "internal.x", "no tag holds it")]
    [InlineData("[[actions]]\naction = 'explode'\nfield = 'process.pid'", "actions[0].action", "'explode' is none of")]
    [InlineData("[[actions]]\naction = 'kill_process'", "actions[0].field", "'' is no field")]
    [InlineData("[[actions]]\naction = 'kill_process'\nfield = 'a b'", "actions[0].field", "'a b' is no field")]
    [InlineData("[[actions]]\naction = 'kill_process'\nfield = 'process.entity_id'\nstate = -1", "actions[0].state", "-1 is no step")]
    [InlineData("[[actions]]\naction = 'kill_process'\nfield = 'process.entity_id'\nwhen = 1", "actions[0].when", "no tag holds it")]
    [InlineData("[[threat]]\nframework = 'ATLAS'", "threat[1].framework", "tags are of MITRE ATT&CK, not of 'ATLAS'")]
    [InlineData("[[threat]]\n[[threat.technique]]\nid = 'AML.T1'", "threat[1].technique[0].id", "'AML.T1' is no id of MITRE ATT&CK")]
    [InlineData("actions = 3", "rule.actions", "it is not a list of tables")]
    public async Task What_a_rule_file_cannot_carry_is_reported_with_key_and_reason(string toml, string key, string why)
    {
        WriteRule("a", $"query = 'process where true'\n{toml}");

        JsonElement report = await Import(exitCode: 0);

        JsonElement loss = Assert.Single(report.GetProperty("losses").EnumerateArray());
        Assert.Equal(_folder["in/a.toml"], loss.GetProperty("file").GetString());
        Assert.Equal(key, loss.GetProperty("key").GetString());
        Assert.StartsWith(why, loss.GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, report.GetProperty("compiled").GetInt32());
        Assert.Equal(1, report.GetProperty("notCarried").GetInt32());
    }

    [Fact]
    public async Task A_tag_in_the_comments_of_a_query_is_not_one_of_the_rule()
    {
        WriteRule("a", "query = '''\n// see: // @id 1\n\n// @nonsense\nprocess where true'''");

        await Import(exitCode: 0);

        RuleFile file = RuleFile.Parse(Read("windows/execution/a.eql"));
        Assert.Empty(file.Diagnostics);
        Assert.Equal(Id, file.Metadata.Id!.Value.Value);
    }

    [Fact]
    public async Task A_mistake_in_one_file_does_not_stop_the_others()
    {
        _folder.Write("in/1.toml", "[rule");
        _folder.Write("in/2.toml", "[rule]", "query = 'process where true'", "name = 'no id'");
        _folder.Write("in/3.toml", "[rule]", "query = 'process where true'", "name = 'bad id'", "id = '../../x'");
        _folder.Write("in/4.toml", "[rule]", "query = 'process where true'", $"id = '{OtherId}'");
        File.WriteAllBytes(_folder["in/5.toml"], [0x5B, 0xFF]);
        WriteRule("6", "query = 'process where true'");
        WriteRule("7", "query = 'process where true'", name: "another");

        JsonElement report = await Import(exitCode: 3);

        Assert.Equal(1, report.GetProperty("written").GetInt32());
        string[] whys = [.. report.GetProperty("failures").EnumerateArray().Select(failure => failure.GetProperty("why").GetString()!)];
        Assert.Equal(6, whys.Length);
        Assert.StartsWith("(1,", whys[0], StringComparison.Ordinal);
        Assert.Contains("no text 'id'", whys[1], StringComparison.Ordinal);
        Assert.Contains("'../../x' is no UUID", whys[2], StringComparison.Ordinal);
        Assert.Contains("no text 'name'", whys[3], StringComparison.Ordinal);
        Assert.Contains("not UTF-8", whys[4], StringComparison.Ordinal);
        Assert.Contains($"the id of {_folder["in/6.toml"]}", whys[5], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_in_another_language_is_left_out_and_counted()
    {
        _folder.Write("in/1.toml", "[rule]", "query = 'from x'", "language = 'esql'", $"id = '{OtherId}'", "name = 'x'");
        WriteRule("2", "query = 'process where true'\nlanguage = 'eql'\ntype = 'eql'");

        JsonElement report = await Import(exitCode: 0);

        Assert.Equal(1, report.GetProperty("written").GetInt32());
        Assert.Equal("""{"esql":1}""", report.GetProperty("otherLanguages").GetRawText());
        Assert.Empty(report.GetProperty("failures").EnumerateArray());
    }

    [Fact]
    public async Task A_rule_that_is_published_once_for_each_operating_system_is_one_rule()
    {
        WriteRule("1/a", "query = 'process where true'", name: "a", systems: "[\"linux\", \"windows\"]");
        WriteRule("2/a", "query = 'process where true'", name: "a", systems: "[\"macos\"]");

        JsonElement report = await Import(exitCode: 0);

        Assert.Equal(2, report.GetProperty("imported").GetInt32());
        Assert.Equal(1, report.GetProperty("rules").GetInt32());
        Assert.Contains("// @os          linux windows macos\n", Read("cross-platform/execution/a.eql"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_that_do_not_compile_are_imported_and_listed_with_their_first_error()
    {
        WriteRule("a", "query = 'process where proces.name == \"a\"'");

        JsonElement report = await Import(exitCode: 1);

        JsonElement error = Assert.Single(report.GetProperty("firstErrors").EnumerateArray());
        Assert.Equal("EQL1001", error.GetProperty("code").GetString());
        Assert.Equal(_folder["out/windows/execution/a.eql"], error.GetProperty("file").GetString());
        Assert.Equal(1, report.GetProperty("imported").GetInt32());
        Assert.Equal(0, report.GetProperty("compiled").GetInt32());
    }

    [Theory]
    [InlineData("[]", "cross-platform")]
    [InlineData("[\"linux\"]", "linux")]
    [InlineData("[\"linux\", \"macos\"]", "cross-platform")]
    public async Task Rules_lie_by_operating_system(string systems, string folder)
    {
        WriteRule("a", "query = 'process where true'", systems: systems);

        await Import(exitCode: 0);

        Assert.True(File.Exists(_folder[$"out/{folder}/execution/a.eql"]));
    }

    [Fact]
    public async Task The_project_file_is_written_once()
    {
        WriteRule("a", "query = 'process where true'");
        await Import(exitCode: 0);
        string project = _folder["out/Rules.csproj"];
        Assert.Contains("<PackageReference Include=\"CallStackRules\" Version=\"", File.ReadAllText(project), StringComparison.Ordinal);
        File.WriteAllText(project, "mine");

        await Import(exitCode: 0);

        Assert.Equal("mine", File.ReadAllText(project));
    }

    [Fact]
    public async Task A_checkout_can_take_the_place_of_the_package()
    {
        WriteRule("a", "query = 'process where true'");

        Outcome bad = await CommandLine.RunAsync("import", _folder["in"], "--output", _folder["out"], "--reference", _folder["in"]);
        Assert.Equal(2, bad.ExitCode);
        Outcome good = await CommandLine.RunAsync("import", _folder["in"], "--output", _folder["out"], "--reference", Repository.Root);

        Assert.Equal(0, good.ExitCode);
        string library = Path.GetRelativePath(_folder["out"], Path.Combine(Repository.Root, "src", "CallStackRules", "CallStackRules.csproj")).Replace('\\', '/');
        Assert.Contains($"<ProjectReference Include=\"{library}\" />", File.ReadAllText(_folder["out/Rules.csproj"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_see_each_finding_and_the_counts()
    {
        WriteRule("a", "query = 'process where proces.name == \"a\"'\nnote = 'x'");
        _folder.Write("in/b.toml", "[rule]");

        Outcome outcome = await CommandLine.RunAsync("import", _folder["in"], _folder["none"], "--output", _folder["out"]);

        Assert.Equal(3, outcome.ExitCode);
        Assert.Equal(
            $"""
            {_folder["none"]}: no such file or folder.
            {_folder["in/b.toml"]}(1,1): The file has no text 'query' in a table [rule]; it is not a rule.
            {_folder["in/a.toml"]}: not carried: rule.note: no tag holds it.
            {_folder["out/windows/execution/a.eql"]}(7,15): error EQL1001: There is no field 'proces.name'. Did you mean 'process.name'?
            Files: 2, imported: 1, kept: 0, failed: 2. Not carried: 1.
            Rules: 1 (1 written, 0 unchanged), compiled: 0, errors: 1.
            Build them with: dotnet build -c Release {_folder["out"]}

            """.ReplaceLineEndings("\n"),
            outcome.Output);
    }

    [SkippableFact]
    public async Task Every_public_rule_is_carried_whole()
    {
        string rules = Path.Combine(Repository.Root, "..", "shared", "data", "rules-elastic");
        Skip.IfNot(Directory.Exists(rules), $"There is no folder {rules}.");

        Outcome outcome = await CommandLine.RunAsync("import", rules, "--output", _folder["out"], "--json");

        JsonElement report = Assert.Single(outcome.Json);
        Assert.Equal(683, report.GetProperty("imported").GetInt32());
        // Three are published twice, once for other operating systems.
        Assert.Equal(680, report.GetProperty("rules").GetInt32());
        Assert.Equal(0, report.GetProperty("failed").GetInt32());
        Assert.Empty(report.GetProperty("losses").EnumerateArray().Select(loss => loss.ToString()));
        Assert.Empty(report.GetProperty("firstErrors").EnumerateArray().Select(error => error.ToString()));
    }

    /// <summary>Writes a Windows rule of the tactic Execution.</summary>
    private void WriteRule(string file, string toml, string id = Id, string? name = null, string systems = "[\"windows\"]") => _folder.Write(
        $"in/{file}.toml",
        "[[threat]]",
        "[threat.tactic]",
        "id = 'TA0002'",
        "name = 'Execution'",
        "[rule]",
        $"id = '{id}'",
        $"name = '{name ?? file}'",
        $"os_list = {systems}",
        toml);

    private async Task<JsonElement> Import(int exitCode)
    {
        Outcome outcome = await CommandLine.RunAsync("import", _folder["in"], "--output", _folder["out"], "--json");
        Assert.True(exitCode == outcome.ExitCode, outcome.Output + outcome.Error);
        return Assert.Single(outcome.Json);
    }

    private string Read(string path) => File.ReadAllText(_folder[$"out/{path}"]);

    private Dictionary<string, (string, DateTime)> Snapshot() =>
        Directory.EnumerateFiles(_folder["out"], "*", SearchOption.AllDirectories).ToDictionary(file => file, file => (File.ReadAllText(file), File.GetLastWriteTimeUtc(file)));
}
