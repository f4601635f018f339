using CallStackRules.Rules;

namespace CallStackRules.Capture.Sources;

/// <summary>Which events some rule can match: rules drive capture.</summary>
/// <param name="categories">Categories of events; <c>any</c> for all.</param>
public sealed class CaptureNeeds(IEnumerable<string> categories)
{
    private readonly HashSet<string> _categories = new(categories, StringComparer.Ordinal);

    /// <summary>Everything that can be captured.</summary>
    public static CaptureNeeds All { get; } = new(["any"]);

    /// <summary>What rules for an operating system need.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="operatingSystem">As rules name it; rules that name none run everywhere.</param>
    public static CaptureNeeds Of(IEnumerable<RuleInfo> rules, string operatingSystem)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return new CaptureNeeds(rules
            .Where(rule => rule.OperatingSystems.Count == 0 || rule.OperatingSystems.Contains(operatingSystem, StringComparer.Ordinal))
            .SelectMany(static rule => rule.Categories));
    }

    /// <summary>Whether events of a category are needed.</summary>
    public bool Wants(string category) => _categories.Contains(category) || _categories.Contains("any");
}
