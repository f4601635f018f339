using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Syntax;
using Tomlyn;
using Tomlyn.Model;

namespace CallStackRules.Eql.Tests.Syntax;

/// <summary>The public endpoint rules, when they are to be had beside the repository; their licence keeps them out of it.</summary>
public class PublicRulesTests
{
    private static IReadOnlyList<(string File, string Query)> Read()
    {
        string folder = Path.Combine(Repository.Root, "..", "shared", "data", "rules-elastic");
        Skip.IfNot(Directory.Exists(folder), $"The public rules are not at {folder}.");
        return
        [
            .. Directory.EnumerateFiles(folder, "*.toml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file =>
            {
                TomlTable rule = (TomlTable)TomlSerializer.Deserialize<TomlTable>(File.ReadAllText(file))!["rule"];
                return (file, (string)rule["query"]);
            }),
        ];
    }

    [SkippableFact]
    public void Every_public_rule_parses_without_a_message()
    {
        IReadOnlyList<(string File, string Query)> rules = Read();
        List<string> messages = [];
        foreach ((string file, string query) in rules)
        {
            (QuerySyntax? tree, IReadOnlyList<EqlDiagnostic> diagnostics) = QueryParser.ParseQuery(query);
            Assert.NotNull(tree);
            messages.AddRange(diagnostics.Select(diagnostic => $"{Path.GetFileName(file)}: {diagnostic.Descriptor.Id} {diagnostic.Message}"));
        }

        Assert.True(messages.Count == 0, string.Join("\n", messages));
        Assert.Equal(683, rules.Count);
    }
}
