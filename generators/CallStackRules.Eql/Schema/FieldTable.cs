namespace CallStackRules.Eql.Schema;

/// <summary>A property of the event that holds fields without properties of their own.</summary>
/// <param name="Property">The C# property.</param>
/// <param name="Table">The fields as the attribute lists them.</param>
public sealed record FieldTable(string Property, string Table)
{
    /// <summary>The fields of the table; what is wrong with it is appended to <paramref name="problems"/>.</summary>
    public IEnumerable<EventField> Fields(List<string> problems)
    {
        foreach ((string name, string type) in FieldTableText.Read(Table))
        {
            if (Kind(type) is not { } kind)
            {
                problems.Add($"The field table of {Property} gives '{name}' the type '{type}'. There are text, texts, long, double and bool.");
                continue;
            }
            var bag = new AccessStep(Property, ListKind.None, IsNullable: false);
            var value = new AccessStep(kind.Method, kind.List, IsNullable: kind.List != ListKind.None) { Key = name };
            yield return new EventField(name, kind.Type, new EquatableArray<AccessStep>([bag, value]));
        }
    }

    private static (FieldType Type, string Method, ListKind List)? Kind(string type) => type switch
    {
        "text" => (FieldType.Text, "Text", ListKind.None),
        "texts" => (FieldType.Text, "Texts", ListKind.List),
        "long" => (FieldType.Integer, "Long", ListKind.None),
        "double" => (FieldType.Float, "Double", ListKind.None),
        "bool" => (FieldType.Boolean, "Bool", ListKind.None),
        _ => null,
    };
}
