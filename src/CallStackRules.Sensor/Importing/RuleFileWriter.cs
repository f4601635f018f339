using System.Text;
using System.Text.RegularExpressions;
using CallStackRules.Sensor.Output;

namespace CallStackRules.Sensor.Importing;

/// <summary>Writes a published rule as an <c>.eql</c> file: a line that marks it as imported, the tags, the query.</summary>
internal static partial class RuleFileWriter
{
    private const string Mark = "// Imported from ";

    /// <summary>Where the text of a tag begins, in characters from its <c>@</c>.</summary>
    private const int TextColumn = 13;

    /// <summary>Whether a file was imported, and is to be overwritten by the next import.</summary>
    public static bool IsImported(string text) => text.StartsWith(Mark, StringComparison.Ordinal);

    /// <summary>The text of the file.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="source">Name of the file it comes from.</param>
    /// <param name="losses">Receives what had to be changed.</param>
    public static string Write(PublishedRule rule, string source, ICollection<Loss> losses)
    {
        var text = new StringBuilder();
        text.Append(Mark).Append(PrintableText.Of(source)).Append(". The next import overwrites this file, unless this line is removed.\n");
        Tag("id", rule.Id);
        Tag("name", rule.Name);
        Tag("description", rule.Description);
        Tag("severity", rule.Severity);
        Tag("os", string.Join(' ', rule.OperatingSystems));
        Tag("technique", string.Join(' ', rule.Techniques));
        Tag("tactic", string.Join(' ', rule.Tactics));
        Tags("reference", rule.References);
        Tags("action", rule.Actions);
        Tags("optional_action", rule.OptionalActions);
        Tag("license", rule.License);
        Tag("version", rule.Version);
        Tag("author", rule.Author);
        Tag("min_endpoint_version", rule.MinEndpointVersion);
        Tag("max_endpoint_version", rule.MaxEndpointVersion);
        Tag("reputation", rule.Reputation ? "true" : null);
        text.Append('\n');
        // A tag among the comments before the query would be taken for one of the rule; a comment of the other kind ends the tags.
        if (LeadingTagPattern().IsMatch(rule.Query))
            text.Append("/* The query: */\n");
        text.Append(rule.Query);
        if (!rule.Query.EndsWith('\n'))
            text.Append('\n');
        return text.ToString();

        void Tags(string name, IEnumerable<string> values)
        {
            foreach (string value in values)
                Tag(name, value);
        }

        void Tag(string name, string? value)
        {
            List<string> lines = value is null ? [] : LinesOf(name, value, losses);
            for (int i = 0; i < lines.Count; i++)
                text.Append(i == 0 ? $"// {("@" + name).PadRight(TextColumn - 1)} " : "// ".PadRight(TextColumn + 3)).Append(lines[i]).Append('\n');
        }
    }

    /// <summary>The lines of a tag's text, none of which is taken for the end of the tag or another one.</summary>
    private static List<string> LinesOf(string tag, string value, ICollection<Loss> losses)
    {
        string text = EndOfTagPattern().Replace(value, slashes => string.Join(' ', slashes.Value.ToCharArray()));
        if (text != value)
            losses.Add(new Loss($"rule.{tag}", "'//' behind a blank would end the tag; it is written '/ /'"));
        var lines = new List<string>();
        foreach (string line in text.Split('\r', '\n').Select(line => line.Trim()).Where(line => line.Length > 0))
        {
            if (line[0] == '@' && lines.Count > 0)
                lines[^1] += $" {line}";
            else
                lines.Add(line);
        }
        return lines;
    }

    [GeneratedRegex(@"(?<=^|\s)/{2,}")]
    private static partial Regex EndOfTagPattern();

    [GeneratedRegex(@"^(\s*//[^\n]*\n)*?\s*//([^\n]*\s//)?\s*@")]
    private static partial Regex LeadingTagPattern();
}
