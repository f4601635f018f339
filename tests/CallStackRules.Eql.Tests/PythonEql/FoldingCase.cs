using Tomlyn.Model;

namespace CallStackRules.Eql.Tests.PythonEql;

/// <summary>One case of python-eql's folding suites: an expression without fields and its value.</summary>
/// <param name="Name">File, sections and number, as in <c>test_folding/or/4</c>.</param>
/// <param name="Expression">The expression in today's spelling.</param>
/// <param name="Expected">A string, long, double or bool; null for missing.</param>
public sealed record FoldingCase(string Name, string Expression, object? Expected)
{
    /// <summary>The cases of both suites, when python-eql's data is to be had beside the repository.</summary>
    public static IReadOnlyList<FoldingCase> Read() =>
        [.. ReadSuites().SelectMany(suite => Cases(suite.Name, suite.Table, parameter: null, ignoreCase: false))];

    /// <summary>Expressions that cannot be compiled.</summary>
    public static IReadOnlyList<string> ReadMistakes() =>
    [
        .. ReadSuites().SelectMany(suite => suite.Table.Values).OfType<TomlTable>()
            .Where(section => section.ContainsKey("verifier"))
            .SelectMany(section => (TomlTableArray)((TomlTable)section["verifier"])["failures"])
            .Select(failure => Respell((string)failure["expression"])),
    ];

    private static IEnumerable<(string Name, TomlTable Table)> ReadSuites() =>
        new[] { "test_folding", "test_string_functions" }.Select(name => (name, PythonEqlData.ReadToml($"{name}.toml")));

    private static IEnumerable<FoldingCase> Cases(string name, TomlTable table, string? parameter, bool ignoreCase)
    {
        ignoreCase |= table.TryGetValue("case_insensitive", out object? flag) && flag is true;
        int number = 0;
        foreach ((string key, object value) in table)
        {
            if (key == "tests" && value is TomlTableArray tests)
            {
                foreach (TomlTable test in tests)
                    yield return Case($"{name}/{number++}", test, parameter, ignoreCase);
            }
            else if (key == "loop" && value is TomlTableArray loops)
            {
                foreach (FoldingCase test in loops.SelectMany((loop, i) => LoopCases($"{name}/loop{i}", loop, ignoreCase)))
                    yield return test;
            }
            else if (key is not ("verifier" or "param") && value is TomlTable section)
            {
                foreach (FoldingCase test in Cases(key == "fold" ? name : $"{name}/{key}", section, parameter, ignoreCase))
                    yield return test;
            }
        }
    }

    /// <summary>Cases with <c>$value</c>, once for a value of each type that is asked for.</summary>
    private static IEnumerable<FoldingCase> LoopCases(string name, TomlTable loop, bool ignoreCase) =>
        ((TomlArray)((TomlTable)loop["param"])["type"]).Cast<string>().SelectMany(type => Cases($"{name}/{type}", loop, type switch
        {
            "bool" => "true",
            "int" => "1",
            "float" => "1.5",
            "string" => "\"a\"",
            _ => "null",
        }, ignoreCase));

    private static FoldingCase Case(string name, TomlTable test, string? parameter, bool ignoreCase)
    {
        string expression = Respell((string)test["expression"]);
        if (parameter is not null)
            expression = expression.Replace("$value", parameter, StringComparison.Ordinal);
        if (ignoreCase)
            expression = expression.Replace("(", "~(", StringComparison.Ordinal).Replace(" in ~(", " in~ (", StringComparison.Ordinal);
        return new FoldingCase(name, expression, test.TryGetValue("expected", out object? expected) ? expected : null);
    }

    /// <summary>Texts in double quotes.</summary>
    private static string Respell(string expression) =>
        expression.Contains('"', StringComparison.Ordinal) ? expression : expression.Replace('\'', '"');
}
