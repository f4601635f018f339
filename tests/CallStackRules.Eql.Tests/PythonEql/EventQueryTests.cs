using System.Text.Json;
using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Interpretation;
using CallStackRules.Eql.Schema;
using CallStackRules.Eql.Tests.Interpretation;

namespace CallStackRules.Eql.Tests.PythonEql;

/// <summary>The queries of python-eql about one event, over its events: the same events must match.</summary>
public class EventQueryTests
{
    [SkippableFact]
    public void Queries_about_one_event_match_the_expected_events()
    {
        IReadOnlyList<PeerQuery> queries = Queries();
        var runner = new Runner(PythonEqlData.ReadEvents());
        string[] differences = [.. queries.Where(query => !LeftOut.AboutOneEvent.ContainsKey(query.Number)).SelectMany(runner.Differences)];
        Assert.True(differences.Length == 0, string.Join('\n', differences));
        Assert.Equal(139, queries.Count);
    }

    [SkippableFact]
    public void What_is_left_out_would_differ()
    {
        IReadOnlyList<PeerQuery> queries = Queries();
        var runner = new Runner(PythonEqlData.ReadEvents());
        Assert.All(LeftOut.AboutOneEvent.Keys, number => Assert.NotEmpty(runner.Differences(queries.Single(query => query.Number == number))));
    }

    private static IReadOnlyList<PeerQuery> Queries() => [.. PeerQuery.All().Where(query => query.IsAboutOneEvent)];

    private sealed class Runner(IReadOnlyList<JsonElement> events)
    {
        private readonly EventSchema _schema = PythonEqlData.SchemaOf(events);

        /// <summary>How what a query matches differs from what is expected, one line for each reading of case in which it does.</summary>
        public IEnumerable<string> Differences(PeerQuery query)
        {
            CompiledRule rule = RuleCompiler.CompileQuery(LegacyProfile.Respell(query.Text), _schema);
            if (!rule.Succeeded)
                return [$"Query {query.Number} does not compile: {rule.Diagnostics.First(diagnostic => diagnostic.IsError).Message}"];
            BoundFilter filter = ((BoundEventQuery)rule.Query!).Filter;
            return
                from ignoreCase in query.Modes
                let found = Matches(filter with { Condition = LegacyProfile.Reread(filter.Condition, ignoreCase) })
                where !found.SequenceEqual(query.Expected.Order())
                select $"Query {query.Number}, case {(ignoreCase ? "ignored" : "observed")}: [{string.Join(", ", found)}], not [{string.Join(", ", query.Expected)}]";
        }

        private List<long> Matches(BoundFilter filter)
        {
            var interpreter = new Interpreter(_schema, new JsonEventReader());
            return [.. events.Where(anEvent => interpreter.Matches(filter, anEvent)).Select(anEvent => anEvent.GetProperty("serial_event_id").GetInt64()).Order()];
        }
    }
}
