using System.Text.Json;

namespace CallStackRules.Eql.Tests.Interpretation;

/// <summary>One line of a <c>.cases</c> file: a condition that must, or must not, hold for an event.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Section">The sentence that the case is an example of.</param>
/// <param name="Event">The event, JSON.</param>
/// <param name="Query">A condition or a whole query.</param>
/// <param name="Holds">Whether it must hold.</param>
public sealed record Case(string File, int Line, string Section, string Event, string Query, bool Holds)
{
    public override string ToString() => $"{File}:{Line} {Section}: {Query}";
}

/// <summary>
/// Reads <c>.cases</c> files. <c>== sentence</c> opens a section, a line of JSON is the event for the lines that follow, <c>+ x</c> must hold for it,
/// <c>- x</c> must not, <c>#</c> begins a comment. A mistake in a file is an error with its line.
/// </summary>
internal static class CaseFile
{
    public static IReadOnlyList<Case> ReadAll(string folder)
    {
        string[] files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, folder), "*.cases");
        return [.. files.Order(StringComparer.Ordinal).SelectMany(Read)];
    }

    private static List<Case> Read(string path)
    {
        var cases = new List<Case>();
        string name = Path.GetFileName(path), section = "", anEvent = "";
        string[] lines = File.ReadAllLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i];
            if (line.StartsWith("== ", StringComparison.Ordinal))
                section = line[3..];
            else if (line.StartsWith('{'))
                anEvent = Checked(line, name, i + 1);
            else if (line.StartsWith("+ ", StringComparison.Ordinal) || line.StartsWith("- ", StringComparison.Ordinal))
                cases.Add(new Case(name, i + 1, section, anEvent, line[2..], Holds: line[0] == '+'));
            else if (line.Length > 0 && line[0] != '#')
                throw new FormatException($"{name}:{i + 1}: a line begins with '==', '{{', '+', '-' or '#'.");
        }
        return cases;
    }

    private static string Checked(string json, string name, int line)
    {
        try
        {
            JsonElement.Parse(json);
            return json;
        }
        catch (JsonException error)
        {
            throw new FormatException($"{name}:{line}: {error.Message}", error);
        }
    }
}
