namespace CallStackRules.Eql.Schema;

/// <summary>A class of an event model as a schema reader sees it.</summary>
/// <param name="Name">Full name of the C# type.</param>
/// <param name="ReadProperties">Reads its properties that are fields. Called when the class is expanded, so that types may refer to each other.</param>
public sealed record SchemaClass(string Name, Func<IReadOnlyList<SchemaProperty>> ReadProperties);

/// <summary>A property that is a field.</summary>
/// <param name="Property">Its C# name.</param>
/// <param name="FieldName">Its name in EQL, relative to the class; dots allowed.</param>
/// <param name="Type">What one value is.</param>
/// <param name="List">Whether it has several values.</param>
/// <param name="IsNullable">Whether the property is a reference, a list included, that can be null.</param>
/// <param name="Class">For objects: the class of a value.</param>
/// <param name="Categories">Categories separated by spaces; empty: inherited.</param>
/// <param name="OperatingSystems">Operating systems separated by spaces; empty: inherited.</param>
/// <param name="IsDecimal">Whether a text is mostly a number in decimal digits.</param>
/// <param name="Summary">Documentation.</param>
public sealed record SchemaProperty(
    string Property, string FieldName, FieldType Type, ListKind List, bool IsNullable, SchemaClass? Class, string Categories, string OperatingSystems,
    bool IsDecimal, string Summary);

/// <summary>
/// Expands the classes of an event model into the flat list of field paths. The readers of compiled symbols and of reflection both end here, so that they cannot
/// disagree about anything but single properties.
/// </summary>
public static class SchemaBuilder
{
    /// <summary>Expands from the root class on. A class may stand inside itself once: <c>process.parent</c> is a process, and has no parent of its own.</summary>
    public static EventSchema Build(SchemaClass root, IEnumerable<FieldTable> tables, string categoryPath, string timestampPath, IReadOnlyList<string> problems)
    {
        var fields = new Dictionary<string, EventField>(StringComparer.Ordinal);
        Expand(root, "", [], default, default, [root.Name], fields);
        // The readers meet properties in orders of their own, and those of a class that stands in several places more than once.
        var found = new List<string>(problems.Distinct().OrderBy(static problem => problem, StringComparer.Ordinal));
        foreach (EventField field in tables.SelectMany(table => table.Fields(found)))
        {
            if (!fields.ContainsKey(field.Path))
                fields.Add(field.Path, field);
        }
        if (!fields.ContainsKey(categoryPath))
            found.Add($"{root.Name} has no field '{categoryPath}', which the schema names as the event's category.");
        EventField[] sorted = [.. fields.Values];
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        return new EventSchema(root.Name, categoryPath, timestampPath, new EquatableArray<EventField>(sorted))
        {
            Problems = found.ToEquatableArray(),
        };
    }

    /// <summary>What a reader says of a property whose type can be no field.</summary>
    public static string UnusableType(string type, string property) =>
        $"{type}.{property} has a type that EQL has no values for. Fields are texts, numbers, Booleans, classes of fields, and lists of these.";

    private static void Expand(
        SchemaClass type, string prefix, AccessStep[] access, EquatableArray<string> categories, EquatableArray<string> systems, List<string> open,
        Dictionary<string, EventField> fields)
    {
        var properties = new List<SchemaProperty>(type.ReadProperties());
        // Longest names first: process.parent.thread on the root goes before thread of process.parent.
        properties.Sort(static (a, b) => b.FieldName.Length != a.FieldName.Length
            ? b.FieldName.Length.CompareTo(a.FieldName.Length)
            : string.CompareOrdinal(a.FieldName, b.FieldName));
        foreach (SchemaProperty property in properties)
        {
            if (property.Class is { } value && open.FindAll(name => name == value.Name).Count >= 2)
                continue;
            string path = prefix + property.FieldName;
            AccessStep[] steps = [.. access, new AccessStep(property.Property, property.List, property.IsNullable)];
            EquatableArray<string> ownCategories = Words(property.Categories, categories);
            EquatableArray<string> ownSystems = Words(property.OperatingSystems, systems);
            if (!fields.ContainsKey(path))
            {
                fields.Add(path, new EventField(path, property.Type, new EquatableArray<AccessStep>(steps))
                {
                    Categories = ownCategories,
                    OperatingSystems = ownSystems,
                    IsDecimal = property is { IsDecimal: true, Type: FieldType.Text },
                    Summary = property.Summary,
                });
            }
            if (property.Class is not { } inner)
                continue;
            open.Add(inner.Name);
            Expand(inner, path + ".", steps, ownCategories, ownSystems, open, fields);
            open.RemoveAt(open.Count - 1);
        }
    }

    private static EquatableArray<string> Words(string text, EquatableArray<string> inherited)
    {
        string[] words = text.Split([' '], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? inherited : new EquatableArray<string>(words);
    }
}
