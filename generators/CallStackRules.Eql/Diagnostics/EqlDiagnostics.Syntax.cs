using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Diagnostics;

public static partial class EqlDiagnostics
{
    private static readonly EqlDescriptor UnknownCharacterDescriptor = new("EQL0001", "Character that EQL does not use", EqlSeverity.Error);
    private static readonly EqlDescriptor UnclosedStringDescriptor = new("EQL0002", "String without its end", EqlSeverity.Error);
    private static readonly EqlDescriptor UnclosedCommentDescriptor = new("EQL0003", "Comment without its end", EqlSeverity.Error);
    private static readonly EqlDescriptor InvalidEscapeDescriptor = new("EQL0004", "Unknown escape in a string", EqlSeverity.Error);
    private static readonly EqlDescriptor WrongQuotesDescriptor = new("EQL0005", "Quotes other than \"", EqlSeverity.Error);
    private static readonly EqlDescriptor ForeignOperatorDescriptor = new("EQL0006", "Operator of another language", EqlSeverity.Error);
    private static readonly EqlDescriptor KeywordCaseDescriptor = new("EQL0007", "Keyword that is not lower-case", EqlSeverity.Error);
    private static readonly EqlDescriptor InvalidNumberDescriptor = new("EQL0008", "Not a number", EqlSeverity.Error);
    private static readonly EqlDescriptor InvalidNameDescriptor = new("EQL0009", "Incomplete field name", EqlSeverity.Error);
    private static readonly EqlDescriptor MissingValueDescriptor = new("EQL0010", "Missing value or condition", EqlSeverity.Error);
    private static readonly EqlDescriptor UnexpectedDescriptor = new("EQL0011", "Something that cannot stand here", EqlSeverity.Error);
    private static readonly EqlDescriptor UnclosedBracketDescriptor = new("EQL0012", "Bracket that is never closed", EqlSeverity.Error);
    private static readonly EqlDescriptor StrayBracketDescriptor = new("EQL0013", "Closing bracket that does not fit", EqlSeverity.Error);
    private static readonly EqlDescriptor QueryStartDescriptor = new("EQL0014", "Query without category or where", EqlSeverity.Error);
    private static readonly EqlDescriptor MisplacedNotDescriptor = new("EQL0015", "not in the wrong place", EqlSeverity.Error);
    private static readonly EqlDescriptor ChainedComparisonDescriptor = new("EQL0016", "Comparison of a comparison", EqlSeverity.Error);
    private static readonly EqlDescriptor InvalidListDescriptor = new("EQL0017", "Malformed list", EqlSeverity.Error);
    private static readonly EqlDescriptor TooDeepDescriptor = new("EQL0018", "Expression nested too deeply", EqlSeverity.Error);
    private static readonly EqlDescriptor InvalidStepsDescriptor = new("EQL0019", "Malformed steps", EqlSeverity.Error);
    private static readonly EqlDescriptor InvalidTimeSpanDescriptor = new("EQL0020", "Malformed length of time", EqlSeverity.Error);
    private static readonly EqlDescriptor InvalidClauseDescriptor = new("EQL0021", "Clause that is incomplete, repeated, or in the wrong place", EqlSeverity.Error);
    private static readonly EqlDescriptor InvalidPipeDescriptor = new("EQL0022", "Pipe without a name", EqlSeverity.Error);

    private static IReadOnlyList<EqlDescriptor> SyntaxDescriptors =>
    [
        UnknownCharacterDescriptor, UnclosedStringDescriptor, UnclosedCommentDescriptor, InvalidEscapeDescriptor, WrongQuotesDescriptor,
        ForeignOperatorDescriptor, KeywordCaseDescriptor, InvalidNumberDescriptor, InvalidNameDescriptor, MissingValueDescriptor,
        UnexpectedDescriptor, UnclosedBracketDescriptor, StrayBracketDescriptor, QueryStartDescriptor, MisplacedNotDescriptor,
        ChainedComparisonDescriptor, InvalidListDescriptor, TooDeepDescriptor, InvalidStepsDescriptor, InvalidTimeSpanDescriptor,
        InvalidClauseDescriptor, InvalidPipeDescriptor,
    ];

    /// <summary>Characters no token begins with.</summary>
    public static EqlDiagnostic UnknownCharacter(TextSpan span, string shown) =>
        new(UnknownCharacterDescriptor, span, $"EQL does not use '{shown}' here. Remove it, or put text in \"double quotes\" and unusual field names in `backticks`.");

    /// <summary>A string that its line ends before its quotes do.</summary>
    public static EqlDiagnostic UnclosedString(TextSpan span) =>
        new(UnclosedStringDescriptor, span, "This string has no end. Add a closing \" on the same line; a line break is written \\n, a quote \\\".");

    /// <summary>A raw string that its line ends before its quotes do.</summary>
    public static EqlDiagnostic UnclosedRawString(TextSpan span) =>
        new(UnclosedStringDescriptor, span, "This raw string has no end. Add closing \"\"\" on the same line.");

    /// <summary><c>/*</c> without <c>*/</c>.</summary>
    public static EqlDiagnostic UnclosedComment(TextSpan span) =>
        new(UnclosedCommentDescriptor, span, "This comment has no end. Add '*/'.");

    /// <summary>A backslash before a character that has no escape.</summary>
    public static EqlDiagnostic UnknownEscape(TextSpan span, string escape) =>
        new(InvalidEscapeDescriptor, span, $"'{escape}' is no escape. Write a backslash as \\\\, or use a raw string \"\"\"...\"\"\".");

    /// <summary><c>\u{..}</c> that names no character.</summary>
    public static EqlDiagnostic InvalidUnicodeEscape(TextSpan span) =>
        new(InvalidEscapeDescriptor, span, "'\\u' needs 1 to 8 hexadecimal digits in braces that name a Unicode character, as in \\u{202E}.");

    /// <summary>A string in single or typographic quotes.</summary>
    public static EqlDiagnostic WrongQuotes(TextSpan span, char quote) =>
        new(WrongQuotesDescriptor, span, $"A string does not stand in {quote}. Use double quotes: \"...\".");

    /// <summary>The old spelling <c>?"..."</c> of a raw string.</summary>
    public static EqlDiagnostic LegacyRawString(TextSpan span) =>
        new(WrongQuotesDescriptor, span, "?\"...\" is an old spelling of a raw string. Write \"\"\"...\"\"\".");

    /// <summary>An operator that EQL spells differently.</summary>
    public static EqlDiagnostic ForeignOperator(TextSpan span, string written, string right) =>
        new(ForeignOperatorDescriptor, span, $"EQL has no '{written}'. Use {right}.");

    /// <summary>A <c>~</c> behind something other than a function, <c>in</c>, <c>like</c> or <c>regex</c>.</summary>
    public static EqlDiagnostic StrayTilde(TextSpan span) =>
        new(ForeignOperatorDescriptor, span, "'~' goes only with in~, like~, regex~ and functions such as endswith~(..). Remove it; to compare ignoring case use ':'.");

    /// <summary>A reserved word with capitals.</summary>
    public static EqlDiagnostic KeywordCase(TextSpan span, string word) =>
        new(KeywordCaseDescriptor, span, $"Keywords are lower-case. Write '{word}'; a field of this name goes in `backticks`.");

    /// <summary>A number larger than EQL can hold.</summary>
    public static EqlDiagnostic NumberTooLarge(TextSpan span) =>
        new(InvalidNumberDescriptor, span, "This number is too large. Integers have 64 bits with sign, floats are IEEE doubles.");

    /// <summary>Digits with something attached.</summary>
    public static EqlDiagnostic MalformedNumber(TextSpan span, string shown) =>
        new(InvalidNumberDescriptor, span, $"'{shown}' is no number. Put text in \"double quotes\"; numbers are decimal and without unit.");

    /// <summary>A dot with no name behind it.</summary>
    public static EqlDiagnostic NameAfterDot(TextSpan span) =>
        new(InvalidNameDescriptor, span, "The rest of the field name is missing after this dot.");

    /// <summary><c>$</c> with no name behind it.</summary>
    public static EqlDiagnostic NameAfterDollar(TextSpan span) =>
        new(InvalidNameDescriptor, span, "'$' begins the name of a variable, as in $entry. Add the name.");

    /// <summary><c>?</c> with no name behind it.</summary>
    public static EqlDiagnostic NameAfterQuestion(TextSpan span) =>
        new(InvalidNameDescriptor, span, "'?' marks a field that may be absent from the schema, as in ?user.id. Add the field's name.");

    /// <summary>A backtick without its partner.</summary>
    public static EqlDiagnostic UnclosedBacktick(TextSpan span) =>
        new(InvalidNameDescriptor, span, "This name has no end. Add a closing ` on the same line.");

    /// <summary>An operator, bracket, comma or keyword with nothing behind it.</summary>
    public static EqlDiagnostic MissingValueAfter(TextSpan span, string shown) =>
        new(MissingValueDescriptor, span, $"A value or condition is missing after '{shown}'.");

    /// <summary>A token where a value must begin.</summary>
    public static EqlDiagnostic ExpectedValue(TextSpan span, string shown) =>
        new(MissingValueDescriptor, span, $"A value or condition must stand here, not '{shown}'.");

    /// <summary>A keyword where a value must begin.</summary>
    public static EqlDiagnostic KeywordAsValue(TextSpan span, string word) =>
        new(MissingValueDescriptor, span, $"'{word}' is a keyword and no value. A field of this name goes in backticks: `{word}`.");

    /// <summary>A <c>not</c> behind an operator that takes values.</summary>
    public static EqlDiagnostic NotAsValue(TextSpan span) =>
        new(MisplacedNotDescriptor, span, "'not' goes before a whole comparison. Write 'not a == b', or put the right side in parentheses.");

    /// <summary>Two conditions with nothing between them.</summary>
    public static EqlDiagnostic MissingOperator(TextSpan span, string shown) =>
        new(UnexpectedDescriptor, span, $"'and', 'or', or another operator is missing before '{shown}'.");

    /// <summary>A token that continues nothing.</summary>
    public static EqlDiagnostic Unexpected(TextSpan span, string shown) =>
        new(UnexpectedDescriptor, span, $"'{shown}' cannot stand here. What is before it is complete: go on with 'and', 'or' or another operator, or remove it.");

    /// <summary>A comma in parentheses that are no list.</summary>
    public static EqlDiagnostic ListNotAllowed(TextSpan span) =>
        new(InvalidListDescriptor, span, "A list may only follow ':', 'in', 'like' and 'regex'. Write x : (\"a\", \"b\") or x in (1, 2).");

    /// <summary>An opening bracket that the end comes before.</summary>
    public static EqlDiagnostic UnclosedBracket(TextSpan span, char open, char close) =>
        new(UnclosedBracketDescriptor, span, $"This '{open}' is never closed. Add '{close}'.");

    /// <summary>A closing bracket too many.</summary>
    public static EqlDiagnostic StrayBracket(TextSpan span, char close, char open) =>
        new(StrayBracketDescriptor, span, $"This '{close}' closes nothing. Remove it, or add the '{open}' it belongs to.");

    /// <summary>A bracket that is closed by one of the other kind.</summary>
    public static EqlDiagnostic WrongBracket(TextSpan span, char open, char close) =>
        new(StrayBracketDescriptor, span, $"This closes a '{open}'. Write '{close}'.");

    /// <summary>A text without a query.</summary>
    public static EqlDiagnostic EmptyQuery(TextSpan span) =>
        new(QueryStartDescriptor, span, "There is no query. Write one, as in: process where process.name : \"cmd.exe\".");

    /// <summary>A condition without a category in front.</summary>
    public static EqlDiagnostic MissingCategory(TextSpan span) =>
        new(QueryStartDescriptor, span, "The category of the events is missing. Write 'process where', 'file where', or 'any where' in front of the condition.");

    /// <summary>A category without <c>where</c>.</summary>
    public static EqlDiagnostic MissingWhere(TextSpan span, string category) =>
        new(QueryStartDescriptor, span, $"'where' is missing. Write '{category} where' and a condition, 'true' for every event.");

    /// <summary><c>x not like y</c> and the like.</summary>
    public static EqlDiagnostic NotBeforeOperator(TextSpan span, string op) =>
        new(MisplacedNotDescriptor, span, $"'not {op}' does not exist, only 'not in' does. Write 'not x {op} ..' instead of 'x not {op} ..'.");

    /// <summary><c>a == b == c</c>.</summary>
    public static EqlDiagnostic ChainedComparison(TextSpan span) =>
        new(ChainedComparisonDescriptor, span, "Comparisons do not chain. Write 'a == b and b == c', or put one of them in parentheses.");

    /// <summary><c>()</c> as a list.</summary>
    public static EqlDiagnostic EmptyList(TextSpan span) =>
        new(InvalidListDescriptor, span, "This list is empty. Name at least one value.");

    /// <summary>A comma before the closing parenthesis.</summary>
    public static EqlDiagnostic TrailingComma(TextSpan span) =>
        new(InvalidListDescriptor, span, "Nothing follows this comma. Remove it.");

    /// <summary>Two items side by side.</summary>
    public static EqlDiagnostic MissingComma(TextSpan span, string shown) =>
        new(InvalidListDescriptor, span, $"A comma is missing before '{shown}'.");

    /// <summary><c>or</c> or <c>and</c> between items.</summary>
    public static EqlDiagnostic LogicalInList(TextSpan span, string word) =>
        new(InvalidListDescriptor, span, $"The values of a list are separated by commas. Write ',' instead of '{word}'.");

    /// <summary>A list in square brackets.</summary>
    public static EqlDiagnostic ListInBrackets(TextSpan span) =>
        new(InvalidListDescriptor, span, "A list stands in parentheses. Write (\"a\", \"b\").");

    /// <summary>An expression whose parts nest deeper than the limit.</summary>
    public static EqlDiagnostic TooDeep(TextSpan span, int limit) =>
        new(TooDeepDescriptor, span, $"This nests deeper than {limit} levels. Split the rule, or use a list or a chain of 'and' or 'or', which may have any length.");

    /// <summary>Something other than a step in a sequence, sample or join.</summary>
    public static EqlDiagnostic ExpectedStep(TextSpan span, string shown) =>
        new(InvalidStepsDescriptor, span, $"A step in brackets must stand here, not '{shown}'. Write [process where ..].");

    /// <summary>A length of time in front of the steps, without its keyword.</summary>
    public static EqlDiagnostic MissingWith(TextSpan span) =>
        new(InvalidStepsDescriptor, span, "'with' is missing before 'maxspan'. Write 'with maxspan=30s'.");

    /// <summary>A step marked missing or last, without its bracket.</summary>
    public static EqlDiagnostic MissingStepAfter(TextSpan span, string shown) =>
        new(InvalidStepsDescriptor, span, $"An event in brackets is missing after '{shown}'. Write [process where ..].");

    /// <summary>A sequence without events.</summary>
    public static EqlDiagnostic NoSteps(TextSpan span) =>
        new(InvalidStepsDescriptor, span, "A sequence needs a step. Write [process where ..], and 'with runs=N' behind it for an event that repeats.");

    /// <summary>A step behind <c>until</c>.</summary>
    public static EqlDiagnostic StepAfterUntil(TextSpan span) =>
        new(InvalidStepsDescriptor, span, "'until' comes last. Put this step before it.");

    /// <summary>A length of time that is no number with a unit.</summary>
    public static EqlDiagnostic InvalidTimeSpan(TextSpan span) =>
        new(InvalidTimeSpanDescriptor, span, "A length of time is a whole number with a unit (ms, s, m, h, d). Write it as in maxspan=30s.");

    /// <summary>A length of time that is zero or beyond reason.</summary>
    public static EqlDiagnostic TimeSpanOutOfRange(TextSpan span, int maxDays) =>
        new(InvalidTimeSpanDescriptor, span, $"'maxspan' must be more than zero and at most {maxDays}d.");

    /// <summary><c>with runs=N</c> without a usable number.</summary>
    public static EqlDiagnostic InvalidRuns(TextSpan span, int limit) =>
        new(InvalidClauseDescriptor, span, $"'runs' needs a whole number from 1 to {limit}. Write it as in: with runs=3.");

    /// <summary><c>with</c> before something else than a clause that may stand there.</summary>
    public static EqlDiagnostic ExpectedWithClause(TextSpan span, string clause) =>
        new(InvalidClauseDescriptor, span, $"'with' must be followed by '{clause}' here.");

    /// <summary><c>maxspan</c> behind a step.</summary>
    public static EqlDiagnostic MaxSpanOnStep(TextSpan span) =>
        new(InvalidClauseDescriptor, span, "'maxspan' belongs to the whole sequence. Write: sequence with maxspan=30s [..] [..].");

    /// <summary>A clause that this kind of query or step does not take.</summary>
    public static EqlDiagnostic ClauseNotAllowed(TextSpan span, string clause, string place) =>
        new(InvalidClauseDescriptor, span, $"'{clause}' does not go with {place}. Remove it.");

    /// <summary>A clause written twice.</summary>
    public static EqlDiagnostic RepeatedClause(TextSpan span, string clause) =>
        new(InvalidClauseDescriptor, span, $"'{clause}' is given twice. Keep one.");

    /// <summary><c>as</c> without a name.</summary>
    public static EqlDiagnostic MissingAlias(TextSpan span) =>
        new(InvalidClauseDescriptor, span, "'as' must be followed by a name for the step's event. Write it as in: [..] as first.");

    /// <summary><c>|</c> without the pipe's name.</summary>
    public static EqlDiagnostic MissingPipeName(TextSpan span) =>
        new(InvalidPipeDescriptor, span, "'|' must be followed by a pipe, as in | head 5. For alternatives write 'or'.");
}
