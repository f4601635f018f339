using Microsoft.CodeAnalysis;

namespace CallStackRules.Generators.Tests;

public class IncrementalityTests
{
    private const string Model = """
        using CallStackRules.Schema;
        [assembly: EqlSchema(typeof(Watched), Category = "kind")]
        public class Watched
        {
            [EqlField("kind")] public string Kind => "";
            [EqlField("name")] public string Name => "";
            [EqlField("actor")] public Actor Actor => new();
        }
        public class Actor { [EqlField("name")] public string Name => ""; }
        """;

    private static readonly RuleProject Project = RuleProject.OfForeignEvents
        .WithCSharp("Model.cs", Model)
        .WithRule("first.eql", "process where name == \"a\"")
        .WithRule("second.eql", "process where actor.name == \"b\"")
        .WithRule("third.eql", "file where name == \"c\"");

    [Fact]
    public void An_unrelated_edit_leaves_every_step_as_it_was()
    {
        GeneratorRunResult run = RunAgain(Project.WithCSharp("Other.cs", "class Other { }"));
        foreach (string step in (string[])[TrackingNames.Schema, TrackingNames.Project, TrackingNames.RuleFiles, TrackingNames.Rules, TrackingNames.RuleSet])
            Assert.All(Reasons(run, step), reason => Assert.True(IsOld(reason), $"{step} is {reason}."));
        Assert.All(OutputReasons(run), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    [Fact]
    public void An_edited_condition_makes_that_rule_anew_and_nothing_else()
    {
        GeneratorRunResult run = RunAgain(Project.WithRule("second.eql", "process where actor.name == \"z\""));
        Assert.Equal(["second.eql"], NewRules(run));
        Assert.All(Reasons(run, TrackingNames.RuleSet), reason => Assert.True(IsOld(reason), $"The set is {reason}."));
        Assert.Single(OutputReasons(run), IncrementalStepRunReason.Modified);
    }

    [Fact]
    public void An_edited_category_makes_that_rule_and_the_set_anew()
    {
        GeneratorRunResult run = RunAgain(Project.WithRule("second.eql", "file where actor.name == \"b\""));
        Assert.Equal(["second.eql"], NewRules(run));
        Assert.Equal([IncrementalStepRunReason.Modified], Reasons(run, TrackingNames.RuleSet));
        Assert.Equal(2, OutputReasons(run).Count(reason => reason == IncrementalStepRunReason.Modified));
    }

    [Fact]
    public void An_added_rule_is_made_and_joins_the_set()
    {
        GeneratorRunResult run = RunAgain(Project.WithRule("fourth.eql", "process where true"));
        Assert.Equal(["fourth.eql"], NewRules(run));
        Assert.Equal([IncrementalStepRunReason.Modified], Reasons(run, TrackingNames.RuleSet));
        Assert.Contains("FourthRule()", RuleSetOf(run), StringComparison.Ordinal);
    }

    [Fact]
    public void A_removed_rule_leaves_the_set()
    {
        GeneratorRunResult run = RunAgain(Project.WithoutFile("second.eql"));
        Assert.Empty(NewRules(run));
        Assert.DoesNotContain("SecondRule()", RuleSetOf(run), StringComparison.Ordinal);
        Assert.Equal(3, run.GeneratedSources.Length);
    }

    [Fact]
    public void A_rule_that_breaks_leaves_the_set_and_comes_back_when_mended()
    {
        GeneratorDriver driver = Project.CreateDriver().RunGenerators(Project.Compilation);
        RuleProject broken = Project.WithRule("second.eql", "process where actr.name == \"b\"");
        driver = driver.ReplaceAdditionalTexts(broken.Files).RunGenerators(Project.Compilation);
        Assert.Equal(3, driver.GetRunResult().Results.Single().GeneratedSources.Length);
        driver = driver.ReplaceAdditionalTexts(Project.Files).RunGenerators(Project.Compilation);
        Assert.Equal(4, driver.GetRunResult().Results.Single().GeneratedSources.Length);
    }

    [Fact]
    public void Blank_lines_at_the_end_of_a_rule_change_nothing_that_is_generated()
    {
        GeneratorRunResult run = RunAgain(Project.WithRule("second.eql", "process where actor.name == \"b\"\n\n"));
        Assert.Contains(IncrementalStepRunReason.Modified, Reasons(run, TrackingNames.RuleFiles));
        Assert.Empty(NewRules(run));
        Assert.All(OutputReasons(run), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    [Fact]
    public void An_edited_model_compiles_every_rule_anew()
    {
        GeneratorRunResult run = RunAgain(Project.WithCSharp("Model.cs", Model.Replace("public Actor Actor", "public Actor? Actor", StringComparison.Ordinal)));
        Assert.Equal([IncrementalStepRunReason.Modified], Reasons(run, TrackingNames.Schema));
        Assert.DoesNotContain(IncrementalStepRunReason.Cached, Reasons(run, TrackingNames.Rules));
        // Only one rule reads what has changed; the others come out as they were.
        Assert.Equal(["second.eql"], NewRules(run));
    }

    [Fact]
    public void Another_namespace_makes_everything_anew()
    {
        RuleProject renamed = Project.WithProperty("RootNamespace", "Elsewhere");
        GeneratorDriver driver = Project.CreateDriver().RunGenerators(Project.Compilation);
        GeneratorRunResult run = driver.WithUpdatedAnalyzerConfigOptions(renamed.Properties).RunGenerators(Project.Compilation).GetRunResult().Results.Single();
        Assert.Equal(3, Reasons(run, TrackingNames.Rules).Count(reason => reason == IncrementalStepRunReason.Modified));
        Assert.Equal([IncrementalStepRunReason.Modified], Reasons(run, TrackingNames.RuleSet));
    }

    private static GeneratorRunResult RunAgain(RuleProject edited) => Project.CreateDriver()
        .RunGenerators(Project.Compilation)
        .ReplaceAdditionalTexts(edited.Files)
        .RunGenerators(edited.Compilation)
        .GetRunResult().Results.Single();

    private static string RuleSetOf(GeneratorRunResult run) => run.GeneratedSources.Single(source => source.HintName == "RulePack.g.cs").SourceText.ToString();

    /// <summary>Files that rules were compiled from whose outcome is not what it was.</summary>
    private static string[] NewRules(GeneratorRunResult run) =>
    [
        .. run.TrackedSteps[TrackingNames.Rules]
            .Where(step => step.Outputs.Any(output => output.Reason is IncrementalStepRunReason.New or IncrementalStepRunReason.Modified))
            .Select(step => Path.GetFileName(FileOf(step))),
    ];

    /// <summary>The additional file at the beginning of a step's inputs.</summary>
    private static string FileOf(IncrementalGeneratorRunStep step) =>
        step.Outputs.Select(output => output.Value).OfType<AdditionalText>().FirstOrDefault()?.Path
        ?? step.Inputs.Select(input => FileOf(input.Source)).FirstOrDefault(path => path.Length > 0) ?? "";

    private static IncrementalStepRunReason[] Reasons(GeneratorRunResult run, string step) => Reasons(run.TrackedSteps[step]);

    private static IncrementalStepRunReason[] OutputReasons(GeneratorRunResult run) => Reasons(run.TrackedOutputSteps.SelectMany(steps => steps.Value));

    private static IncrementalStepRunReason[] Reasons(IEnumerable<IncrementalGeneratorRunStep> steps) =>
        [.. steps.SelectMany(step => step.Outputs).Select(output => output.Reason)];

    private static bool IsOld(IncrementalStepRunReason reason) => reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged;
}
