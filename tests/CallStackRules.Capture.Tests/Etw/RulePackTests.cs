using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Etw.Files;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Rules.Tests;

namespace CallStackRules.Capture.Tests.Etw;

/// <summary>Each rule for Windows is held to traces of its own examples, read as traces of Windows are.</summary>
public sealed class RulePackTests
{
    public static TheoryData<string> Files => new(Pack.Files);

    [Theory]
    [MemberData(nameof(Files))]
    public void A_rule_finds_its_examples_in_traces_of_them(string file)
    {
        Assert.Empty(new ExampleFile(Pack.ExamplesOf(file)).Disagreements(() => e => IsFound(e, file)));
    }

    [Fact]
    public void Every_example_is_told_by_some_event_of_a_trace()
    {
        var untold = new List<string>();
        foreach (string file in Pack.Files.Where(static file => file.StartsWith("windows/", StringComparison.Ordinal)))
        {
            new ExampleFile(Pack.ExamplesOf(file)).Disagreements(() => e =>
            {
                using var folder = new TemporaryFolder();
                if (ExampleTrace.Save(e, folder.Path, out _) is null)
                    untold.Add($"{e.Event.Category[0]} {e.Event.Action}{e.Api.Name}");
                return false;
            });
        }
        Assert.Empty(untold);
    }

    [SkippableFact]
    public void No_rule_finds_anything_in_a_recorded_trace_of_a_harmless_program()
    {
        var engine = new RuleEngine<EndpointEvent>(Pack.Rules);
        var e = new EndpointEvent();
        using var source = new EtwFileSource([EtlSamples.Program], new ProcessTable());
        while (source.TryRead(e))
            Assert.Empty(Pack.Push(engine, e).Select(rule => rule.Name));
    }

    /// <summary>Whether the rule finds an event after it went through a trace, with the answers of a system that is asked meanwhile, and then with those that were recorded.</summary>
    private static bool IsFound(EndpointEvent example, string file)
    {
        using var folder = new TemporaryFolder();
        if (ExampleTrace.Save(example, folder.Path, out ExampleFacts facts) is not { } trace)
            return false;
        List<string> live = Found(new AskedTrace(trace, facts, trace + FactRecorder.Extension));
        List<string> replayed = Found(new EtwFileSource([trace], new ProcessTable()));
        Assert.Equal(live, replayed);
        return replayed.Contains(file);
    }

    /// <summary>Source paths of the rules that match.</summary>
    private static List<string> Found(IEventSource source)
    {
        using (source)
        {
            var engine = new RuleEngine<EndpointEvent>(Pack.Rules);
            var e = new EndpointEvent();
            var found = new List<string>();
            while (source.TryRead(e))
                found.AddRange(Pack.Push(engine, e).Select(rule => rule.SourcePath));
            Assert.Empty(source.Statistics.FieldProblems);
            return found;
        }
    }
}
