using System.Globalization;
using CallStackRules.Rules;
using CallStackRules.Sequences;
using Xunit.Abstractions;

namespace CallStackRules.Generators.Tests.Streams;

/// <summary>How much is remembered of streams.</summary>
[Collection(nameof(MeasuresMemory))]
public sealed class StreamMemoryTests(ITestOutputHelper output)
{
    /// <summary>How many events go through state that is bounded: ten million, of a million keys, take minutes.</summary>
    private static readonly int Events = Environment.GetEnvironmentVariable("STREAM_TEST_EVENTS") is { Length: > 0 } events
        ? int.Parse(events, CultureInfo.InvariantCulture) : 120_000;

    [Fact]
    public void What_is_remembered_of_many_keys_is_bounded_and_what_goes_is_counted()
    {
        using StreamRules rules = StreamRules.Of(StreamPropertyTests.Queries);
        int keys = Math.Max(Events / 10, 100_000);
        var engine = new RuleEngine<StreamEvent>(rules.RuleSet);
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
        output.WriteLine($"{Events} events of {keys} keys, {rules.Count} rules: {kept / 1024} KB kept, {half / 1024} KB halfway, {found} matches, "
            + $"{engine.EvictedMatches} pending matches and {engine.EvictedProcesses} processes evicted.");
        Assert.True(engine.EvictedMatches > 0);
        Assert.True(engine.EvictedProcesses > 0);
        Assert.InRange(kept, 0, 128 * 1024 * 1024);
        GC.KeepAlive(engine);
    }
}
