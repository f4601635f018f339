using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Ecs;
using CallStackRules.Events;

namespace CallStackRules.Rules.Tests;

public sealed class AllocationTests
{
    public static TheoryData<string> Files => new(Pack.Files);

    [Theory]
    [MemberData(nameof(Files))]
    public void Running_all_rules_over_an_event_allocates_nothing(string file)
    {
        var matches = new List<EventRule<EndpointEvent>>(Pack.Rules.Rules.Count);
        var e = new EndpointEvent();
        using var source = new EcsSource([Pack.ExamplesOf(file)], new ProcessTable());
        while (source.TryRead(e))
        {
            Run(e, matches);
            Run(e, matches);
            Assert.Equal(0, Allocations.Of(() => Run(e, matches)));
        }
    }

    private static void Run(EndpointEvent e, List<EventRule<EndpointEvent>> matches)
    {
        matches.Clear();
        Pack.Rules.Match(e, matches);
        // By index: an enumerator would be an object of its own.
        for (int i = 0; i < Pack.Rules.Rules.Count; i++)
            Pack.Rules.Rules[i].Matches(e);
    }
}
