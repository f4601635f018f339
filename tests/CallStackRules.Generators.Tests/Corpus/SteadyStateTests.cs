using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Sysmon;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sequences;
using Xunit.Abstractions;

namespace CallStackRules.Generators.Tests.Corpus;

/// <summary>What reading and matching allocate, when all that machines have is known: their modules and accounts, and as many processes and pending matches as there are at a time.</summary>
[Collection(nameof(MeasuresMemory))]
public sealed class SteadyStateTests(ITestOutputHelper output)
{
    private const int Rounds = 3;
    private const int MostEvents = 1_000_000;

    [SkippableFact]
    public void All_public_rules_run_over_all_recordings_without_allocating()
    {
        string[] files = [.. Directory.EnumerateFiles(SharedData.Folder("sysmon"), "*.ndjson.gz").Order(StringComparer.Ordinal)];
        using PublicRules rules = PublicRules.Read(SharedData.Folder("rules-elastic"));
        using var source = new SysmonSource([.. Enumerable.Repeat(files, Rounds).SelectMany(static round => round)], new ProcessTable(reuses: true));
        var engine = new RuleEngine<EndpointEvent>(rules.Compiled);
        var e = new EndpointEvent();
        var matches = new List<EventRule<EndpointEvent>>(rules.Compiled.Rules.Count);
        var completed = new List<StepsMatch<EndpointEvent>>(rules.Compiled.StepsRules.Count);
        var bytes = new long[MostEvents];
        int events = 0;
        while (true)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            if (!source.TryRead(e))
                break;
            engine.Push(e, matches, completed);
            bytes[events++] = GC.GetAllocatedBytesForCurrentThread() - before;
            matches.Clear();
            completed.Clear();
        }

        int round = events / Rounds;
        for (int i = 0; i < Rounds; i++)
            output.WriteLine($"Round {i + 1}: {round} events, {(double)bytes.AsSpan(i * round, round).ToArray().Sum() / round:0.000} bytes an event.");
        Assert.NotEqual(0, round);
        // To open the next file takes some 550 bytes.
        Assert.InRange(bytes.AsSpan((Rounds - 1) * round, round).ToArray().Sum(), 0, 1000 * files.Length);
    }
}
