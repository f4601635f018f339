using System.Text.Json;
using CallStackRules.Eql.Schema;
using Tomlyn;
using Tomlyn.Model;

namespace CallStackRules.Eql.Tests.PythonEql;

/// <summary>
/// The test suite of python-eql, when it is to be had beside the repository; its licence keeps it out of it. What is checked in is which cases do not apply to this
/// dialect, by number and with the reason.
/// </summary>
internal static class PythonEqlData
{
    /// <summary>Reads a file of the suite; skips the test that asks when it is not there.</summary>
    public static string ReadText(string file)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CallStackRules.sln")))
            folder = folder.Parent;
        string path = Path.Combine(folder?.Parent?.FullName ?? "", "shared", "data", "python-eql", file);
        Skip.IfNot(File.Exists(path), $"The cases of python-eql are not at {path}.");
        return File.ReadAllText(path);
    }

    public static TomlTable ReadToml(string file) => TomlSerializer.Deserialize<TomlTable>(ReadText(file))!;

    public static IReadOnlyList<JsonElement> ReadEvents() => [.. JsonElement.Parse(ReadText("test_data.json")).EnumerateArray()];

    /// <summary>The fields that the events have, and those that queries ask for although no event has them.</summary>
    public static EventSchema SchemaOf(IEnumerable<JsonElement> events)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["missing_field"] = "text", ["null_field"] = "text", ["bad_field"] = "text", ["fake_field"] = "text", ["invalid_field_name"] = "text",
        };
        foreach (JsonElement anEvent in events)
            AddFields("", anEvent);
        EventSchema schema = Tests.Interpretation.SchemaOf.Fields([.. fields.Select(field => $"{field.Key} {field.Value}")]);
        return schema with { CategoryPath = "event_type", TimestampPath = "timestamp" };

        void AddFields(string prefix, JsonElement owner)
        {
            foreach (JsonProperty property in owner.EnumerateObject())
            {
                string path = prefix + property.Name;
                bool isList = property.Value.ValueKind == JsonValueKind.Array;
                JsonElement[] values = isList ? [.. property.Value.EnumerateArray()] : [property.Value];
                foreach (JsonElement value in values)
                {
                    fields[path] = TypeOf(value) + (isList ? "*" : "");
                    if (value.ValueKind == JsonValueKind.Object)
                        AddFields(path + ".", value);
                }
            }
        }
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "text",
        JsonValueKind.Number => "integer",
        JsonValueKind.Object => "object",
        _ => throw new FormatException($"A field cannot hold {value.ValueKind}."),
    };
}
