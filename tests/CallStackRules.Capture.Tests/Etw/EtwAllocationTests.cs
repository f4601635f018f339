using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Etw.Files;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Rules.Tests;

namespace CallStackRules.Capture.Tests.Etw;

/// <summary>Reading a trace and matching its events allocates nothing once processes, images and names are known.</summary>
public sealed class EtwAllocationTests
{
    private const long Warm = 80_000;
    private const long End = 120_000;

    [SkippableFact]
    public void The_middle_of_a_recorded_trace_is_read_and_matched_without_allocations()
    {
        RuleSet<EndpointEvent> rules = Pack.Rules;
        var matches = new List<EventRule<EndpointEvent>>();
        var e = new EndpointEvent();
        long least = long.MaxValue;
        // Twice: the first run compiles.
        for (int run = 0; run < 2; run++)
        {
            using var source = new EtwFileSource([EtlSamples.Program], new ProcessTable());
            long before = 0;
            while (source.TryRead(e) && source.Statistics.Events < End)
            {
                matches.Clear();
                rules.Match(e, matches);
                if (before == 0 && source.Statistics.Events >= Warm)
                    before = GC.GetAllocatedBytesForCurrentThread();
            }
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.NotEqual(0, before);
        }
        Assert.Equal(0, least);
    }
}
