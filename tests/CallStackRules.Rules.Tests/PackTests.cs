using System.Text.RegularExpressions;

namespace CallStackRules.Rules.Tests;

public sealed partial class PackTests
{
    /// <summary>Folders are named after the tactic that stands first in the rules' tags.</summary>
    private static readonly Dictionary<string, string> TacticOfFolder = new(StringComparer.Ordinal)
    {
        ["initial-access"] = "TA0001",
        ["execution"] = "TA0002",
        ["persistence"] = "TA0003",
        ["privilege-escalation"] = "TA0004",
        ["defense-evasion"] = "TA0005",
        ["credential-access"] = "TA0006",
        ["discovery"] = "TA0007",
        ["lateral-movement"] = "TA0008",
        ["collection"] = "TA0009",
        ["exfiltration"] = "TA0010",
        ["command-and-control"] = "TA0011",
        ["impact"] = "TA0040",
    };

    private static IEnumerable<RuleInfo> Rules => Pack.Infos;

    [Fact]
    public void Every_rule_file_is_compiled() =>
        Assert.Equal(Pack.Files, Rules.Select(rule => rule.SourcePath).Order(StringComparer.Ordinal));

    [Fact]
    public void Ids_are_unique() =>
        Assert.Empty(Rules.GroupBy(rule => rule.Id).Where(group => group.Count() > 1).Select(group => group.Key));

    [Fact]
    public void Names_are_unique() =>
        Assert.Empty(Rules.GroupBy(rule => rule.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => group.Key));

    [Fact]
    public void A_rule_file_is_named_after_its_rule() =>
        Assert.All(Rules, rule => Assert.Equal(Slug(rule.Name), Path.GetFileNameWithoutExtension(rule.SourcePath)));

    [Fact]
    public void A_rule_stands_in_the_folder_of_its_system_and_tactic() =>
        Assert.All(Rules, rule =>
        {
            string[] path = rule.SourcePath.Split('/');
            Assert.Equal(3, path.Length);
            Assert.Contains(path[0], rule.OperatingSystems);
            Assert.Equal(TacticOfFolder[path[1]], rule.Tactics[0]);
        });

    [Fact]
    public void Every_rule_names_a_technique_and_describes_itself() =>
        Assert.All(Rules, rule =>
        {
            Assert.NotEmpty(rule.Techniques);
            Assert.All(rule.Techniques, technique => Assert.Matches(Technique(), technique));
            Assert.True(rule.Description.Length > 100, rule.Name);
        });

    [Fact]
    public void Only_what_is_probably_malicious_is_killed() =>
        Assert.All(Rules.Where(rule => rule.Actions.Count > 0), rule => Assert.True(rule.Severity >= RuleSeverity.High, rule.Name));

    [Fact]
    public void Every_file_of_examples_belongs_to_a_rule() =>
        Assert.Equal(
            Pack.Files.Select(Pack.ExamplesOf).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Pack.Folder, "*.ndjson", SearchOption.AllDirectories).Order(StringComparer.Ordinal));

    private static string Slug(string name) => NotLetters().Replace(name.ToLowerInvariant(), "-").Trim('-');

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotLetters();

    [GeneratedRegex(@"^T\d{4}(\.\d{3})?$")]
    private static partial Regex Technique();
}
