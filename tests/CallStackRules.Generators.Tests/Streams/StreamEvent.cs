using System.Text.Json;
using CallStackRules.Schema;

namespace CallStackRules.Generators.Tests.Streams;

/// <summary>The events that streams of the language's tests are made of, as a C# object: the fields of <c>StepsRun.Schema</c>.</summary>
public sealed class StreamEvent
{
    /// <summary>The place in its stream, from 1. Matches keep the field of this name, which tells here what event they kept.</summary>
    [EqlField("process.pid")]
    public int Place { get; set; }

    [EqlField("@timestamp")]
    public long? Time { get; set; }

    [EqlField("event.category")]
    public string[]? Categories { get; set; }

    /// <summary>Only compiled queries know it: it tells when a process ends, which the interpreter does not ask.</summary>
    [EqlField("event.type")]
    public string[]? Types { get; set; }

    [EqlField("event.action")]
    public string? Action { get; set; }

    [EqlField("process.entity_id")]
    public string? Process { get; set; }

    [EqlField("process.parent.entity_id")]
    public string? Parent { get; set; }

    [EqlField("name")]
    public string? Name { get; set; }

    [EqlField("key")]
    public string? Key { get; set; }

    [EqlField("user")]
    public string? User { get; set; }

    [EqlField("host")]
    public string? Host { get; set; }

    [EqlField("number")]
    public long? Number { get; set; }

    [EqlField("fraction")]
    public double? Fraction { get; set; }

    [EqlField("truth")]
    public bool? Truth { get; set; }

    [EqlField("list")]
    public string[]? List { get; set; }

    [EqlField("items")]
    public Item[]? Items { get; set; }

    /// <summary>Reads the JSON of an event.</summary>
    public static StreamEvent Read(string json, int place)
    {
        JsonElement read = JsonElement.Parse(json);
        return new StreamEvent
        {
            Place = place,
            Time = Field("@timestamp")?.GetInt64(),
            Categories = Texts("event.category"),
            Action = Text("event.action"),
            Process = Text("process.entity_id"),
            Parent = Text("process.parent.entity_id"),
            Name = Text("name"),
            Key = Text("key"),
            User = Text("user"),
            Host = Text("host"),
            Number = Field("number")?.GetInt64(),
            Fraction = Field("fraction")?.GetDouble(),
            Truth = Field("truth")?.GetBoolean(),
            List = Texts("list"),
            Items = Field("items") is { } items ? [.. items.EnumerateArray().Select(item => new Item { Text = item.GetProperty("text").GetString() })] : null,
        };

        JsonElement? Field(string name) => read.TryGetProperty(name, out JsonElement value) ? value : null;

        string? Text(string name) => Field(name)?.GetString();

        string[]? Texts(string name) => Field(name) switch
        {
            { ValueKind: JsonValueKind.Array } several => [.. several.EnumerateArray().Select(one => one.GetString()!)],
            { } one => [one.GetString()!],
            null => null,
        };
    }

    /// <summary>An object of which an event has several.</summary>
    public sealed class Item
    {
        [EqlField("text")]
        public string? Text { get; init; }
    }
}
