using System.Globalization;

namespace CallStackRules.Generators.Tests;

/// <summary>A rule file's text.</summary>
internal static class RuleText
{
    /// <summary>A query under the tags it must have. The id follows from the name.</summary>
    public static string Of(string name, string query)
    {
        uint id = 0;
        foreach (char c in name)
            id = unchecked((id * 31) + c);
        return $"// @id       {id.ToString("x8", CultureInfo.InvariantCulture)}-0000-4000-8000-000000000000\n// @name     A rule\n// @severity low\n{query}\n";
    }
}
