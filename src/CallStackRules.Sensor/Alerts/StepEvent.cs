using System.Globalization;
using System.Text.Json.Nodes;
using CallStackRules.Eql.Schema;
using CallStackRules.Events;
using CallStackRules.Sequences;

namespace CallStackRules.Sensor.Alerts;

/// <summary>What was kept of one event of a match over several. Valid as long as the match.</summary>
/// <param name="Step">The step as written, from 0.</param>
/// <param name="Snapshot">The kept values.</param>
/// <param name="Fields">The paths of the kept fields, in the order of the snapshot.</param>
internal readonly record struct StepEvent(int Step, Snapshot Snapshot, IReadOnlyList<string> Fields)
{
    private const string TimePath = "@timestamp";

    /// <summary>Says which fields are lists: one value of a list is kept like that of any other field.</summary>
    private static readonly Lazy<EventSchema> Schema = new(static () => ReflectionSchemaReader.Read(typeof(EndpointEvent).Assembly));

    /// <summary>An event of a match, by its place among them.</summary>
    public static StepEvent Of(StepsMatch<EndpointEvent> match, int index)
    {
        int step = match.StepOf(index);
        return new StepEvent(step, match.Events[index], match.Rule.Plan.KeptFields[step]);
    }

    /// <summary>What is known when events were only counted: the time of the latest.</summary>
    public static StepEvent Of(MatchCount count) => new(0, count.Values, []);

    /// <summary>The values that are counted, by argument of the pipe.</summary>
    public static IEnumerable<string> ValuesOf(MatchCount count)
    {
        var values = new StepEvent(0, count.Values, []);
        return Enumerable.Range(0, count.Values.FieldCount).Select(field => values.ValueOf(field));
    }

    /// <summary>When the event happened, in UTC; null when no calendar has the day.</summary>
    public DateTime? Time =>
        Snapshot.Time >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && Snapshot.Time <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(Snapshot.Time).UtcDateTime
            : null;

    /// <summary>The values of a field, separated by commas; empty when it was not kept or is missing.</summary>
    public string ValueOf(string path)
    {
        for (int field = 0; field < Fields.Count; field++)
        {
            if (Fields[field] == path)
                return ValueOf(field);
        }
        return "";
    }

    /// <summary>The values of a field, separated by commas; empty when it is missing.</summary>
    public string ValueOf(int field)
    {
        var values = new string[Snapshot.Count(field)];
        for (int i = 0; i < values.Length; i++)
            values[i] = Convert.ToString(Value(field, i), CultureInfo.InvariantCulture) ?? "";
        return string.Join(", ", values);
    }

    /// <summary>The event as nested objects in the shape of the Elastic Common Schema.</summary>
    public JsonObject ToJson()
    {
        var root = new JsonObject();
        if (Time is { } time)
            root[TimePath] = time.ToString("O", CultureInfo.InvariantCulture);
        for (int field = 0; field < Fields.Count; field++)
        {
            if (Snapshot.Count(field) == 0 || Fields[field] == TimePath)
                continue;
            string[] names = Fields[field].Split('.');
            JsonObject owner = root;
            foreach (string name in names[..^1])
                owner = ObjectIn(owner, name);
            owner[names[^1]] = Schema.Value.Find(Fields[field]) is { IsMultiValued: true } ? Values(field) : JsonOf(Value(field, 0));
        }
        return root;
    }

    /// <summary>An object inside another; put there when it is not.</summary>
    public static JsonObject ObjectIn(JsonObject owner, string name)
    {
        if (owner[name] is not JsonObject inner)
            owner[name] = inner = [];
        return inner;
    }

    private JsonArray Values(int field)
    {
        var values = new JsonArray();
        for (int i = 0; i < Snapshot.Count(field); i++)
            values.Add(JsonOf(Value(field, i)));
        return values;
    }

    private object? Value(int field, int index) => Snapshot.Kind(field, index) switch
    {
        ValueKind.Text => Snapshot.Text(field, index).ToString(),
        ValueKind.Whole => Snapshot.Number(field, index).Integer,
        ValueKind.Fraction => Snapshot.Number(field, index).Fraction,
        ValueKind.Boolean => Snapshot.Boolean(field, index),
        _ => null,
    };

    private static JsonNode? JsonOf(object? value) => value switch
    {
        string text => JsonValue.Create(text),
        long whole => JsonValue.Create(whole),
        // JSON has no word for the others.
        double fraction when double.IsFinite(fraction) => JsonValue.Create(fraction),
        bool flag => JsonValue.Create(flag),
        _ => null,
    };
}
