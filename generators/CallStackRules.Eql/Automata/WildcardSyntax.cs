namespace CallStackRules.Eql.Automata;

/// <summary>Reads a wildcard pattern as a regular expression: <c>*</c> any run, <c>?</c> exactly one UTF-16 unit, everything else itself.</summary>
public static class WildcardSyntax
{
    private static readonly RegexNode AnyUnit = new RegexUnit(CharSet.All, IsNegated: false);
    private static readonly RegexNode AnyRun = new RegexRepeat(AnyUnit, 0, null);

    /// <summary>Whether a text has wildcards.</summary>
    public static bool HasWildcards(string pattern) => pattern.IndexOfAny(['*', '?']) >= 0;

    /// <summary>Reads a pattern; every text is one.</summary>
    public static RegexNode Parse(string pattern) => new RegexSequence([.. pattern.Select(unit => unit switch
    {
        '*' => AnyRun,
        '?' => AnyUnit,
        _ => new RegexUnit(CharSet.Of(unit), IsNegated: false),
    })]);
}
