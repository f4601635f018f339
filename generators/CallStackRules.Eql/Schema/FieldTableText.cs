namespace CallStackRules.Eql.Schema;

/// <summary>
/// Reads tables of fields. A line is for a group: the prefixes of its names, separated by <c>|</c> and <c>-</c> for none, then a type, then names. A line that begins
/// with a blank goes on with the line before; one that begins with <c>#</c> says something.
/// </summary>
internal static class FieldTableText
{
    /// <summary>The fields of a table, as written.</summary>
    public static IEnumerable<(string Name, string Type)> Read(string table)
    {
        string[] prefixes = [];
        string type = "";
        foreach (string line in table.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#')
                continue;
            string[] words = line.Split([' '], StringSplitOptions.RemoveEmptyEntries);
            int first = 0;
            if (line[0] != ' ')
            {
                prefixes = words[0] == "-" ? [""] : words[0].Split('|');
                type = words.Length > 1 ? words[1] : "";
                first = 2;
            }
            for (int i = first; i < words.Length; i++)
            {
                foreach (string prefix in prefixes)
                    yield return (prefix + words[i], type);
            }
        }
    }
}
