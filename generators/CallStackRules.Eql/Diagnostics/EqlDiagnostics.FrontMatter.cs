using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Diagnostics;

public static partial class EqlDiagnostics
{
    private static readonly EqlDescriptor MissingTagDescriptor = new("EQL3001", "Rule without a required tag", EqlSeverity.Error);
    private static readonly EqlDescriptor InvalidIdDescriptor = new("EQL3002", "Rule id that is no UUID", EqlSeverity.Error);
    private static readonly EqlDescriptor InvalidWordDescriptor = new("EQL3003", "Tag value that is none of its words", EqlSeverity.Error);
    private static readonly EqlDescriptor InvalidAttackIdDescriptor = new("EQL3004", "Malformed technique or tactic id", EqlSeverity.Error);
    private static readonly EqlDescriptor InvalidActionDescriptor = new("EQL3005", "Malformed action", EqlSeverity.Error);
    private static readonly EqlDescriptor RepeatedTagDescriptor = new("EQL3006", "Tag given twice", EqlSeverity.Error);
    private static readonly EqlDescriptor EmptyTagDescriptor = new("EQL3007", "Tag without a value", EqlSeverity.Error);
    private static readonly EqlDescriptor UnknownTagDescriptor = new("EQL3008", "Unknown tag", EqlSeverity.Warning);
    private static readonly EqlDescriptor MissingReasonDescriptor = new("EQL3009", "Silenced lint without a reason", EqlSeverity.Warning);
    private static readonly EqlDescriptor InvalidSuppressionDescriptor = new("EQL3010", "eql-disable that silences nothing", EqlSeverity.Warning);

    private static IReadOnlyList<EqlDescriptor> FrontMatterDescriptors =>
    [
        MissingTagDescriptor, InvalidIdDescriptor, InvalidWordDescriptor, InvalidAttackIdDescriptor, InvalidActionDescriptor,
        RepeatedTagDescriptor, EmptyTagDescriptor, UnknownTagDescriptor, MissingReasonDescriptor, InvalidSuppressionDescriptor,
    ];

    /// <summary>A rule file without any tag.</summary>
    public static EqlDiagnostic MissingFrontMatter(TextSpan span) =>
        new(MissingTagDescriptor, span, "The rule has no tags. Begin the file with: // @id (a new UUID), // @name (what the rule finds), // @severity (low, medium, high or critical), each on its line.");

    /// <summary>A rule file without one of the required tags.</summary>
    public static EqlDiagnostic MissingTag(TextSpan span, string tag, string what) =>
        new(MissingTagDescriptor, span, $"The rule has no '@{tag}'. Add a line: // @{tag} ({what}).");

    /// <summary>An id that is no UUID.</summary>
    public static EqlDiagnostic InvalidId(TextSpan span) =>
        new(InvalidIdDescriptor, span, "This is no UUID. Make a new one, as in 3f0c6a52-8d1e-4b7a-9c55-0e6f2a1b7d90, and never change it.");

    /// <summary>A value that is none of the words a tag takes.</summary>
    public static EqlDiagnostic InvalidWord(TextSpan span, string tag, string word, IReadOnlyList<string> words) =>
        new(InvalidWordDescriptor, span, $"'@{tag}' cannot be '{word}'.{DidYouMean(word, words)} It takes: {string.Join(", ", words)}.");

    /// <summary>A word after the value of a tag that takes one.</summary>
    public static EqlDiagnostic ExtraWord(TextSpan span, string tag) =>
        new(InvalidWordDescriptor, span, $"'@{tag}' takes one word. Remove the rest.");

    /// <summary>A technique id that is not shaped like one.</summary>
    public static EqlDiagnostic InvalidTechnique(TextSpan span, string word) =>
        new(InvalidAttackIdDescriptor, span, $"'{word}' is no ATT&CK technique. Write it like T1055 or T1055.001, several with blanks between them.");

    /// <summary>A tactic id that is not shaped like one.</summary>
    public static EqlDiagnostic InvalidTactic(TextSpan span, string word) =>
        new(InvalidAttackIdDescriptor, span, $"'{word}' is no ATT&CK tactic. Write it like TA0005, several with blanks between them.");

    /// <summary>An action of a kind nobody carries out.</summary>
    public static EqlDiagnostic UnknownAction(TextSpan span, string kind, IReadOnlyList<string> kinds) =>
        new(InvalidActionDescriptor, span, $"There is no action '{kind}'.{DidYouMean(kind, kinds)} Actions are: {string.Join(", ", kinds)}.");

    /// <summary>An action without a target.</summary>
    public static EqlDiagnostic ActionWithoutField(TextSpan span, string kind) =>
        new(InvalidActionDescriptor, span, $"'{kind}' needs the field that names its target. Write it as in: {kind} process.entity_id.");

    /// <summary>A part of an action that is no part of one.</summary>
    public static EqlDiagnostic InvalidActionPart(TextSpan span, string word) =>
        new(InvalidActionDescriptor, span, $"'{word}' does not belong to an action. Write a kind, a field and, where wanted, state=N (the step, from 0) and tree.");

    /// <summary>A tag that may be given once only, again.</summary>
    public static EqlDiagnostic RepeatedTag(TextSpan span, string tag) =>
        new(RepeatedTagDescriptor, span, $"'@{tag}' is given twice. Keep one.");

    /// <summary>A tag with nothing behind it.</summary>
    public static EqlDiagnostic EmptyTag(TextSpan span, string tag) =>
        new(EmptyTagDescriptor, span, $"'@{tag}' has no value. Write one behind it, or remove the tag.");

    /// <summary>A tag nobody reads.</summary>
    public static EqlDiagnostic UnknownTag(TextSpan span, string tag, IReadOnlyList<string> tags) =>
        new(UnknownTagDescriptor, span, $"There is no tag '@{tag}'.{DidYouMean(tag, tags)} Tags are: {string.Join(", ", tags)}.");

    /// <summary>A lint that is silenced without saying why.</summary>
    public static EqlDiagnostic MissingReason(TextSpan span) =>
        new(MissingReasonDescriptor, span, "Say why the lint is silenced. Write: // eql-disable EQL2003: reason");

    /// <summary><c>eql-disable</c> without anything to silence.</summary>
    public static EqlDiagnostic SuppressionWithoutId(TextSpan span) =>
        new(InvalidSuppressionDescriptor, span, "Name the lints to silence on the next line. Write: // eql-disable EQL2003, EQL2001: reason");

    /// <summary><c>eql-disable</c> of something that is no lint.</summary>
    public static EqlDiagnostic NotALint(TextSpan span, string word) =>
        new(InvalidSuppressionDescriptor, span, $"'{word}' cannot be silenced, only lints can: EQL2001 to EQL2999.");

    private static string DidYouMean(string word, IReadOnlyList<string> candidates) =>
        Spelling.Closest(word, candidates) is { } closest ? $" Did you mean '{closest}'?" : "";
}
