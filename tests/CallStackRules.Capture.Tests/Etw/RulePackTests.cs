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
    private const string Content = "the content of a file";

    /// <summary>Examples that a trace alone does not show, and what is missing. This list may only become shorter.</summary>
    private static readonly Dictionary<(string File, string Why), string> NotShown = new()
    {
        [("windows/command-and-control/executable-file-written-from-unbacked-memory.eql", "a program under a harmless name, through urlmon")] = Content,
        [("windows/execution/macro-wrote-an-executable-file.eql", "a download under a harmless name")] = Content,
    };

    /// <summary>Examples of which no event that is decoded tells, so that nothing is found in their traces.</summary>
    private const string NotTold = "api GetAsyncKeyState";

    public static TheoryData<string> Files => new(Pack.Files);

    [Theory]
    [MemberData(nameof(Files))]
    public void A_rule_finds_its_examples_in_traces_of_them(string file)
    {
        IReadOnlyList<string> disagreements = new ExampleFile(Pack.ExamplesOf(file)).Disagreements(() => e => IsFound(e, file));

        Assert.Equal(
            NotShown.Keys.Where(example => example.File == file).Select(static example => $"must match: {example.Why}").Order(StringComparer.Ordinal),
            disagreements.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_example_is_told_by_some_event_of_a_trace_but_those_that_are_listed()
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
        Assert.Equal(NotTold, string.Join(", ", untold));
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
