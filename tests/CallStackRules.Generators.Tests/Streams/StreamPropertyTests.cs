using System.Globalization;
using CallStackRules.Eql.Tests.Interpretation;
using CallStackRules.Rules;
using CallStackRules.Sequences;
using CsCheck;
using Xunit.Abstractions;

namespace CallStackRules.Generators.Tests.Streams;

/// <summary>What holds for compiled queries over every stream, and for what they remember.</summary>
public sealed class StreamPropertyTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>Every kind of state there is, by a key.</summary>
    private static readonly string[] Queries =
    [
        "sequence by key [a] [b]",
        "sequence by key with maxspan=2s [a] [b] [c]",
        "sequence by key [a] [b] until [u]",
        "sequence by key with maxspan=3s [a] with runs=2 [b] until [u]",
        "sequence by key with maxspan=2s [a] ![u] [b]",
        "sequence by key with maxspan=2s ![u] [a] [b]",
        "sequence by key with maxspan=2s [a] [b] ![u]",
        "sequence by key with maxspan=2s ![u] [a] ![b]",
        "sequence by key [any where true] as first [any where number == first.number]",
        "sample by key [a] [b] [any where true]",
        "join by key [a] [any where name != \"x\"] until [u]",
        "any where name == \"b\" and descendant of [any where name == \"a\"]",
    ];

    /// <summary>How many events go through state that is bounded: ten million, of a million keys, take minutes.</summary>
    private static readonly int Events = Environment.GetEnvironmentVariable("STREAM_TEST_EVENTS") is { Length: > 0 } events
        ? int.Parse(events, CultureInfo.InvariantCulture) : 120_000;

    private readonly StreamRules _rules = StreamRules.Of(Queries);

    public void Dispose() => _rules.Dispose();

    [Fact]
    public void A_replay_gives_the_same_results_every_time_also_when_matches_are_evicted() => StreamGen.Stream(mayStepBack: true).Sample(stream =>
    {
        IReadOnlyList<StreamEvent> events = StreamRules.Read(StepsCaseFile.Events(stream));
        Assert.Equal(_rules.Results(events), _rules.Results(events));
        Assert.Equal(_rules.Results(events, capacity: 2), _rules.Results(events, capacity: 2));
    }, iter: 200, threads: 1);

    [Fact]
    public void Events_of_unrelated_keys_change_nothing() => StreamGen.Stream(mayStepBack: false).Sample(stream =>
    {
        // Lineage has no key: its events are related by their processes.
        IReadOnlyList<StreamEvent> events = StreamRules.Read(StepsCaseFile.Events(stream));
        IReadOnlyList<string> alone = _rules.Results([.. events.Where(e => e.Key == "x")]);
        IReadOnlyList<string> together = _rules.Results(events);
        for (int i = 0; i < Queries.Length - 1; i++)
            Assert.Equal(Matches(alone[i]), Matches(together[i]).Where(match => events[int.Parse(match.Split(' ')[0], CultureInfo.InvariantCulture) - 1].Key == "x"));
    }, iter: 200, threads: 1);

    [Fact]
    public void What_is_remembered_of_many_keys_is_bounded_and_what_goes_is_counted()
    {
        int keys = Math.Max(Events / 10, 100_000);
        var engine = new RuleEngine<StreamEvent>(_rules.RuleSet);
        var matches = new List<EventRule<StreamEvent>>();
        var completed = new List<StepsMatch<StreamEvent>>();
        var random = new Random(1);
        var e = new StreamEvent { Categories = ["process"] };
        string[] names = ["a", "b", "c", "u", "x"];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long found = 0, half = 0;
        for (int i = 0; i < Events; i++)
        {
            int key = random.Next(keys);
            e.Place = i;
            e.Time = i;
            e.Name = names[random.Next(names.Length)];
            e.Key = key.ToString(CultureInfo.InvariantCulture);
            e.Process = e.Key;
            e.Parent = (key / 2).ToString(CultureInfo.InvariantCulture);
            e.Number = random.Next(3);
            matches.Clear();
            completed.Clear();
            engine.Push(e, matches, completed);
            found += completed.Count;
            if (i == Events / 2)
                half = GC.GetTotalMemory(forceFullCollection: true) - before;
        }
        long kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{Events} events of {keys} keys, {_rules.Count} rules: {kept / 1024} KB kept, {half / 1024} KB halfway, {found} matches, "
            + $"{engine.EvictedMatches} pending matches and {engine.EvictedProcesses} processes evicted.");
        Assert.True(engine.EvictedMatches > 0);
        Assert.True(engine.EvictedProcesses > 0);
        Assert.InRange(kept, 0, 128 * 1024 * 1024);
        GC.KeepAlive(engine);
    }

    [Fact]
    public void An_event_that_completes_nothing_allocates_nothing()
    {
        // Of these events many begin or advance a match, are forbidden, end matches, or have ancestors; none completes one.
        StreamEvent[] events = [.. StreamRules.Read(StepsCaseFile.Events(string.Join(' ', Enumerable.Range(0, 500).Select(i =>
            $"{"aauxc"[i % 5]}/k{i % 7},p=p{i % 11},number={i % 3}{(i % 11 > 0 ? $",pp=p{i % 11 / 2}" : "")}"))))];
        using StreamRules rules = StreamRules.Of(
        [
            "sequence by key [a] [b]",
            "sequence by key with maxspan=2s [a] [any where name == \"c\"] [b]",
            "sequence by key with maxspan=2s ![u] [a] [b]",
            "sequence by key with maxspan=2s [a] ![u] [b]",
            "sequence by key [a] as first [any where name == \"b\" and number == first.number] until [u]",
            "sample by key [a] [b]",
            "any where name == \"b\" and descendant of [any where name == \"a\"]",
            "sequence by key [any where name == \"c\" and child of [any where name == \"a\"]] [b]",
        ]);
        var engine = new RuleEngine<StreamEvent>(rules.RuleSet);
        var matches = new List<EventRule<StreamEvent>>();
        var completed = new List<StepsMatch<StreamEvent>>();
        RunAll();
        RunAll();
        Assert.Equal(0, Allocations.Of(RunAll));
        Assert.Empty(matches);
        Assert.Empty(completed);

        void RunAll()
        {
            foreach (StreamEvent e in events)
                engine.Push(e, matches, completed);
        }
    }

    /// <summary>Results without the event that let them fire: others can let time pass earlier.</summary>
    private static IEnumerable<string> Matches(string results) =>
        results.Split("; ", StringSplitOptions.RemoveEmptyEntries).Select(result => result.Split(" at ")[0]);
}
