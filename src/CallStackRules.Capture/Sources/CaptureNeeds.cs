using CallStackRules.Rules;

namespace CallStackRules.Capture.Sources;

/// <summary>Which events some rule can match, and what it reads of them: rules drive capture.</summary>
/// <param name="events">Events; the category <c>any</c> for all.</param>
/// <param name="fields">Paths of fields; null for all.</param>
public sealed class CaptureNeeds(IEnumerable<RuleEvent> events, IEnumerable<string>? fields)
{
    private const string Any = "any";

    private readonly HashSet<RuleEvent> _events = [.. events];
    private readonly string[]? _fields = fields?.ToArray();

    /// <summary>Everything that can be captured.</summary>
    public static CaptureNeeds All { get; } = new([new RuleEvent(Any, null)], fields: null);

    /// <summary>What rules for an operating system need.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="operatingSystem">As rules name it; rules that name none run everywhere.</param>
    public static CaptureNeeds Of(IEnumerable<RuleInfo> rules, string operatingSystem)
    {
        ArgumentNullException.ThrowIfNull(rules);
        RuleInfo[] own = [.. rules.Where(rule => rule.OperatingSystems.Count == 0 || rule.OperatingSystems.Contains(operatingSystem, StringComparer.Ordinal))];
        return new CaptureNeeds(own.SelectMany(EventsOf), own.SelectMany(static rule => rule.Fields));
    }

    /// <summary>Whether events of a category are needed.</summary>
    public bool Wants(string category) => _events.Any(needed => needed.Category == category || needed.Category == Any);

    /// <summary>Whether events of a category with an action are needed.</summary>
    public bool Wants(string category, string action) => _events.Any(needed =>
        (needed.Category == category || needed.Category == Any) && (needed.Action is null || needed.Action == action));

    /// <summary>Whether a field is read that is called so, also as part of something else: <c>process.pid</c> also as <c>Target.process.pid</c>.</summary>
    public bool Reads(string field) =>
        _fields is null || Array.Exists(_fields, read => read.EndsWith(field, StringComparison.Ordinal) && (read.Length == field.Length || read[^(field.Length + 1)] == '.'));

    /// <summary>Events that a rule can match; of one that was compiled without saying so, all of its categories.</summary>
    public static IEnumerable<RuleEvent> EventsOf(RuleInfo rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return rule.Events.Count > 0 ? rule.Events : rule.Categories.Select(static category => new RuleEvent(category, null));
    }
}
