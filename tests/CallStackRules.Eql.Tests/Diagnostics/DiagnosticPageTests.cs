using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Tests.Diagnostics;

/// <summary>Each diagnostic has a page in <c>docs/diagnostics</c>, with an example of the mistake and one of what to write instead.</summary>
public class DiagnosticPageTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "diagnostics");

    public static TheoryData<string> Ids => [.. EqlDiagnostics.All.Select(descriptor => descriptor.Id)];

    /// <summary>Those that need no schema to show.</summary>
    public static TheoryData<string> IdsOfSyntaxAndTags =>
        [.. EqlDiagnostics.All.Select(descriptor => descriptor.Id).Where(id => id.StartsWith("EQL0", StringComparison.Ordinal) || id.StartsWith("EQL3", StringComparison.Ordinal))];

    [Fact]
    public void No_two_diagnostics_share_an_id() =>
        Assert.Equal(EqlDiagnostics.All.Count, EqlDiagnostics.All.Select(descriptor => descriptor.Id).Distinct().Count());

    [Fact]
    public void Every_page_is_about_a_diagnostic() =>
        Assert.Equal(
            EqlDiagnostics.All.Select(descriptor => descriptor.Id + ".md").Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Folder, "EQL*.md").Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_page_begins_with_the_id_and_title_of_its_diagnostic(string id)
    {
        EqlDescriptor descriptor = EqlDiagnostics.All.Single(descriptor => descriptor.Id == id);
        Assert.Equal($"# {id}: {descriptor.Title}", File.ReadLines(Path.Combine(Folder, id + ".md")).First());
    }

    [Theory]
    [MemberData(nameof(IdsOfSyntaxAndTags))]
    public void The_first_example_of_a_page_has_its_mistake_alone_and_the_second_none(string id)
    {
        string[] blocks = File.ReadAllText(Path.Combine(Folder, id + ".md")).ReplaceLineEndings("\n").Split("```\n");
        Assert.True(blocks.Length >= 5, "The page has less than two examples.");
        Assert.Equal([id], Diagnose(blocks[1]).Select(diagnostic => diagnostic.Descriptor.Id).Distinct());
        Assert.Empty(Diagnose(blocks[3]));

        IReadOnlyList<EqlDiagnostic> Diagnose(string example) =>
            id.StartsWith("EQL3", StringComparison.Ordinal) ? RuleFile.Parse(example).Diagnostics : QueryParser.ParseQuery(example).Diagnostics;
    }
}
