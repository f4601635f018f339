using Microsoft.CodeAnalysis;

namespace CallStackRules.Generators.Model;

/// <summary>A rule file as the compiler was given it.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Text">Its content; null when it could not be read.</param>
internal sealed record RuleText(string Path, string? Text)
{
    public const string Extension = ".eql";

    public static bool IsRule(AdditionalText file) => file.Path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);

    public static RuleText Read(AdditionalText file, CancellationToken cancellation) => new(file.Path, file.GetText(cancellation)?.ToString());
}
