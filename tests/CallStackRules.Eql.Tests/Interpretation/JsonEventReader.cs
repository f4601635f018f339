using System.Text.Json;
using CallStackRules.Eql.Interpretation;
using CallStackRules.Eql.Schema;

namespace CallStackRules.Eql.Tests.Interpretation;

/// <summary>Reads JSON events: a step of an access path is a property of that name, and an array is all of its items. Keys may be whole paths with dots.</summary>
internal sealed class JsonEventReader : IEventReader
{
    public IReadOnlyList<object> Read(object root, EventField field, int firstStep)
    {
        // An item that is no object was given out as a value.
        if (root is not JsonElement element)
            return [root];
        return [.. Find(element, [.. field.Access.Skip(firstStep).Select(step => step.Property)]).Select(value => Convert(value, field.Type))];
    }

    private static IEnumerable<JsonElement> Find(JsonElement element, string[] names)
    {
        if (element.ValueKind == JsonValueKind.Array)
            return element.EnumerateArray().SelectMany(item => Find(item, names));
        if (names.Length == 0)
            return element.ValueKind == JsonValueKind.Null ? [] : [element];
        for (int length = names.Length; length > 0; length--)
        {
            if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(string.Join('.', names[..length]), out JsonElement inner))
                return Find(inner, names[length..]);
        }
        return [];
    }

    private static object Convert(JsonElement value, FieldType type) => type switch
    {
        FieldType.Text => value.GetString()!,
        FieldType.Integer => value.GetInt64(),
        FieldType.Float => value.GetDouble(),
        FieldType.Boolean => value.GetBoolean(),
        _ => value,
    };
}
