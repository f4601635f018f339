using System.Diagnostics.CodeAnalysis;

namespace CallStackRules.Eql.Automata;

/// <summary>What is wrong with a pattern.</summary>
/// <param name="Offset">Where, in UTF-16 units from the start of the pattern.</param>
/// <param name="Message">What is wrong and what to do, one line.</param>
public sealed record RegexError(int Offset, string Message);

/// <summary>
/// Reads a regular expression of the dialect that can be compiled to an automaton:
/// literals, <c>.</c>, <c>\d \w \s \D \W \S</c> (ASCII), classes, <c>( )</c>, <c>(?: )</c>, <c>|</c>, and <c>? * + {n} {n,} {n,m}</c>, also lazy.
/// The whole text is matched, so there are no anchors; there is nothing that looks around or back.
/// </summary>
public sealed class RegexSyntax
{
    /// <summary>How long a pattern may be.</summary>
    public const int MaxLength = 8192;

    /// <summary>How deep groups may nest.</summary>
    public const int MaxDepth = 100;

    /// <summary>How often a part may be repeated by a counted quantifier.</summary>
    public const int MaxRepetitions = 1000;

    private static readonly RegexNode AnyUnit = new RegexUnit(CharSet.All, IsNegated: false);

    private readonly string _pattern;
    private int _at;
    private int _depth;

    private RegexSyntax(string pattern) => _pattern = pattern;

    private bool AtEnd => _at == _pattern.Length;

    private char Current => _pattern[_at];

    /// <summary>Reads a pattern.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="node">The expression; null when there is an error.</param>
    /// <param name="error">What is wrong; null when nothing is.</param>
    /// <returns>Whether the pattern could be read.</returns>
    public static bool TryParse(string pattern, [NotNullWhen(true)] out RegexNode? node, [NotNullWhen(false)] out RegexError? error)
    {
        node = null;
        error = null;
        try
        {
            if (pattern.Length > MaxLength)
                throw new PatternException(MaxLength, $"The pattern has {pattern.Length} characters; {MaxLength} are the most. Split it into several.");
            var syntax = new RegexSyntax(pattern);
            RegexNode whole = syntax.ParseChoice();
            if (!syntax.AtEnd)
                throw syntax.Error("There is no group for this ')' to close: write '\\)' for the character.");
            node = whole;
            return true;
        }
        catch (PatternException exception)
        {
            error = new RegexError(exception.Offset, exception.Message);
            return false;
        }
    }

    private RegexNode ParseChoice()
    {
        var alternatives = new List<RegexNode> { ParseSequence() };
        while (Accept('|'))
            alternatives.Add(ParseSequence());
        return alternatives.Count == 1 ? alternatives[0] : new RegexChoice(alternatives);
    }

    private RegexNode ParseSequence()
    {
        var parts = new List<RegexNode>();
        while (!AtEnd && Current is not ('|' or ')'))
            parts.Add(ParseRepeat(ParseAtom()));
        return parts.Count == 1 ? parts[0] : new RegexSequence(parts);
    }

    private RegexNode ParseRepeat(RegexNode atom)
    {
        if (AtEnd || Current is not ('?' or '*' or '+' or '{'))
            return atom;
        RegexNode repeated = Current switch
        {
            '?' => Take(new RegexRepeat(atom, 0, 1)),
            '*' => Take(new RegexRepeat(atom, 0, null)),
            '+' => Take(new RegexRepeat(atom, 1, null)),
            _ => ParseCounts(atom),
        };
        // Laziness decides which match is found, not whether there is one.
        if (Accept('?') || AtEnd)
            return repeated;
        return Current switch
        {
            '+' => throw Error("Possessive quantifiers are not supported: remove the '+'."),
            '*' or '{' => throw Error("There is a quantifier already: put the part before it in ( ) to repeat that."),
            _ => repeated,
        };
    }

    private RegexNode Take(RegexNode node)
    {
        _at++;
        return node;
    }

    private RegexRepeat ParseCounts(RegexNode atom)
    {
        int open = _at++;
        int least = ParseCount(open);
        int? most = least;
        if (Accept(','))
            most = !AtEnd && Current == '}' ? null : ParseCount(open);
        if (!Accept('}'))
            throw Error(open, "A count is written {n}, {n,} or {n,m}; write '\\{' for the character.");
        if (most < least)
            throw Error(open, $"The most repetitions ({most}) are fewer than the least ({least}).");
        return new RegexRepeat(atom, least, most);
    }

    private int ParseCount(int open)
    {
        int start = _at;
        int count = 0;
        while (!AtEnd && Current is >= '0' and <= '9')
        {
            count = (count * 10) + (Current - '0');
            if (count > MaxRepetitions)
                throw Error(start, $"A part can be repeated at most {MaxRepetitions} times by a count; use '*' or '+' for any number.");
            _at++;
        }
        return _at > start ? count : throw Error(open, "A count is written {n}, {n,} or {n,m}; write '\\{' for the character.");
    }

    private RegexNode ParseAtom()
    {
        switch (Current)
        {
            case '(':
                return ParseGroup();
            case '[':
                return ParseClass();
            case '\\':
                return ParseEscape() is { } set ? new RegexUnit(set, IsNegated: false) : Literal(ParseEscapedUnit());
            case '.':
                return Take(AnyUnit);
            case '^' or '$':
                throw Error($"The whole text is matched, so '{Current}' has no use: remove it, or write '\\{Current}' for the character.");
            case '?' or '*' or '+' or '{':
                throw Error($"There is nothing to repeat before '{Current}': write '\\{Current}' for the character.");
            default:
                return Literal(_pattern[_at++]);
        }
    }

    private RegexNode ParseGroup()
    {
        int open = _at++;
        if (!AtEnd && Current == '?')
            AcceptGroupKind(open);
        if (++_depth > MaxDepth)
            throw Error(open, $"Groups nest deeper than {MaxDepth}.");
        RegexNode inside = ParseChoice();
        _depth--;
        return Accept(')') ? inside : throw Error(open, "This '(' is not closed: add ')', or write '\\(' for the character.");
    }

    private void AcceptGroupKind(int open)
    {
        string rest = _pattern.Substring(_at, Math.Min(3, _pattern.Length - _at));
        if (rest.StartsWith("?:", StringComparison.Ordinal))
        {
            _at += 2;
            return;
        }
        throw Error(open, rest switch
        {
            _ when StartsWithAny(rest, "?=", "?!", "?<=", "?<!") => "Lookaround is not supported: say what the whole text is, or use 'and' with a second condition.",
            _ when StartsWithAny(rest, "?<", "?P", "?'") => "Groups have no names here: write ( ).",
            _ when StartsWithAny(rest, "?>") => "Atomic groups are not supported: write ( ).",
            _ when StartsWithAny(rest, "?#") => "Comments are not supported in a pattern: write a // comment in the rule.",
            _ => "Inline flags are not supported: 'regex~' ignores case, '.' matches line ends already.",
        });
    }

    private static bool StartsWithAny(string text, params string[] starts) =>
        starts.Any(start => text.StartsWith(start, StringComparison.Ordinal));

    private RegexUnit ParseClass()
    {
        int open = _at++;
        bool isNegated = Accept('^');
        var ranges = new List<CharRange>();
        if (!AtEnd && Current == ']')
            throw Error(open, "The class is empty: write '\\]' for the character, or '.' for any.");
        while (true)
        {
            if (AtEnd)
                throw Error(open, "This '[' is not closed: add ']', or write '\\[' for the character.");
            if (Accept(']'))
                return new RegexUnit(CharSet.Of([.. ranges]), isNegated);
            ParseClassItem(ranges);
        }
    }

    private void ParseClassItem(List<CharRange> ranges)
    {
        int start = _at;
        if (Current == '[' && _at + 1 < _pattern.Length && _pattern[_at + 1] is ':' or '.' or '=')
            throw Error("POSIX classes are not supported: write the characters, as in [a-z], or '\\[' for the character.");
        if (Current == '-' && _at + 1 < _pattern.Length && _pattern[_at + 1] == '[')
            throw Error("Taking a class from a class is not supported: write the characters that remain, or '\\-\\[' for the two characters.");
        if (Current == '\\' && ParseEscape() is { } set)
        {
            ranges.AddRange(set.Ranges);
            return;
        }
        char first = ParseClassUnit();
        // A '-' before the closing bracket is the character.
        if (_at + 1 >= _pattern.Length || Current != '-' || _pattern[_at + 1] == ']')
        {
            ranges.Add(new CharRange(first, first));
            return;
        }
        _at++;
        if (Current == '\\' && ParseEscape() is not null)
            throw Error(start, "A range ends in a character, not in a class: write '\\-' for the character '-'.");
        char last = ParseClassUnit();
        if (last < first)
            throw Error(start, $"The range from '{first}' to '{last}' is reversed.");
        ranges.Add(new CharRange(first, last));
    }

    private char ParseClassUnit() => Current == '\\' ? ParseEscapedUnit() : _pattern[_at++];

    /// <summary>The class that an escape stands for; null, and nothing read, when it stands for a unit.</summary>
    private CharSet? ParseEscape()
    {
        if (_at + 1 == _pattern.Length)
            throw Error("A '\\' at the end escapes nothing: write '\\\\' for the character.");
        CharSet? set = _pattern[_at + 1] switch
        {
            'd' => CharSet.Digits,
            'D' => CharSet.Digits.Complement(),
            'w' => CharSet.WordCharacters,
            'W' => CharSet.WordCharacters.Complement(),
            's' => CharSet.Spaces,
            'S' => CharSet.Spaces.Complement(),
            _ => null,
        };
        if (set is not null)
            _at += 2;
        return set;
    }

    private char ParseEscapedUnit()
    {
        int start = _at;
        char escaped = _pattern[_at + 1];
        _at += 2;
        switch (escaped)
        {
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'x':
                return ParseHexadecimal(start, 2);
            case 'u':
                return ParseHexadecimal(start, 4);
            case 'b' or 'B' or 'A' or 'z' or 'Z' or 'G':
                throw Error(start, $"'\\{escaped}' tests a place, which is not supported: the whole text is matched, so say what comes before and after.");
            case (>= '1' and <= '9') or 'k':
                throw Error(start, "Back references are not supported: no automaton can remember a text.");
            case 'p' or 'P':
                throw Error(start, "Unicode categories are not supported: write the characters, as in [a-z].");
            case '0' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z'):
                throw Error(start, $"'\\{escaped}' means nothing: write '{escaped}', or '\\\\{escaped}' for a backslash before it.");
            default:
                return escaped;
        }
    }

    private char ParseHexadecimal(int start, int digits)
    {
        int value = 0;
        for (int i = 0; i < digits; i++)
        {
            int digit = AtEnd ? -1 : Current switch
            {
                >= '0' and <= '9' => Current - '0',
                >= 'a' and <= 'f' => Current - 'a' + 10,
                >= 'A' and <= 'F' => Current - 'A' + 10,
                _ => -1,
            };
            if (digit < 0)
                throw Error(start, $"'\\{_pattern[start + 1]}' needs {digits} hexadecimal digits.");
            value = (value * 16) + digit;
            _at++;
        }
        return (char)value;
    }

    private static RegexUnit Literal(char unit) => new(CharSet.Of(unit), IsNegated: false);

    private bool Accept(char expected)
    {
        if (AtEnd || Current != expected)
            return false;
        _at++;
        return true;
    }

    private PatternException Error(string message) => Error(_at, message);

    private static PatternException Error(int offset, string message) => new(offset, message);

    /// <summary>Ends the reading at the first mistake.</summary>
    private sealed class PatternException(int offset, string message) : Exception(message)
    {
        public int Offset { get; } = offset;
    }
}
