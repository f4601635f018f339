namespace CallStackRules.Eql.Tests.Syntax;

/// <summary>
/// A file of cases. Cases are separated by lines that begin with <c>----</c>; what follows the dashes is a heading for the reader.
/// </summary>
internal static class CaseFile
{
    public static IReadOnlyList<string> Read(string name)
    {
        List<string> cases = [];
        List<string> current = [];
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Syntax", "Cases", name)).Append("----"))
        {
            if (!line.StartsWith("----", StringComparison.Ordinal))
            {
                current.Add(line);
                continue;
            }

            string text = string.Join('\n', current).Trim('\n');
            if (text.Length > 0)
                cases.Add(text);
            current.Clear();
        }

        return cases;
    }
}
