using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Ecs;
using CallStackRules.Eql;
using CallStackRules.Eql.Interpretation;
using CallStackRules.Eql.Schema;
using CallStackRules.Events;

namespace CallStackRules.Rules.Tests;

public sealed class ExampleTests
{
    private static readonly EventSchema Schema = ReflectionSchemaReader.Read(typeof(EndpointEvent).Assembly);

    public static TheoryData<string> Files => new(Pack.Files);

    public static TheoryData<string> FilesOfSingleEvents => new(Pack.Rules.Rules.Select(rule => rule.Info.SourcePath));

    [Theory]
    [MemberData(nameof(Files))]
    public void A_rule_has_examples_of_what_it_finds_and_of_what_it_must_not(string file)
    {
        IReadOnlyList<Example> examples = new ExampleFile(Pack.ExamplesOf(file)).Examples;

        Assert.True(examples.Count(example => example.Match) >= 2, "At least two matching events.");
        Assert.True(examples.Count(example => !example.Match) >= 2, "At least two events that nearly match.");
        Assert.All(examples, example => Assert.NotEmpty(example.Why));
    }

    [Theory]
    [MemberData(nameof(FilesOfSingleEvents))]
    public void The_compiled_rule_decides_its_examples_as_its_author_does(string file)
    {
        EventRule<EndpointEvent> rule = Pack.Rules.Rules.Single(rule => rule.Info.SourcePath == file);

        Assert.Empty(new ExampleFile(Pack.ExamplesOf(file)).Disagreements(() => rule.Matches));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_interpreter_decides_the_examples_as_the_author_does(string file)
    {
        CompiledRule rule = RuleCompiler.Compile(File.ReadAllText(Path.Combine(Pack.Folder, file)), Schema);

        Assert.Empty(new ExampleFile(Pack.ExamplesOf(file)).Disagreements(() =>
        {
            var interpreter = new QueryInterpreter(rule.Query!, Schema, new ReflectionEventReader());
            return e => interpreter.Push(e).Count > 0;
        }));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_rule_set_finds_the_rule_for_the_events_it_matches(string file) =>
        Assert.Empty(new ExampleFile(Pack.ExamplesOf(file)).Disagreements(() =>
        {
            var engine = new RuleEngine<EndpointEvent>(Pack.Rules);
            return e => Pack.Push(engine, e).Any(rule => rule.SourcePath == file);
        }));

    /// <summary>Many fields mean the same on all systems, and a recording may hold events of several.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void A_rule_leaves_the_events_of_other_systems_alone(string file)
    {
        var engine = new RuleEngine<EndpointEvent>(Pack.Rules);
        var e = new EndpointEvent();
        using var source = new EcsSource([Pack.ExamplesOf(file)], new ProcessTable());
        while (source.TryRead(e))
        {
            string system = e.Host.OsType.ToString();
            // An event that does not say its system is none of another.
            Assert.Empty(Pack.Push(engine, e).Where(rule => system.Length > 0 && !rule.OperatingSystems.Contains(system)).Select(rule => rule.Name));
        }
    }
}
