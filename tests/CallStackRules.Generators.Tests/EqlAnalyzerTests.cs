using System.Collections.Immutable;
using System.Globalization;
using CallStackRules.Eql.Diagnostics;
using Microsoft.CodeAnalysis;

namespace CallStackRules.Generators.Tests;

public class EqlAnalyzerTests
{
    private const string BadField = "process where proces.name == \"a\"";

    private static readonly RuleProject Project = RuleProject.OfEndpointEvents;

    private static ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = new EqlAnalyzer().SupportedDiagnostics;

    [Fact]
    public void Every_message_of_the_language_has_one_valid_descriptor()
    {
        Assert.Equal(EqlDiagnostics.All.Select(descriptor => descriptor.Id).Order(), Descriptors.Select(descriptor => descriptor.Id).Order());
        Assert.Distinct(Descriptors.Select(descriptor => descriptor.Id));
        Assert.All(Descriptors, descriptor =>
        {
            Assert.Matches("^EQL[0-9]{4}$", descriptor.Id);
            Assert.Matches(@"^\S[^\n.]*\S$", descriptor.Title.ToString(CultureInfo.InvariantCulture));
            Assert.True(descriptor.IsEnabledByDefault, descriptor.Id);
            Assert.Equal("CallStackRules", descriptor.Category);
        });
    }

    [Fact]
    public void Errors_and_only_errors_cannot_be_configured()
    {
        Assert.All(Descriptors, descriptor => Assert.Equal(
            descriptor.DefaultSeverity == DiagnosticSeverity.Error, descriptor.CustomTags.Contains(WellKnownDiagnosticTags.NotConfigurable)));
    }

    [Fact]
    public async Task No_setting_makes_an_error_quiet()
    {
        IReadOnlyList<Diagnostic> said = await Project.WithRule("a.eql", BadField).WithSeverity("EQL1001", ReportDiagnostic.Suppress).AnalyzeAsync();
        Assert.Equal(DiagnosticSeverity.Error, Assert.Single(said).Severity);
    }

    [Fact]
    public async Task A_lint_can_be_configured()
    {
        RuleProject project = Project.WithRule("a.eql", "process where process.name == \"a*\"");
        Assert.Contains(await project.AnalyzeAsync(), diagnostic => diagnostic is { Id: "EQL2004", Severity: DiagnosticSeverity.Warning });
        Assert.DoesNotContain(await project.WithSeverity("EQL2004", ReportDiagnostic.Suppress).AnalyzeAsync(), diagnostic => diagnostic.Id == "EQL2004");
        Assert.Contains(
            await project.WithSeverity("EQL2004", ReportDiagnostic.Error).AnalyzeAsync(),
            diagnostic => diagnostic is { Id: "EQL2004", Severity: DiagnosticSeverity.Error });
    }

    [Fact]
    public async Task The_logic_of_every_rule_that_compiles_is_told_once()
    {
        IReadOnlyList<Diagnostic> said = await Project
            .WithRule("a.eql", "process where process.pid > 4")
            .WithRule("b.eql", "library where process.thread.Ext.call_stack_contains_unbacked")
            .WithRule("broken.eql", BadField)
            .AnalyzeAsync();
        Diagnostic[] logic = [.. said.Where(diagnostic => diagnostic.Id == "EQL9001")];
        Assert.Equal(["/project/a.eql", "/project/b.eql"], logic.Select(diagnostic => diagnostic.Location.GetLineSpan().Path));
        Assert.Equal(
            """
            a process event where:
              process.pid is greater than 4
            Events: process.
            Call stacks: none.
            Cost: compares whole values.
            """.ReplaceLineEndings("\n"),
            logic[0].GetMessage(CultureInfo.InvariantCulture));
        Assert.Contains("Call stacks: process.thread.", logic[1].GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.Equal("(3,0)-(3,7)", logic[0].Location.GetLineSpan().Span.ToString());
    }

    [Fact]
    public async Task The_first_rule_by_path_keeps_an_id_that_others_have_too()
    {
        string text = RuleText.Of("same", "process where true");
        IReadOnlyList<Diagnostic> said = await Project
            .WithFile("c.eql", text)
            .WithFile("a.eql", text)
            .WithFile("b.eql", text.Replace("// @id       ", "// @id   ", StringComparison.Ordinal))
            .WithRule("other.eql", "process where true")
            .AnalyzeAsync();
        Diagnostic[] warnings = [.. said.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning)];
        Assert.All(warnings, warning => Assert.Equal("EQL2010", warning.Id));
        Assert.All(warnings, warning => Assert.Contains("a.eql", warning.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        Assert.Equal(["/project/b.eql: (0,9)-(0,45)", "/project/c.eql: (0,13)-(0,49)"], warnings.Select(warning => warning.Location.GetLineSpan().ToString()));
    }

    [Fact]
    public async Task Without_a_model_every_rule_says_how_to_name_one()
    {
        IReadOnlyList<Diagnostic> said = await RuleProject.WithoutLibrary
            .WithRule("a.eql", "process where true")
            .WithRule("b.eql", "process where (")
            .AnalyzeAsync();
        Assert.Equal(["EQL1100", "EQL1100"], said.Select(diagnostic => diagnostic.Id));
        Assert.Contains("EqlSchema", said[0].GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_cannot_be_used_is_said_at_the_rules()
    {
        RuleProject project = RuleProject.OfForeignEvents.WithRule("a.eql", "any where true").WithCSharp("Model.cs", """
            using CallStackRules.Schema;
            [assembly: EqlSchema(typeof(Own))]
            public class Own { [EqlField("name")] public System.DateTime Name => default; }
            """);
        IReadOnlyList<Diagnostic> said = await project.AnalyzeAsync();
        Assert.Equal(["EQL1100", "EQL1100"], said.Select(diagnostic => diagnostic.Id));
        Assert.Contains(said, diagnostic => diagnostic.GetMessage(CultureInfo.InvariantCulture).StartsWith("Own.Name ", StringComparison.Ordinal));
        Assert.Empty(project.Generate().GeneratedSources);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_an_error()
    {
        Diagnostic said = Assert.Single(await Project.WithFile("a.eql", null).AnalyzeAsync());
        Assert.Equal("EQL1101", said.Id);
    }

    [Fact]
    public async Task Other_additional_files_are_nobodys_rules()
    {
        RuleProject project = Project.WithFile("a.txt", "process where").WithFile("a.eql.bak", "process where");
        Assert.Empty(await project.AnalyzeAsync());
        Assert.Empty(project.Generate().GeneratedSources);
    }

    [Theory]
    [InlineData("RunAnalyzers", "false")]
    [InlineData("RunAnalyzersDuringBuild", "False")]
    public void Where_the_analyzer_does_not_run_the_generator_reports_errors(string property, string value)
    {
        RuleProject project = Project
            .WithRule("a.eql", "process where\n  proces.name == \"a*\"")
            .WithFile("b.eql", null)
            .WithRule("good.eql", "process where process.name == \"a*\"");
        Assert.Empty(project.Generate().Diagnostics);
        ImmutableArray<Diagnostic> said = project.WithProperty(property, value).Generate().Diagnostics;
        Assert.Equal(
            ["/project/a.eql: (4,2)-(4,13) EQL1001", "/project/b.eql: (0,0)-(0,0) EQL1101"],
            said.Select(error => $"{error.Location.GetLineSpan()} {error.Id}").Order(StringComparer.Ordinal));
    }
}
