using CallStackRules.Eql.Schema;

namespace CallStackRules.Eql.Tests.Interpretation;

/// <summary>Makes schemas for events that are no C# objects.</summary>
internal static class SchemaOf
{
    /// <summary>
    /// A schema of fields written like <c>process.args text*</c>: path, type, and a star for a list. The type <c>decimal</c> is a text of decimal digits. A field inside a list of objects stands after that list.
    /// </summary>
    public static EventSchema Fields(params string[] fields)
    {
        var lists = new HashSet<string>(StringComparer.Ordinal);
        var read = new List<EventField>();
        foreach (string[] words in fields.Select(field => field.Split(' ')))
        {
            string path = words[0];
            if (words[1].EndsWith('*'))
                lists.Add(path);
            string[] names = path.Split('.');
            IEnumerable<AccessStep> steps = names.Select((name, i) => new AccessStep(
                name, lists.Contains(string.Join('.', names[..(i + 1)])) ? ListKind.List : ListKind.None, IsNullable: true));
            string type = words[1].TrimEnd('*');
            bool isDecimal = type == "decimal";
            read.Add(new EventField(path, isDecimal ? FieldType.Text : Enum.Parse<FieldType>(type, ignoreCase: true), steps.ToEquatableArray()) { IsDecimal = isDecimal });
        }
        return new EventSchema("json", "event.category", "@timestamp", read.OrderBy(field => field.Path, StringComparer.Ordinal).ToEquatableArray());
    }
}
