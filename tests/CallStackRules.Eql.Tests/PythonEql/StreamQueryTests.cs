using System.Text.Json;
using System.Text.Json.Nodes;
using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Interpretation;
using CallStackRules.Eql.Schema;
using CallStackRules.Eql.Syntax;
using CallStackRules.Eql.Tests.Interpretation;

namespace CallStackRules.Eql.Tests.PythonEql;

/// <summary>The queries of python-eql with steps, lineage or pipes, over the stream of its events: the same events must come out, in the same order.</summary>
public class StreamQueryTests
{
    [SkippableFact]
    public void Queries_over_streams_give_the_expected_events()
    {
        IReadOnlyList<PeerQuery> queries = Queries();
        var runner = new Runner();
        string[] differences = [.. queries.Where(query => !LeftOut.OverStreams.ContainsKey(query.Number)).SelectMany(runner.Differences)];
        Assert.True(differences.Length == 0, string.Join('\n', differences));
        Assert.Equal(102, queries.Count);
    }

    [SkippableFact]
    public void What_is_left_out_would_differ()
    {
        IReadOnlyList<PeerQuery> queries = Queries();
        var runner = new Runner();
        Assert.All(LeftOut.OverStreams.Keys, number => Assert.NotEmpty(runner.Differences(queries.Single(query => query.Number == number))));
    }

    private static IReadOnlyList<PeerQuery> Queries() => [.. PeerQuery.All().Where(query => !query.IsAboutOneEvent)];

    private sealed class Runner
    {
        private readonly IReadOnlyList<JsonElement> _events;
        private readonly EventSchema _schema;

        public Runner()
        {
            _events = [.. PythonEqlData.ReadEvents().Select(InMilliseconds)];
            _schema = PythonEqlData.SchemaOf(_events) with { ProcessPath = "unique_pid", ParentPath = "unique_ppid" };
        }

        /// <summary>How what a query gives differs from what is expected, one line for each reading of case in which it does.</summary>
        public IEnumerable<string> Differences(PeerQuery query)
        {
            (QuerySyntax? syntax, IReadOnlyList<EqlDiagnostic> mistakes) = QueryParser.ParseQuery(LegacyProfile.Respell(query.Text));
            List<EqlDiagnostic> diagnostics = [.. mistakes];
            BoundQuery? bound = syntax is null ? null : Binder.Bind(syntax, _schema, diagnostics);
            if (diagnostics.Find(diagnostic => diagnostic.IsError) is { } error)
                return [$"Query {query.Number} does not compile: {error.Message}"];
            return
                from ignoreCase in query.Modes
                let found = Results(LegacyProfile.Reread(bound!, ignoreCase))
                where !found.SequenceEqual(query.Expected)
                select $"Query {query.Number}, case {(ignoreCase ? "ignored" : "observed")}: [{string.Join(", ", found)}], not [{string.Join(", ", query.Expected)}]";
        }

        private List<long> Results(BoundQuery query)
        {
            var interpreter = new QueryInterpreter(query, _schema, new JsonEventReader());
            IEnumerable<QueryResult> results = [.. _events.SelectMany(anEvent => interpreter.Push(anEvent)), .. interpreter.End()];
            return [.. results.SelectMany(result => result.Events).Select(kept => ((JsonElement)kept).GetProperty("serial_event_id").GetInt64())];
        }

        /// <summary>The suite counts time in units of 100 ns.</summary>
        private static JsonElement InMilliseconds(JsonElement anEvent)
        {
            JsonObject copy = JsonObject.Create(anEvent)!;
            copy["timestamp"] = anEvent.GetProperty("timestamp").GetInt64() / TimeSpan.TicksPerMillisecond;
            return JsonElement.Parse(copy.ToJsonString());
        }
    }
}
