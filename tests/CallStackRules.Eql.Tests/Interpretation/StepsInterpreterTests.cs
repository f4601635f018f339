using System.Text.Json;
using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Interpretation;
using CallStackRules.Eql.Schema;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Tests.Interpretation;

public class StepsInterpreterTests
{
    [Fact]
    public void A_result_holds_the_events_of_each_step_and_the_keys()
    {
        QueryInterpreter interpreter = Interpreter("sequence by key, ?user, list with maxspan=10s [a] with runs=2 ![m] [b]");
        object[] events = [.. StepsCaseFile.Events("a/x,list=p+q a/x,list=p+q b/x,list=p+q").Select(json => (object)JsonElement.Parse(json))];
        QueryResult result = Assert.Single(events.SelectMany(interpreter.Push));
        Assert.Equal([2, 0, 1], result.Steps.Select(step => step.Count));
        Assert.Same(events[0], result.Steps[0][0]);
        Assert.Same(events[1], result.Steps[0][1]);
        Assert.Same(events[2], result.Steps[2][0]);
        Assert.Equal(events, result.Events);
        Assert.Equal([["x"], [], ["p", "q"]], result.Keys);
        Assert.Null(result.Count);
    }

    [Fact]
    public void A_stream_that_reuses_its_event_object_is_kept_by_snapshots()
    {
        var reused = new Reused();
        var interpreter = new QueryInterpreter(
            StepsRun.Bind("sequence [a] as first [any where name == \"b\" and key == first.key]", StepsRun.Schema),
            StepsRun.Schema,
            new ReusedReader(),
            snapshot: kept => new Reused { Event = ((Reused)kept).Event });
        List<QueryResult> results = [];
        foreach (string json in StepsCaseFile.Events("a/x x/y b/y b/x"))
        {
            reused.Event = JsonElement.Parse(json);
            results.AddRange(interpreter.Push(reused));
        }
        reused.Event = default;
        QueryResult result = Assert.Single(results);
        Assert.Equal(["a", "b"], result.Events.Select(kept => ((Reused)kept).Event.GetProperty("name").GetString()));
    }

    [Fact]
    public void Only_events_that_are_kept_are_copied_and_those_once()
    {
        List<object> copied = [];
        var interpreter = new QueryInterpreter(
            StepsRun.Bind("sequence [any where name in (\"a\", \"b\")] [b] [c]", StepsRun.Schema), StepsRun.Schema, new JsonEventReader(), snapshot: kept =>
            {
                copied.Add(kept);
                return kept;
            });
        object[] events = [.. StepsCaseFile.Events("x a b x c x").Select(json => (object)JsonElement.Parse(json))];
        QueryResult result = Assert.Single(events.SelectMany(interpreter.Push));
        Assert.Equal(3, result.Events.Count);
        Assert.Equal([events[1], events[2], events[4]], copied);
    }

    [Theory]
    [InlineData("text", "\"2024-05-01T12:00:00Z\"", "\"2024-05-01T14:00:10+02:00\"", true)]
    [InlineData("text", "\"2024-05-01T12:00:00Z\"", "\"2024-05-01T12:00:10.0001Z\"", false)]
    [InlineData("text", "\"2024-05-01T12:00:00\"", "\"2024-05-01T12:00:10Z\"", true)]
    [InlineData("text", "\"2024-05-01T12:00:00Z\"", "\"at noon\"", true)]
    [InlineData("float", "0.5", "10000.5", true)]
    [InlineData("float", "0.5", "10000.75", false)]
    [InlineData("float", "0.5", "1e300", true)]
    [InlineData("integer", "-9223372036854775808", "9223372036854775807", false)]
    public void Time_is_a_number_of_milliseconds_or_a_text_of_ISO_8601(string type, string first, string second, bool isWithinTenSeconds)
    {
        EventSchema schema = SchemaOf.Fields($"@timestamp {type}", "event.category text*", "name text");
        var interpreter = new QueryInterpreter(StepsRun.Bind("sequence with maxspan=10s [a] [b]", schema), schema, new JsonEventReader());
        Assert.Empty(interpreter.Push(JsonElement.Parse($$"""{"@timestamp": {{first}}, "name": "a"}""")));
        Assert.Equal(isWithinTenSeconds ? 1 : 0, interpreter.Push(JsonElement.Parse($$"""{"@timestamp": {{second}}, "name": "b"}""")).Count);
    }

    [Fact]
    public void The_fields_of_lineage_are_a_property_of_the_event_model()
    {
        EventSchema schema = SchemaOf.Fields("@timestamp integer", "event.category text*", "name text", "id integer", "parent integer")
            with { ProcessPath = "id", ParentPath = "parent" };
        var interpreter = new QueryInterpreter(StepsRun.Bind("any where child of [any where name == \"a\"]", schema), schema, new JsonEventReader());
        Assert.Empty(Push("""{"id": 1, "name": "a"}"""));
        Assert.Single(Push("""{"id": 2, "parent": 1}"""));
        Assert.Empty(Push("""{"id": 3, "parent": 2}"""));

        IReadOnlyList<QueryResult> Push(string json) => interpreter.Push(JsonElement.Parse(json));
    }

    [Fact]
    public void Lineage_without_entity_ids_in_the_schema_is_refused()
    {
        EventSchema schema = SchemaOf.Fields("@timestamp integer", "event.category text*", "name text");
        BoundQuery query = StepsRun.Bind("any where child of [a]", schema);
        var refused = Assert.Throws<ArgumentException>(() => new QueryInterpreter(query, schema, new JsonEventReader()));
        Assert.Contains("process.entity_id", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_without_its_time_field_is_refused()
    {
        EventSchema schema = SchemaOf.Fields("event.category text*", "name text");
        BoundQuery query = StepsRun.Bind("any where true", schema);
        var refused = Assert.Throws<ArgumentException>(() => new QueryInterpreter(query, schema, new JsonEventReader()));
        Assert.Contains("@timestamp", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_is_no_key()
    {
        QueryInterpreter interpreter = Interpreter("any where true | unique items");
        Assert.Throws<ArgumentException>(() => interpreter.Push(JsonElement.Parse("""{"items": [{"text": "x"}]}""")));
    }

    [Theory]
    [InlineData("sequence [a] ![m] [b]", "maxspan")]
    [InlineData("sequence with maxspan=1s ![a] ![b]", "something has to happen")]
    [InlineData("sequence [a] by key [b] by key, user", "key")]
    [InlineData("sequence by host [a] by key [b]", "key")]
    [InlineData("sequence [a] by key [b] by key until [u] by key, user", "key")]
    [InlineData("sequence [a] by key [b] by key until [u]", "key")]
    [InlineData("sequence [a] as first [any where key == second.key] as second", "second.key")]
    [InlineData("sequence [any where key == second.key] as first [b] as second", "second.key")]
    [InlineData("sequence [a] as first [b] until [any where key == first.key]", "first.key")]
    [InlineData("sequence with maxspan=1s [a] ![b] as second [c]", "name")]
    [InlineData("sample [a] [b]", "by")]
    [InlineData("any where true | window key", "5m")]
    [InlineData("any where true | window 5x", "unit")]
    [InlineData("any where true | head 5s", "5s")]
    public void What_has_no_meaning_is_a_mistake(string query, string word)
    {
        (QuerySyntax? syntax, IReadOnlyList<EqlDiagnostic> mistakes) = QueryParser.ParseQuery(StepsRun.Spell(query));
        List<EqlDiagnostic> diagnostics = [.. mistakes];
        if (syntax is not null)
            Binder.Bind(syntax, StepsRun.Schema, diagnostics);
        Assert.Contains(diagnostics, diagnostic => diagnostic.IsError && diagnostic.Message.Contains(word, StringComparison.Ordinal));
    }

    private static QueryInterpreter Interpreter(string query) => new(StepsRun.Bind(query, StepsRun.Schema), StepsRun.Schema, new JsonEventReader());

    /// <summary>An event object as a stream has it: filled anew for every event.</summary>
    private sealed class Reused
    {
        public JsonElement Event { get; set; }
    }

    private sealed class ReusedReader : IEventReader
    {
        private readonly JsonEventReader _reader = new();

        public IReadOnlyList<object> Read(object root, EventField field, int firstStep) => _reader.Read(root is Reused reused ? reused.Event : root, field, firstStep);
    }
}
