using CallStackRules.Eql;
using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Interpretation;
using CallStackRules.Eql.Schema;
using CallStackRules.Events;

namespace CallStackRules.Rules.Tests;

public sealed class ExampleTests
{
    private static readonly EventSchema Schema = ReflectionSchemaReader.Read(typeof(EndpointEvent).Assembly);
    private static readonly Interpreter Interpreter = new(Schema, new ReflectionEventReader());

    public static TheoryData<string> Files => new(Pack.Files);

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
    [MemberData(nameof(Files))]
    public void The_compiled_rule_decides_its_examples_as_its_author_does(string file)
    {
        EventRule<EndpointEvent> rule = Pack.Rules.Rules.Single(rule => rule.Info.SourcePath == file);

        Assert.Empty(new ExampleFile(Pack.ExamplesOf(file)).Disagreements(rule.Matches));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_interpreter_decides_the_examples_as_the_author_does(string file)
    {
        CompiledRule rule = RuleCompiler.Compile(File.ReadAllText(Path.Combine(Pack.Folder, file)), Schema);
        BoundFilter filter = Assert.IsType<BoundEventQuery>(rule.Query).Filter;

        Assert.Empty(new ExampleFile(Pack.ExamplesOf(file)).Disagreements(e => Interpreter.Matches(filter, e)));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_rule_set_finds_the_rule_for_the_events_it_matches(string file)
    {
        var matches = new List<EventRule<EndpointEvent>>();

        Assert.Empty(new ExampleFile(Pack.ExamplesOf(file)).Disagreements(e =>
        {
            matches.Clear();
            Pack.Rules.Match(e, matches);
            return matches.Exists(rule => rule.Info.SourcePath == file);
        }));
    }
}
