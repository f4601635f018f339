using CallStackRules.Eql.Tests.PythonEql;

namespace CallStackRules.Generators.Tests.PythonEql;

/// <summary>The queries of python-eql, those with pipes too, compiled, over the stream of its events: the same events must come out.</summary>
public class CompiledQueryTests
{
    [SkippableFact]
    public void Compiled_queries_give_the_expected_events()
    {
        PeerQuery[] queries =
        [
            .. PeerQuery.All().Where(query => !LeftOut.AboutOneEvent.ContainsKey(query.Number) && !LeftOut.OverStreams.ContainsKey(query.Number)),
        ];
        using PeerRules rules = PeerRules.Of(queries);
        Func<PeerQuery, bool, IReadOnlyList<long>> found = rules.Run(PythonEqlData.ReadEvents());
        string[] differences =
        [
            .. from query in queries
               from ignoreCase in query.Modes
               let events = found(query, ignoreCase)
               where !(query.IsAboutOneEvent ? events.Order().SequenceEqual(query.Expected.Order()) : events.SequenceEqual(query.Expected))
               select $"Query {query.Number}, case {(ignoreCase ? "ignored" : "observed")}: [{string.Join(", ", events)}], not [{string.Join(", ", query.Expected)}]",
        ];
        Assert.True(differences.Length == 0, string.Join('\n', differences));
        Assert.Equal(220, queries.Length);
    }
}
