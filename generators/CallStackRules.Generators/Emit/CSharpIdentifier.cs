using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace CallStackRules.Generators.Emit;

/// <summary>Names as C# source.</summary>
internal static class CSharpIdentifier
{
    /// <summary>A name that is one already; keywords get their <c>@</c>.</summary>
    public static string Of(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    /// <summary>A namespace from what a project file gives for one, which may have hyphens: <c>my-rules.event</c> becomes <c>my_rules.@event</c>.</summary>
    public static string Namespace(string text) => string.Join(".", text.Split('.').Select(Part));

    private static string Part(string text)
    {
        var name = new StringBuilder(text.Length + 1);
        foreach (char c in text)
            name.Append(SyntaxFacts.IsIdentifierPartCharacter(c) ? c : '_');
        if (name.Length == 0 || !SyntaxFacts.IsIdentifierStartCharacter(name[0]))
            name.Insert(0, '_');
        return Of(name.ToString());
    }
}
