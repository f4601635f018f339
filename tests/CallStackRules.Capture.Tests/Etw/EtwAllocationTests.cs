using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Etw.Files;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Rules.Tests;

namespace CallStackRules.Capture.Tests.Etw;

/// <summary>Reading a trace and matching its events allocates for processes, images and names that are new, and for nothing else.</summary>
public sealed class EtwAllocationTests
{
    private const long Beginning = 10_000;
    private const long Warm = 50_000;
    private const long End = 120_000;
    private const long WholeTrace = 179_474;

    [SkippableFact]
    public void The_middle_of_a_recorded_trace_is_read_and_matched_without_allocations() => Assert.Equal(0, Allocated(Warm, End));

    [SkippableFact]
    public void All_that_follows_the_lists_at_the_beginning_takes_room_for_new_names_only()
    {
        const int mostBytesAnEvent = 4;
        Assert.InRange(Allocated(Beginning, WholeTrace), 1, mostBytesAnEvent * (WholeTrace - Beginning));
    }

    /// <summary>What is allocated between two events, at the least of two runs: the first compiles.</summary>
    private static long Allocated(long from, long to)
    {
        RuleSet<EndpointEvent> rules = Pack.Rules;
        var matches = new List<EventRule<EndpointEvent>>();
        var e = new EndpointEvent();
        long least = long.MaxValue;
        for (int run = 0; run < 2; run++)
        {
            using var source = new EtwFileSource([EtlSamples.Program], new ProcessTable());
            long before = 0;
            while (source.TryRead(e) && source.Statistics.Events < to)
            {
                matches.Clear();
                rules.Match(e, matches);
                if (before == 0 && source.Statistics.Events >= from)
                    before = GC.GetAllocatedBytesForCurrentThread();
            }
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.NotEqual(0, before);
            Assert.InRange(source.Statistics.Events, to, WholeTrace);
        }
        return least;
    }
}
