using System.Globalization;
using CallStackRules.Eql.Tests.Interpretation;
using CsCheck;

namespace CallStackRules.Generators.Tests.Streams;

/// <summary>Compiled queries over streams against the interpreter: the same results, in the same order, when the same event comes.</summary>
public class StreamDifferentialTests
{
    private const int QueriesInABatch = 150;
    private const int StreamsForEach = 30;

    /// <summary>How many batches of random queries are compiled: more of them find more, at some seconds each.</summary>
    private static readonly int Batches = Environment.GetEnvironmentVariable("STREAM_TEST_BATCHES") is { Length: > 0 } batches
        ? int.Parse(batches, CultureInfo.InvariantCulture) : 1;

    [Fact]
    public void Random_queries_find_in_random_streams_what_the_interpreter_finds()
    {
        PCG random = RepeatableSamples.Beginning();
        for (int batch = 0; batch < Batches; batch++)
        {
            string seed = random.ToString();
            string[] queries = [.. Enumerable.Range(0, QueriesInABatch).Select(_ => Next(StreamGen.Query))];
            using StreamRules rules = StreamRules.Of(queries);
            int fruitful = 0;
            List<string> differences = [];
            for (int i = 0; i < StreamsForEach; i++)
            {
                bool mayStepBack = i % 2 == 0;
                string stream = Next(StreamGen.Stream(mayStepBack));
                IReadOnlyList<string> events = StepsCaseFile.Events(stream);
                IReadOnlyList<string> found = rules.Results(StreamRules.Read(events));
                for (int query = 0; query < queries.Length; query++)
                {
                    // Of what must not come first only the latest events are remembered; which those are, stepping back in time can change.
                    if (mayStepBack && MustNotComeFirst(queries[query]))
                        continue;
                    string expected = StepsRun.Results(queries[query], events);
                    if (expected.Length > 0)
                        fruitful++;
                    if (expected != found[query])
                        differences.Add($"{queries[query]}\n  on {stream}\n  interpreted: {expected}\n  compiled:    {found[query]} (CsCheck_Seed={seed})");
                }
            }
            Assert.True(differences.Count == 0, string.Join('\n', differences.OrderBy(text => text.Length).Take(8)));
            Assert.InRange(fruitful, QueriesInABatch * StreamsForEach / 6, int.MaxValue);
        }

        T Next<T>(Gen<T> gen) => gen.Generate(random, null, out Size _);
    }

    private static bool MustNotComeFirst(string query) => query.IndexOf('[', StringComparison.Ordinal) is var first and > 0 && query[first - 1] == '!';
}
