using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Sysmon;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sequences;
using Xunit.Abstractions;

namespace CallStackRules.Generators.Tests.Corpus;

/// <summary>What reading and matching allocate once buffers have grown, while machines, their modules, accounts and processes come and go.</summary>
[Collection(nameof(MeasuresMemory))]
public sealed class SteadyStateTests(ITestOutputHelper output)
{
    /// <summary>What a recording and its machine may cost: to open a file takes some 550 bytes, to note a machine some 400.</summary>
    private const int BytesOfFile = 1500;

    [SkippableFact]
    public void All_public_rules_run_over_all_recordings_without_allocating()
    {
        string[] files = [.. Directory.EnumerateFiles(SharedData.Folder("sysmon"), "*.ndjson.gz").Order(StringComparer.Ordinal)];
        using PublicRules rules = PublicRules.Read(SharedData.Folder("rules-elastic"));
        using var source = new SysmonSource(files, new ProcessTable(reuses: true));
        var engine = new RuleEngine<EndpointEvent>(rules.Compiled);
        var e = new EndpointEvent();
        var matches = new List<EventRule<EndpointEvent>>(rules.Compiled.Rules.Count);
        var completed = new List<StepsMatch<EndpointEvent>>(rules.Compiled.StepsRules.Count);
        var bytes = new List<long>(1_000_000);
        while (true)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            if (!source.TryRead(e))
                break;
            engine.Push(e, matches, completed);
            bytes.Add(GC.GetAllocatedBytesForCurrentThread() - before);
            matches.Clear();
            completed.Clear();
        }

        int warm = bytes.Count / 4;
        long allocated = bytes.Skip(warm).Sum();
        output.WriteLine($"{bytes.Count} events; behind the first quarter {(double)allocated / (bytes.Count - warm):0.000} bytes an event.");
        Assert.NotEmpty(bytes);
        Assert.InRange(allocated, 0, BytesOfFile * files.Length);
    }
}
