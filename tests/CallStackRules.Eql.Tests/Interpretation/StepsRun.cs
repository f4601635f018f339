using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Interpretation;
using CallStackRules.Eql.Schema;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Tests.Interpretation;

/// <summary>Runs queries over streams of events, and writes results by the number of their events.</summary>
internal static partial class StepsRun
{
    public static readonly EventSchema Schema = SchemaOf.Fields(
        "@timestamp integer",
        "event.category text*",
        "event.type text*",
        "event.action text",
        "process.entity_id text",
        "process.parent.entity_id text",
        "name text",
        "key text",
        "user text",
        "host text",
        "number integer",
        "fraction float",
        "truth boolean",
        "list text*",
        "items object*",
        "items.text text");

    /// <summary>Writes out <c>[a]</c>, which stands for <c>[any where name == "a"]</c>.</summary>
    public static string Spell(string query) => ShortFilter().Replace(query, "[any where name == \"$1\"]");

    /// <summary>A query of any kind that binds; its errors fail the test.</summary>
    public static BoundQuery Bind(string query, EventSchema schema)
    {
        (QuerySyntax? syntax, IReadOnlyList<EqlDiagnostic> mistakes) = QueryParser.ParseQuery(Spell(query));
        List<EqlDiagnostic> diagnostics = [.. mistakes];
        BoundQuery? bound = syntax is null ? null : Binder.Bind(syntax, schema, diagnostics);
        IEnumerable<EqlDiagnostic> errors = diagnostics.Where(diagnostic => diagnostic.IsError);
        Assert.True(!errors.Any(), $"{query}\n{string.Join('\n', errors.Select(error => $"{error.Descriptor.Id} at {error.Span.Start}: {error.Message}"))}");
        return bound!;
    }

    /// <summary>
    /// The results of a query over events: <c>1 3; 2 4</c> are two results of two events each. <c>at 5</c> follows one that does not come with its last event,
    /// <c>at end</c> one that only the end brings, <c>(2 of 0.5: x)</c> what is counted.
    /// </summary>
    public static string Results(string query, IReadOnlyList<string> events)
    {
        return string.Join("; ", Run(query, events).Select(found => Show(found.Result, found.Numbers, found.At)));
    }

    /// <summary>The results of a query over events, each as the numbers of its events.</summary>
    public static List<int[]> Matches(string query, IReadOnlyList<string> events) => [.. Run(query, events).Select(found => found.Numbers)];

    private static List<(QueryResult Result, int[] Numbers, string At)> Run(string query, IReadOnlyList<string> events)
    {
        var interpreter = new QueryInterpreter(Bind(query, Schema), Schema, new JsonEventReader());
        List<object> pushed = [];
        List<(QueryResult, int[], string)> found = [];
        foreach (string json in events)
        {
            pushed.Add(JsonElement.Parse(json));
            found.AddRange(interpreter.Push(pushed[^1]).Select(result => (result, Numbers(result), $"{pushed.Count}")));
        }
        found.AddRange(interpreter.End().Select(result => (result, Numbers(result), "end")));
        return found;

        int[] Numbers(QueryResult result) => [.. result.Events.Select(kept => pushed.FindIndex(one => ReferenceEquals(one, kept)) + 1)];
    }

    private static string Show(QueryResult result, int[] numbers, string at)
    {
        string shown = string.Join(' ', numbers);
        if (result.Count is { } count)
        {
            string values = string.Join(',', count.Values.Select(several => several.Count == 0 ? "-" : string.Join('+', several)));
            shown += string.Create(CultureInfo.InvariantCulture, $" ({count.Count} of {count.Percent:0.0##}: {values})");
        }
        return (at == $"{numbers.DefaultIfEmpty().Max()}" ? shown : $"{shown} at {at}").Trim();
    }

    [GeneratedRegex(@"\[(\w+)\](?!\.)")]
    private static partial Regex ShortFilter();
}
