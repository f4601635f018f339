using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Sysmon;
using CallStackRules.Events;
using Xunit.Abstractions;

namespace CallStackRules.Generators.Tests.Corpus;

/// <summary>The public endpoint rules over recordings of labs, where both are at hand: compiled against interpreted.</summary>
public sealed class CorpusTests(ITestOutputHelper output)
{
    private const string Extension = ".ndjson.gz";
    private const int EventsOfASlice = 300;

    /// <summary>Where in recordings something is found, or an attack is that should be told from it, by events.</summary>
    private static readonly (string Lab, int First)[] Slices =
    [
        ("covenant-wuauclt-remotethread", 280), ("elastic-rta-sysmon", 850), ("elastic-rta-sysmon", 13300), ("elastic-rta-sysmon", 16000),
        ("empire-psinject", 100), ("lsass-campaign-01", 28500), ("purplesharp-pe-injection", 50),
    ];

    [SkippableFact]
    public void Compiled_public_rules_find_in_recordings_what_the_interpreter_finds()
    {
        string recordings = SharedData.Folder("sysmon");
        using PublicRules rules = PublicRules.Read(SharedData.Folder("rules-elastic"));
        Assert.Equal(683, rules.Compiled.Rules.Count + rules.Compiled.StepsRules.Count);

        IEnumerable<(string Lab, int First, int Count)> parts = Environment.GetEnvironmentVariable("CORPUS_EVENTS") == "all"
            ? Directory.EnumerateFiles(recordings, "*" + Extension).Order(StringComparer.Ordinal)
                .Select(file => (Path.GetFileName(file)[..^Extension.Length], 0, int.MaxValue))
            : Slices.Select(slice => (slice.Lab, slice.First, EventsOfASlice));
        List<string> disagreements = [];
        (int eventAlerts, int stepsAlerts) = (0, 0);
        foreach ((string lab, int first, int count) in parts)
        {
            var comparison = new Comparison(rules);
            foreach (EndpointEvent e in Read(Path.Combine(recordings, lab + Extension)).Skip(first).Take(count))
                comparison.Push(e);
            comparison.End();
            output.WriteLine($"{lab}: {comparison.Events} events, {comparison.EventAlerts} alerts of one event, "
                + $"{comparison.StepsAlerts} of several, {comparison.Disagreements.Count} disagreements, {(double)comparison.AllocatedBytes / comparison.Events:0.0} bytes an event");
            Assert.NotEqual(0, comparison.Events);
            eventAlerts += comparison.EventAlerts;
            stepsAlerts += comparison.StepsAlerts;
            disagreements.AddRange(comparison.Disagreements.Select(text => $"{lab}: {text}"));
        }
        Assert.True(disagreements.Count == 0, string.Join('\n', disagreements.Take(10)));
        // That nothing is found by either would say little.
        Assert.NotEqual(0, eventAlerts);
        Assert.NotEqual(0, stepsAlerts);
    }

    /// <summary>Reads a recording, an object for each event: matches that are pending hold on to theirs.</summary>
    private static IEnumerable<EndpointEvent> Read(string file)
    {
        using var source = new SysmonSource([file], new ProcessTable());
        for (var e = new EndpointEvent(); source.TryRead(e); e = new EndpointEvent())
            yield return e;
    }
}
