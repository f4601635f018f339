using System.Globalization;
using CallStackRules.Eql.Tests.Interpretation;
using CallStackRules.Rules;
using CallStackRules.Sequences;
using CsCheck;

namespace CallStackRules.Generators.Tests.Streams;

/// <summary>What holds for compiled queries over every stream, and for what they remember.</summary>
public sealed class StreamPropertyTests : IDisposable
{
    /// <summary>Every kind of state there is, by a key.</summary>
    internal static readonly string[] Queries =
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

    private readonly StreamRules _rules = StreamRules.Of(Queries);

    public void Dispose() => _rules.Dispose();

    [Fact]
    public void A_replay_gives_the_same_results_every_time_also_when_matches_are_evicted() => StreamGen.Stream(mayStepBack: true).Check(stream =>
    {
        IReadOnlyList<StreamEvent> events = StreamRules.Read(StepsCaseFile.Events(stream));
        Assert.Equal(_rules.Results(events), _rules.Results(events));
        Assert.Equal(_rules.Results(events, capacity: 2), _rules.Results(events, capacity: 2));
    }, iter: 200);

    [Fact]
    public void Events_of_unrelated_keys_change_nothing() => StreamGen.Stream(mayStepBack: false).Check(stream =>
    {
        // Lineage has no key: its events are related by their processes.
        IReadOnlyList<StreamEvent> events = StreamRules.Read(StepsCaseFile.Events(stream));
        IReadOnlyList<string> alone = _rules.Results([.. events.Where(e => e.Key == "x")]);
        IReadOnlyList<string> together = _rules.Results(events);
        for (int i = 0; i < Queries.Length - 1; i++)
            Assert.Equal(Matches(alone[i]), Matches(together[i]).Where(match => events[int.Parse(match.Split(' ')[0], CultureInfo.InvariantCulture) - 1].Key == "x"));
    }, iter: 200);

    [Fact]
    public void A_match_that_another_rule_uses_by_now_is_that_rules_alone()
    {
        // The first rule gives its match up; the second gets it, and waits at the same place with its own first event.
        using StreamRules rules = StreamRules.Of(
        [
            "sequence by key with maxspan=2s [process where name == \"a\"] ![process where name == \"u\"]",
            "sequence by key with maxspan=2s [file where name == \"a\"] ![file where name == \"u\"]",
        ]);

        Assert.Equal(["", "3 at 5"], rules.Results(StreamRules.Read(StepsCaseFile.Events("a/k@0 u/k@100 a/k@1000,cat=file x/k@2500 x/k@5000,cat=file"))));
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

    [Fact]
    public void A_match_that_pipes_let_pass_or_hold_back_allocates_nothing()
    {
        StreamEvent[] events = [.. StreamRules.Read(StepsCaseFile.Events(string.Join(' ', Enumerable.Range(0, 500).Select(i => $"{"ab"[i % 2]}/k{i % 7},number={i % 3}"))))];
        using StreamRules rules = StreamRules.Of(
        [
            "any where true | filter number > 0", "any where name == \"b\" | unique key, number", "any where true | head 5", "sequence by key [a] [b] | unique key | head 3",
            "sequence by key [a] [b] | filter number == 1 | unique key",
        ]);
        var engine = new RuleEngine<StreamEvent>(rules.RuleSet);
        var matches = new List<EventRule<StreamEvent>>();
        var completed = new List<StepsMatch<StreamEvent>>();
        int passed = 0;
        RunAll();
        RunAll();
        Assert.Equal(0, Allocations.Of(RunAll));
        Assert.NotEqual(0, passed);

        void RunAll()
        {
            foreach (StreamEvent e in events)
            {
                completed.Clear();
                engine.Push(e, matches, completed);
                passed += completed.Count;
            }
        }
    }

    /// <summary>Results without the event that let them fire: others can let time pass earlier.</summary>
    private static IEnumerable<string> Matches(string results) =>
        results.Split("; ", StringSplitOptions.RemoveEmptyEntries).Select(result => result.Split(" at ")[0]);
}
