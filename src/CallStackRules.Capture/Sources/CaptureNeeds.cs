using CallStackRules.Rules;

namespace CallStackRules.Capture.Sources;

/// <summary>Which events some rule can match: rules drive capture.</summary>
/// <param name="categories">Categories of events; <c>any</c> for all.</param>
/// <param name="fields">Paths of the fields that are read.</param>
public sealed class CaptureNeeds(IEnumerable<string> categories, IEnumerable<string> fields)
{
    private readonly HashSet<string> _categories = new(categories, StringComparer.Ordinal);
    private readonly HashSet<string> _fields = new(fields, StringComparer.Ordinal);

    /// <summary>Everything that can be captured.</summary>
    public static CaptureNeeds All { get; } = new(["any"], []);

    /// <summary>What rules for an operating system need.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="operatingSystem">As rules name it; rules that name none run everywhere.</param>
    public static CaptureNeeds Of(IEnumerable<RuleInfo> rules, string operatingSystem)
    {
        RuleInfo[] wanted = [.. rules.Where(rule => rule.OperatingSystems.Count == 0 || rule.OperatingSystems.Contains(operatingSystem, StringComparer.Ordinal))];
        return new CaptureNeeds(wanted.SelectMany(static rule => rule.Categories), wanted.SelectMany(static rule => rule.Fields));
    }

    /// <summary>Whether events of a category are needed.</summary>
    public bool Wants(string category) => _categories.Contains(category) || _categories.Contains("any");

    /// <summary>Whether a field is read by some rule.</summary>
    public bool Reads(string field) => _fields.Contains(field);
}
