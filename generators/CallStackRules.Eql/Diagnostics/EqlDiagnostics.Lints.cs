using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Diagnostics;

public static partial class EqlDiagnostics
{
    private static readonly EqlDescriptor NeverTrueDescriptor = new("EQL2001", "Never true", EqlSeverity.Warning);
    private static readonly EqlDescriptor AlwaysTrueDescriptor = new("EQL2002", "Always true", EqlSeverity.Warning);
    private static readonly EqlDescriptor DuplicateItemDescriptor = new("EQL2003", "Duplicate list item", EqlSeverity.Warning);
    private static readonly EqlDescriptor LiteralWildcardDescriptor = new("EQL2004", "Wildcard that is taken literally", EqlSeverity.Warning);
    private static readonly EqlDescriptor FieldNotFilledDescriptor = new("EQL2005", "Field that this category never has", EqlSeverity.Warning);
    private static readonly EqlDescriptor UnknownCategoryDescriptor = new("EQL2006", "Unknown category", EqlSeverity.Warning);
    private static readonly EqlDescriptor HostBitsDescriptor = new("EQL2007", "Network with host bits", EqlSeverity.Warning);
    private static readonly EqlDescriptor CoveredItemDescriptor = new("EQL2008", "List item covered by another", EqlSeverity.Warning);
    private static readonly EqlDescriptor NeedlessRegexDescriptor = new("EQL2009", "Needless regular expression", EqlSeverity.Warning);
    private static readonly EqlDescriptor DuplicateIdDescriptor = new("EQL2010", "Rules share an id", EqlSeverity.Warning);
    private static readonly EqlDescriptor LogicDescriptor = new("EQL9001", "The rule's logic", EqlSeverity.Information);

    private static IReadOnlyList<EqlDescriptor> LintDescriptors =>
    [
        NeverTrueDescriptor, AlwaysTrueDescriptor, DuplicateItemDescriptor, LiteralWildcardDescriptor, FieldNotFilledDescriptor, UnknownCategoryDescriptor,
        HostBitsDescriptor, CoveredItemDescriptor, NeedlessRegexDescriptor, DuplicateIdDescriptor, LogicDescriptor,
    ];

    /// <summary>EQL2001: values of unlike types are never equal.</summary>
    public static EqlDiagnostic NeverEqual(TextSpan span, string left, string right) => new(
        NeverTrueDescriptor, span, $"This never matches: {left} is compared with {right}, and EQL converts no types.");

    /// <summary>EQL2001: a condition cannot hold.</summary>
    public static EqlDiagnostic NeverTrue(TextSpan span, string why) => new(NeverTrueDescriptor, span, $"This is never true: {why}.");

    /// <summary>EQL2002: a condition always holds.</summary>
    public static EqlDiagnostic AlwaysTrue(TextSpan span, string why) => new(AlwaysTrueDescriptor, span, $"This is always true: {why}.");

    /// <summary>EQL2003: a list names an item twice.</summary>
    public static EqlDiagnostic DuplicateItem(TextSpan span, string item) => new(
        DuplicateItemDescriptor, span, $"\"{item}\" is in this list already. Remove one.");

    /// <summary>EQL2004: a star in a literal comparison.</summary>
    public static EqlDiagnostic LiteralWildcard(TextSpan span, string op, string instead) => new(
        LiteralWildcardDescriptor, span, $"'{op}' takes '*' literally. Write '{instead}' if it is meant as a wildcard.");

    /// <summary>EQL2005: the field is never filled in events of this category.</summary>
    public static EqlDiagnostic FieldNotFilled(TextSpan span, string path, string category, string categories) => new(
        FieldNotFilledDescriptor, span, $"'{path}' is never there in {category} events, only in: {categories}.");

    /// <summary>EQL2006: no field of the schema belongs to the category.</summary>
    public static EqlDiagnostic UnknownCategory(TextSpan span, string category, string? suggestion) => new(
        UnknownCategoryDescriptor,
        span,
        $"The schema knows no events of category '{category}', so this never matches." + (suggestion is null ? "" : $" Did you mean '{suggestion}'?"));

    /// <summary>EQL2007: bits of the address lie outside the prefix.</summary>
    public static EqlDiagnostic HostBits(TextSpan span, string network) => new(
        HostBitsDescriptor, span, $"'{network}' has address bits behind its prefix; they are ignored. Write the network's own address or a longer prefix.");

    /// <summary>EQL2008: a wildcard of the list matches all that an item matches.</summary>
    public static EqlDiagnostic CoveredItem(TextSpan span, string item, string by) => new(
        CoveredItemDescriptor, span, $"\"{item}\" is covered by \"{by}\" in the same list. Remove it.");

    /// <summary>EQL2009: a regular expression without operators.</summary>
    public static EqlDiagnostic NeedlessRegex(TextSpan span, string pattern, string instead) => new(
        NeedlessRegexDescriptor, span, $"\"{pattern}\" has no operators, so '{instead}' says the same and is cheaper.");

    /// <summary>EQL2010: another rule of the project has the id.</summary>
    public static EqlDiagnostic DuplicateId(TextSpan span, string id, string other) => new(
        DuplicateIdDescriptor, span, $"The id {id} is that of {other} too. Give this rule an id of its own.");

    /// <summary>EQL9001: what the rule does, in words.</summary>
    public static EqlDiagnostic Logic(TextSpan span, string explanation) => new(LogicDescriptor, span, explanation);
}
