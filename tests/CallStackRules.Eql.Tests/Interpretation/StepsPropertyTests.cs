using CsCheck;

namespace CallStackRules.Eql.Tests.Interpretation;

/// <summary>What holds for every query and stream.</summary>
public class StepsPropertyTests
{
    /// <summary>Every way in which steps can be related, over events of few names, keys and times, so that matches are frequent.</summary>
    private static readonly string[] Keyed =
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
        "sequence by key [any where true] [any where true] [any where number > 1]",
        "sample by key [a] [b] [any where true]",
        "join by key [a] [any where true] until [u]",
    ];

    private static readonly Gen<string> Query = OneOf(Keyed);

    /// <summary>Time between events: mostly some, sometimes none.</summary>
    private static readonly Gen<int> Forwards = Gen.Frequency((6, Gen.Int[0, 1500]), (1, Gen.Const(0)));

    /// <summary>The same, sometimes back.</summary>
    private static readonly Gen<int> Anyhow = Gen.Frequency((6, Forwards), (1, Gen.Int[-500, 0]));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<(string Name, string Key, int Number, int Delay)[]> Stream(Gen<int> delay, params string[] keys) =>
        Gen.Select(OneOf("a", "b", "c", "u"), OneOf(keys), Gen.Int[0, 2], delay).Array[0, 30];

    [Fact]
    public void A_replay_gives_the_same_results_every_time() => Gen.Select(Query, Stream(Anyhow, "x", "y", "z")).Check(
        (query, stream) => Assert.Equal(StepsRun.Results(query, Json(stream)), StepsRun.Results(query, Json(stream))));

    [Fact]
    public void Events_of_unrelated_keys_change_nothing() => Gen.Select(Query, Stream(Forwards, "x", "y", "unrelated")).Check((query, stream) =>
    {
        // Events of others can let time pass earlier, so time must not go back: what has fired cannot be hindered any more.
        bool[] isRelated = [.. stream.Select(one => one.Key != "unrelated")];
        IReadOnlyList<string> all = Json(stream);
        string[] related = [.. all.Where((_, i) => isRelated[i])];
        int[] numbers = [.. Enumerable.Range(1, all.Count).Where(i => isRelated[i - 1])];
        IEnumerable<string> expected = StepsRun.Matches(query, related).Select(match => string.Join(' ', match.Select(number => numbers[number - 1])));
        IEnumerable<string> found = StepsRun.Matches(query, all).Where(match => isRelated[match[0] - 1]).Select(match => string.Join(' ', match));
        Assert.Equal(expected, found);
    });

    [Fact]
    public void The_events_of_a_match_fit_their_steps() => Stream(Anyhow, "x", "y").Check(stream =>
    {
        List<int[]> matches = StepsRun.Matches("sequence by key with maxspan=3s [a] [b] [c]", Json(stream));
        long[] times = [.. stream.Select((_, i) => stream.Take(i + 1).Sum(one => (long)one.Delay))];
        foreach (int[] match in matches)
        {
            Assert.Equal("abc", string.Concat(match.Select(number => stream[number - 1].Name)));
            Assert.Single(match.Select(number => stream[number - 1].Key).Distinct());
            Assert.Equal(match.Order(), match);
            Assert.Equal(match.Select(number => times[number - 1]).Order(), match.Select(number => times[number - 1]));
            Assert.InRange(times[match[2] - 1] - times[match[0] - 1], 0, 3000);
        }
        // What is consumed is gone: no event is in two matches at the same step.
        for (int step = 0; step < 3; step++)
            Assert.Distinct(matches.Select(match => match[step]));
    });

    private static IReadOnlyList<string> Json((string Name, string Key, int Number, int Delay)[] stream)
    {
        long time = 0;
        return StepsCaseFile.Events(string.Join(' ', stream.Select(one => $"{one.Name}/{one.Key}@{time += one.Delay},number={one.Number}")));
    }
}
