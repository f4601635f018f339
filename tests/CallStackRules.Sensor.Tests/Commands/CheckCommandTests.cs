using System.Text.Json;

namespace CallStackRules.Sensor.Tests.Commands;

public sealed class CheckCommandTests : IDisposable
{
    private const string Tags =
        "// @id          3f0c6a52-0000-4000-8000-000000000001\n// @name        A test rule\n// @description Tests.\n// @severity    high\n// @os          windows\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_of_good_rules_ends_with_0()
    {
        _folder.Write("a/good.eql", Tags, "process where process.name : \"a.exe\"");
        _folder.Write("b/good.toml", "[rule]", "query = '''", "process where process.name : \"a.exe\"", "'''");

        Outcome outcome = await CommandLine.RunAsync("check", "--json", _folder.Path);

        Assert.Equal("""{"rules":2,"compiled":2,"errors":0,"byCode":{}}""", Assert.Single(outcome.Json).GetRawText());
        Assert.Equal(0, outcome.ExitCode);
        Assert.Empty(outcome.Error);
    }

    [Fact]
    public async Task Each_rule_that_does_not_compile_counts_once_under_its_first_error()
    {
        _folder.Write("good.eql", Tags, "process where process.name : \"a.exe\"");
        _folder.Write("unknown.eql", Tags, "process where proces.name : \"a.exe\" and also.unknown : \"b\"");
        _folder.Write("unknown.toml", "[rule]", "query = 'process where proces.name : \"a.exe\"'");
        _folder.Write("open.toml", "[rule]", "query = 'process where ('");

        Outcome outcome = await CommandLine.RunAsync("check", "--json", _folder.Path);

        JsonElement counts = Assert.Single(outcome.Json);
        Assert.Equal(["rules", "compiled", "errors", "byCode"], counts.EnumerateObject().Select(property => property.Name));
        Assert.Equal(4, counts.GetProperty("rules").GetInt32());
        Assert.Equal(1, counts.GetProperty("compiled").GetInt32());
        Assert.Equal(3, counts.GetProperty("errors").GetInt32());
        Assert.Equal([1, 2], counts.GetProperty("byCode").EnumerateObject().Select(code => code.Value.GetInt32()).Order());
        Assert.Equal(1, outcome.ExitCode);
        Assert.Empty(outcome.Error);
    }

    [Fact]
    public async Task Verbose_names_the_place_of_each_first_error_in_its_file()
    {
        string eql = _folder.Write("1.eql", Tags, "process where", "  proces.name : \"a.exe\" and also.unknown : \"b\"");
        string toml = _folder.Write("2.toml", "[rule]", "name = 'é'", "query = '''", "process where true and", "  proces.name : \"a.exe\"", "'''");

        Outcome outcome = await CommandLine.RunAsync("check", "--json", "--verbose", _folder.Path);

        string[] lines = outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith($"{eql}(8,3): error EQL1", lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"{toml}(5,3): error EQL1", lines[1], StringComparison.Ordinal);
        Assert.Contains("process.name", lines[0], StringComparison.Ordinal);
        Assert.Single(outcome.Json);
    }

    [Fact]
    public async Task Published_rules_in_other_languages_are_counted_and_are_no_mistakes()
    {
        _folder.Write("eql.toml", "[rule]", "language = 'eql'", "type = 'eql'", "query = 'process where true'");
        _folder.Write("kuery.toml", "[rule]", "language = 'kuery'", "type = 'query'", "query = 'event.category:process'");
        _folder.Write("learning.toml", "[rule]", "type = 'machine_learning'", "machine_learning_job_id = 'x'");

        Outcome json = await CommandLine.RunAsync("check", "--json", _folder.Path);
        Outcome text = await CommandLine.RunAsync("check", _folder.Path);

        Assert.Equal("""{"rules":1,"compiled":1,"errors":0,"byCode":{},"otherLanguages":{"kuery":1,"machine_learning":1}}""", Assert.Single(json.Json).GetRawText());
        Assert.EndsWith("Left out: 1 in 'kuery', not in EQL.\nLeft out: 1 in 'machine_learning', not in EQL.\n", text.Output, StringComparison.Ordinal);
        Assert.Equal((0, 0), (json.ExitCode, text.ExitCode));
    }

    [Fact]
    public async Task People_see_every_message_and_the_counts()
    {
        string file = _folder.Write("1.eql", Tags, "process where proces.name : \"a.exe\" and also.unknown : \"b\"");

        Outcome outcome = await CommandLine.RunAsync("check", file);

        Assert.Matches(@"\(7,15\): error EQL1001: .*'proces\.name'", outcome.Output);
        Assert.Matches(@"\(7,41\): error EQL1001: .*'also\.unknown'", outcome.Output);
        Assert.EndsWith("Rules: 1, compiled: 0, errors: 1.\n      1 EQL1001\n", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(1, outcome.ExitCode);
    }

    [Fact]
    public async Task What_cannot_be_read_ends_with_3_and_the_rest_is_still_checked()
    {
        _folder.Write("1.toml", "[rule", "query = 'x'");
        _folder.Write("2.toml", "title = 'no rule'");
        _folder.Write("3.eql", Tags, "process where process.name : \"a.exe\"");

        Outcome outcome = await CommandLine.RunAsync("check", "--json", _folder["none"], _folder.Path);

        Assert.Equal(3, outcome.ExitCode);
        Assert.Equal(1, Assert.Single(outcome.Json).GetProperty("rules").GetInt32());
        string[] lines = outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Equal($"{_folder["none"]}: no such file or folder.", lines[0]);
        Assert.StartsWith($"{_folder["1.toml"]}(1,", lines[1], StringComparison.Ordinal);
        Assert.StartsWith($"{_folder["2.toml"]}(1,1): ", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_rules_ends_with_3() =>
        Assert.Equal(3, (await CommandLine.RunAsync("check", "--json", _folder.Path)).ExitCode);

    [SkippableFact]
    public async Task All_public_rules_compile()
    {
        string rules = Path.Combine(Repository.Root, "..", "shared", "data", "rules-elastic");
        Skip.IfNot(Directory.Exists(rules), $"There is no folder {rules}.");

        Outcome outcome = await CommandLine.RunAsync("check", "--json", "--verbose", rules);

        JsonElement counts = Assert.Single(outcome.Json);
        Assert.Empty(outcome.Error);
        Assert.Equal("""{"rules":683,"compiled":683,"errors":0,"byCode":{}}""", counts.GetRawText());
    }
}
