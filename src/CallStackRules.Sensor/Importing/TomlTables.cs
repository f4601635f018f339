using Tomlyn.Model;
using Tomlyn.Syntax;

namespace CallStackRules.Sensor.Importing;

/// <summary>
/// The tables of a TOML document. Written here because the parser's own model drops elements of a list of tables that has other tables in between, as in
/// <c>[[threat]] [rule] [[threat]]</c>.
/// </summary>
internal static class TomlTables
{
    /// <summary>The root table of a document without errors.</summary>
    /// <exception cref="InvalidDataException">A name is both a table and something else.</exception>
    public static TomlTable Of(DocumentSyntax document)
    {
        var root = new TomlTable();
        AddPairs(root, document.KeyValues);
        foreach (TableSyntaxBase syntax in document.Tables)
        {
            List<string> names = NamesOf(syntax.Name!);
            TomlTable parent = Descend(root, names);
            AddPairs(syntax is TableArraySyntax ? AddElement(parent, names[^1]) : GetOrAdd(parent, names[^1]), syntax.Items);
        }
        return root;
    }

    private static void AddPairs(TomlTable table, IEnumerable<KeyValueSyntax> pairs)
    {
        foreach (KeyValueSyntax pair in pairs)
        {
            List<string> names = NamesOf(pair.Key!);
            Descend(table, names)[names[^1]] = ValueOf(pair.Value!);
        }
    }

    private static object ValueOf(ValueSyntax value)
    {
        switch (value)
        {
            case StringValueSyntax text:
                return text.Value ?? "";
            case IntegerValueSyntax number:
                return number.Value;
            case BooleanValueSyntax flag:
                return flag.Value;
            case ArraySyntax array:
                var items = new TomlArray();
                foreach (ArrayItemSyntax item in array.Items)
                    items.Add(ValueOf(item.Value!));
                return items;
            case InlineTableSyntax inline:
                var table = new TomlTable();
                AddPairs(table, inline.Items.Select(item => item.KeyValue!));
                return table;
            default:
                // Numbers with a fraction, dates and times: nothing that a rule carries.
                return value;
        }
    }

    /// <summary>The table that holds the last of the names.</summary>
    private static TomlTable Descend(TomlTable table, List<string> names)
    {
        foreach (string name in names.SkipLast(1))
            table = table.TryGetValue(name, out object? value) && value is TomlTableArray array ? array[^1] : GetOrAdd(table, name);
        return table;
    }

    private static TomlTable GetOrAdd(TomlTable table, string name)
    {
        if (table.TryGetValue(name, out object? value))
            return value as TomlTable ?? throw Contradiction(name);
        var added = new TomlTable();
        table[name] = added;
        return added;
    }

    private static TomlTable AddElement(TomlTable table, string name)
    {
        if (!table.TryGetValue(name, out object? value))
            table[name] = value = new TomlTableArray();
        var added = new TomlTable();
        (value as TomlTableArray ?? throw Contradiction(name)).Add(added);
        return added;
    }

    private static InvalidDataException Contradiction(string name) => new($"(1,1): '{name}' is given as two kinds of value.");

    private static List<string> NamesOf(KeySyntax key) => [NameOf(key.Key!), .. key.DotKeys.Select(item => NameOf(item.Key!))];

    private static string NameOf(BareKeyOrStringValueSyntax name) => name switch
    {
        BareKeySyntax bare => bare.Key!.Text!,
        StringValueSyntax quoted => quoted.Value ?? "",
        _ => name.ToString(),
    };
}
