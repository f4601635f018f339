using System.Text;

namespace CallStackRules.Generators.Model;

/// <summary>
/// The names a rule's class gets from its path alone, so that one rule's names never depend on another file: <c>windows/execution/clr-load.eql</c> becomes
/// <c>Windows.Execution.ClrLoad</c>.
/// </summary>
/// <param name="RelativePath">Path below the project, with forward slashes.</param>
/// <param name="Namespace">Namespace of the class.</param>
/// <param name="Class">Name of the class.</param>
internal sealed record RuleName(string RelativePath, string Namespace, string Class)
{
    /// <summary>The class with its namespace.</summary>
    public string FullName => $"global::{Namespace}.{Class}";

    /// <summary>The name of the generated file: unique where the path is.</summary>
    public string HintName
    {
        get
        {
            var name = new StringBuilder(RelativePath.Length + 5);
            foreach (char c in RelativePath)
                name.Append(char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or '/' ? c : '_');
            return name.Append(".g.cs").ToString();
        }
    }

    public static RuleName Of(string path, Project project)
    {
        string relative = path.Replace('\\', '/');
        string directory = project.Directory.Replace('\\', '/');
        // A file from outside of the project is known by its name alone.
        relative = directory.Length > 0 && relative.StartsWith(directory, StringComparison.Ordinal)
            ? relative.Substring(directory.Length).TrimStart('/')
            : relative.Substring(relative.LastIndexOf('/') + 1);
        string[] parts = relative.Substring(0, relative.Length - RuleText.Extension.Length).Split('/');
        string[] folders = [.. parts.Take(parts.Length - 1).Where(static part => part.Length > 0 && part != "..").Select(Identifier)];
        string name = Identifier(parts[parts.Length - 1]);
        // A class may not be named like the namespace it would stand beside, as in execution/execution.eql.
        return new RuleName(relative, string.Join(".", [project.RootNamespace, .. folders]), folders.Contains(name) ? name + "Rule" : name);
    }

    /// <summary>Words joined with capitals: <c>clr-load_2</c> becomes <c>ClrLoad2</c>.</summary>
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
            name.Append(startsWord ? char.ToUpperInvariant(c) : c);
            startsWord = false;
        }
        if (name.Length == 0 || char.IsDigit(name[0]))
            name.Insert(0, "Rule");
        return name.ToString();
    }
}
