using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CallStackRules.Generators.Model;

/// <summary>
/// The names a rule's class gets from its path alone, so that one rule's names never depend on another file: <c>windows/execution/clr-load.eql</c> becomes
/// <c>Windows.Execution.ClrLoadRule</c>. Every class ends in <c>Rule</c>, so that none is named like its own members or the types it uses.
/// </summary>
/// <param name="RelativePath">Path from the project's folder, with forward slashes.</param>
/// <param name="Namespace">Namespace of the class.</param>
/// <param name="Class">Name of the class.</param>
/// <param name="HintName">Name of the generated file: unique where the path is, also where case does not count.</param>
internal sealed record RuleName(string RelativePath, string Namespace, string Class, string HintName)
{
    /// <summary>What generated code calls by its bare name: a folder of that name would stand before it.</summary>
    private static readonly HashSet<string> TypesInUse = new(StringComparer.Ordinal)
    {
        "Arithmetic", "Existence", "JoinKey", "NetworkSet", "Number", "PipeKind", "PipePlan", "ProcessFacts", "RuleAction", "RuleEvent", "RuleInfo", "RuleSeverity", "Snapshot", "SnapshotWriter", "Stage", "StepsKind",
        "StepsPlan", "Text", "TextAutomaton", "TextFunctions", "TextList", "TextNfa", "TextPredicates", "TextScratch", "TextSet", "WildcardPattern",
        "WildcardSet",
    };

    /// <summary>The class with its namespace.</summary>
    public string FullName => $"global::{Namespace}.{Class}";

    public static RuleName Of(string path, Project project)
    {
        string relative = Relative(path.Replace('\\', '/'), project.Directory.Replace('\\', '/').TrimEnd('/'));
        string[] parts = relative.Substring(0, relative.Length - RuleText.Extension.Length).Split('/');
        IEnumerable<string> folders = parts.Take(parts.Length - 1).Where(static part => part is not ("" or "." or "..")).Select(Folder);
        string mark = Mark(relative);
        return new RuleName(
            relative,
            string.Join(".", [project.RootNamespace, .. folders]),
            $"{Identifier(parts[parts.Length - 1])}Rule{mark}",
            string.Join("/", parts.Select(FileName)).TrimStart('/') + mark + ".eql.g.cs");
    }

    /// <summary>The path of a file as seen from a folder; one outside of it begins with <c>..</c>.</summary>
    private static string Relative(string path, string folder)
    {
        string[] from = folder.Length == 0 ? [] : folder.Split('/');
        string[] to = path.Split('/');
        int common = 0;
        while (common < from.Length && common < to.Length - 1 && from[common] == to[common])
            common++;
        return string.Join("/", [.. from.Skip(common).Select(static _ => ".."), .. to.Skip(common)]);
    }

    /// <summary>A folder's name is never that of a rule's class beside it, nor of the class of all rules.</summary>
    private static string Folder(string text) =>
        Identifier(text) is var name && (TypesInUse.Contains(name) || name == "RulePack" || name.EndsWith("Rule", StringComparison.Ordinal)) ? name + "_" : name;

    /// <summary>Words joined with capitals: <c>clr-load-2</c> becomes <c>ClrLoad_2</c>.</summary>
    private static string Identifier(string text)
    {
        var name = new StringBuilder(text.Length + 1);
        bool startsWord = true;
        foreach (char c in text)
        {
            if (!char.IsLetterOrDigit(c))
            {
                startsWord = true;
                continue;
            }
            // Digits have no capitals to show where a word begins.
            if (startsWord && char.IsDigit(c))
                name.Append('_');
            name.Append(startsWord ? char.ToUpperInvariant(c) : c);
            startsWord = false;
        }
        return name.Length == 0 ? "_" : name.ToString();
    }

    /// <summary>A folder or file as the compiler takes it in the name of a generated file.</summary>
    private static string FileName(string text)
    {
        var name = new StringBuilder(text.Length);
        foreach (char c in text)
            name.Append(char.IsLetterOrDigit(c) || c == '-' ? c : '_');
        return name.ToString();
    }

    /// <summary>Nothing for words joined by hyphens. Any other path could lead to the names of a second one, and is told apart by a number.</summary>
    private static string Mark(string path)
    {
        if (Regex.IsMatch(path, @"^([a-z][a-z0-9]*(-[a-z0-9]+)*(/|\.eql\z))+\z", RegexOptions.CultureInvariant))
            return "";
        // FNV-1a: the same on every machine, which string.GetHashCode is not.
        uint hash = 2166136261;
        foreach (char c in path)
            hash = unchecked((hash ^ c) * 16777619);
        return "_" + hash.ToString("x8", CultureInfo.InvariantCulture);
    }
}
