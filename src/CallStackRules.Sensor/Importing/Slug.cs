using System.Globalization;
using System.Text;

namespace CallStackRules.Sensor.Importing;

/// <summary>Names for files and folders: small letters, digits and hyphens, the same on every file system.</summary>
internal static class Slug
{
    private const int MaxLength = 100;

    /// <summary>Names that Windows keeps for devices.</summary>
    private static readonly HashSet<string> Reserved =
        ["con", "prn", "aux", "nul", .. Enumerable.Range(0, 10).SelectMany(digit => (string[])[$"com{digit}", $"lpt{digit}"])];

    /// <summary>The words of a text joined by hyphens, accents left out; <paramref name="otherwise"/> when none is left or the name is reserved.</summary>
    public static string Of(string text, string otherwise)
    {
        var slug = new StringBuilder(text.Length);
        foreach (char c in text.Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(c))
                slug.Append(char.ToLowerInvariant(c));
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && c != '\'' && slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }
        if (slug.Length > MaxLength)
            slug.Length = MaxLength;
        string name = slug.ToString().TrimEnd('-');
        return name.Length == 0 || Reserved.Contains(name) ? otherwise : name;
    }
}
