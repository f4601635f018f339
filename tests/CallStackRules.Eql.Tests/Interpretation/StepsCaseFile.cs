using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CallStackRules.Eql.Tests.Interpretation;

/// <summary>One line of a <c>.stream</c> file: events that go through a query, and what comes out.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Section">The sentence that the case is an example of.</param>
/// <param name="Query">The query as written.</param>
/// <param name="Stream">The events as written.</param>
/// <param name="Expected">The results, as <see cref="StepsRun"/> writes them.</param>
public sealed record StepsCase(string File, int Line, string Section, string Query, string Stream, string Expected)
{
    public override string ToString() => $"{File}:{Line} {Section}: {Query}: {Stream}";
}

/// <summary>
/// Reads <c>.stream</c> files. <c>== sentence</c> opens a section, a line with <c>=></c> is a case of the query above it, <c>#</c> begins a comment. In queries
/// <c>[a]</c> stands for <c>[any where name == "a"]</c>.
/// </summary>
internal static class StepsCaseFile
{
    public static IReadOnlyList<StepsCase> ReadAll(string folder)
    {
        string[] files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, folder), "*.stream");
        return [.. files.Order(StringComparer.Ordinal).SelectMany(Read)];
    }

    /// <summary>
    /// The events of a stream, JSON. An event is <c>name/key@milliseconds,field=value</c>, all but the name left out at will. Without a time it comes a second after
    /// the one before; <c>@?</c> is an event that does not tell its time. <c>x+y</c> is a list. Fields have short names.
    /// </summary>
    public static IReadOnlyList<string> Events(string stream)
    {
        long time = 0;
        return [.. stream.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => Event(text, ref time).ToJsonString())];
    }

    private static List<StepsCase> Read(string path)
    {
        var cases = new List<StepsCase>();
        string name = Path.GetFileName(path), section = "", query = "";
        string[] lines = File.ReadAllLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i];
            if (line.StartsWith('#'))
                continue;
            if (line.StartsWith("== ", StringComparison.Ordinal))
                section = line[3..];
            else if (line.Split(" =>") is [string stream, string expected])
                cases.Add(new StepsCase(name, i + 1, section, query, stream, expected.Trim()));
            else if (line.Length > 0)
                query = line;
        }
        return cases;
    }

    private static JsonObject Event(string text, ref long time)
    {
        string[] parts = text.Split(',');
        string head = parts[0];
        var anEvent = new JsonObject { ["event.category"] = "process" };
        time += 1000;
        if (head.Split('@') is [string before, string at])
        {
            head = before;
            time = at == "?" ? time : long.Parse(at, CultureInfo.InvariantCulture);
        }
        if (!text.Contains("@?", StringComparison.Ordinal))
            anEvent["@timestamp"] = time;
        if (head.Split('/') is [string name, string key])
        {
            head = name;
            anEvent["key"] = key;
        }
        anEvent["name"] = head;
        anEvent["event.action"] = head;
        foreach (string[] pair in parts.Skip(1).Select(part => part.Split('=')))
            AddField(anEvent, pair[0], pair[1]);
        return anEvent;
    }

    private static void AddField(JsonObject anEvent, string name, string value)
    {
        (string path, JsonNode? node) = name switch
        {
            "cat" => ("event.category", Text(value)),
            "p" => ("process.entity_id", Text(value)),
            "pp" => ("process.parent.entity_id", Text(value)),
            "list" => ("list", value.Length == 0 ? new JsonArray() : new JsonArray([.. value.Split('+').Select(Text)])),
            "items" => ("items", new JsonArray([.. value.Split('+').Select(item => new JsonObject { ["text"] = item })])),
            "number" or "fraction" or "truth" => (name, JsonNode.Parse(value)),
            "user" or "host" => (name, Text(value)),
            _ => throw new JsonException($"No field is called '{name}' in streams."),
        };
        anEvent[path] = node;
    }

    private static JsonNode? Text(string value) => JsonValue.Create(value);
}
