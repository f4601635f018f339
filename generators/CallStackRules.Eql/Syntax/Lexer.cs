using System.Globalization;
using System.Text;
using CallStackRules.Eql.Diagnostics;

namespace CallStackRules.Eql.Syntax;

/// <summary>
/// Splits a text into tokens. A whole field path is one token, so that keywords and digits may be parts of it. Comments are left out but remembered.
/// </summary>
internal sealed class Lexer
{
    private static readonly Dictionary<string, TokenKind> Keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        ["and"] = TokenKind.And,
        ["or"] = TokenKind.Or,
        ["not"] = TokenKind.Not,
        ["in"] = TokenKind.In,
        ["like"] = TokenKind.Like,
        ["regex"] = TokenKind.Regex,
        ["where"] = TokenKind.Where,
        ["by"] = TokenKind.By,
        ["with"] = TokenKind.With,
        ["until"] = TokenKind.Until,
        ["true"] = TokenKind.True,
        ["false"] = TokenKind.False,
        ["null"] = TokenKind.Null,
    };

    private const int LongestKeyword = 5;

    private readonly string _text;
    private readonly List<Token> _tokens = [];
    private readonly List<EqlDiagnostic> _diagnostics = [];
    private readonly List<TextSpan> _lineComments = [];
    private readonly List<TextSpan> _doubtful = [];
    private readonly StringBuilder _path = new();
    private int _position;
    private int _lineStart;
    private TokenFlags _nextFlags;

    private Lexer(string text) => _text = text;

    /// <summary>What a text is made of.</summary>
    /// <param name="Tokens">The tokens; the last is <see cref="TokenKind.End"/>.</param>
    /// <param name="Diagnostics">What is wrong with single tokens.</param>
    /// <param name="LineComments">The <c>//</c> comments, in their order.</param>
    /// <param name="Doubtful">
    /// Ranges in their order, each from the first quote to the end of a line with an unclosed string. Which of its quotes is the missing one cannot be known, so that
    /// what seems to be outside of strings there may be inside.
    /// </param>
    internal sealed record Result(
        Token[] Tokens, List<EqlDiagnostic> Diagnostics, IReadOnlyList<TextSpan> LineComments, IReadOnlyList<TextSpan> Doubtful);

    public static Result Tokenize(string text)
    {
        Lexer lexer = new(text);
        while (lexer._position < text.Length)
            lexer.ReadNext();
        lexer.Add(TokenKind.End, text.Length, "");
        return new([.. lexer._tokens], lexer._diagnostics, lexer._lineComments, lexer._doubtful);
    }

    private char Peek(int ahead) => _position + ahead < _text.Length ? _text[_position + ahead] : '\0';

    private void Add(TokenKind kind, int start, string text, object? number = null, TokenFlags flags = TokenFlags.None)
    {
        _tokens.Add(new(kind, TextSpan.FromBounds(start, _position), text, number, flags | _nextFlags));
        _nextFlags = TokenFlags.None;
    }

    private void AddOperator(TokenKind kind, int length)
    {
        int start = _position;
        _position += length;
        Add(kind, start, "");
    }

    /// <summary>An operator of another language, read as the one that was meant.</summary>
    private void AddForeignOperator(TokenKind kind, int length, string right)
    {
        TextSpan span = new(_position, length);
        _diagnostics.Add(EqlDiagnostics.ForeignOperator(span, _text.Substring(span.Start, span.Length), right));
        AddOperator(kind, length);
    }

    private void ReadNext()
    {
        char c = _text[_position];
        switch (c)
        {
            case '\n' or '\r':
                _lineStart = ++_position;
                break;
            case '/' when Peek(1) == '/':
                ReadLineComment();
                break;
            case '/' when Peek(1) == '*':
                ReadBlockComment();
                break;
            case '"' when Peek(1) == '"' && Peek(2) == '"':
                ReadRawString();
                break;
            case '"':
                ReadString('"');
                break;
            case '\'':
                ReadString('\'');
                break;
            case '\u201C' or '\u201D':
                ReadString('\u201D');
                break;
            case '(':
                AddOperator(TokenKind.OpenParenthesis, 1);
                break;
            case ')':
                AddOperator(TokenKind.CloseParenthesis, 1);
                break;
            case '[':
                AddOperator(TokenKind.OpenBracket, 1);
                break;
            case ']':
                AddOperator(TokenKind.CloseBracket, 1);
                break;
            case ',':
                AddOperator(TokenKind.Comma, 1);
                break;
            case '?':
                AddOperator(TokenKind.Question, 1);
                break;
            case '~':
                AddOperator(TokenKind.Tilde, 1);
                break;
            case '+':
                AddOperator(TokenKind.Plus, 1);
                break;
            case '-':
                AddOperator(TokenKind.Minus, 1);
                break;
            case '*':
                AddOperator(TokenKind.Star, 1);
                break;
            case '/':
                AddOperator(TokenKind.Slash, 1);
                break;
            case '%':
                AddOperator(TokenKind.Percent, 1);
                break;
            case '|' when Peek(1) == '|':
                AddForeignOperator(TokenKind.Or, 2, "'or'");
                break;
            case '|':
                AddOperator(TokenKind.Pipe, 1);
                break;
            case '&':
                AddForeignOperator(TokenKind.And, Peek(1) == '&' ? 2 : 1, "'and'");
                break;
            case ':' when Peek(1) == '~':
                AddForeignOperator(TokenKind.Colon, 2, "':', which ignores case already");
                break;
            case ':':
                AddOperator(TokenKind.Colon, 1);
                break;
            case '=' when Peek(1) == '=' && Peek(2) == '~':
                AddForeignOperator(TokenKind.Equal, 3, "':' to ignore case");
                break;
            case '=' when Peek(1) == '=':
                AddOperator(TokenKind.Equal, 2);
                break;
            case '=' when Peek(1) == '~':
                AddForeignOperator(TokenKind.Equal, 2, "'regex~', or ':' to ignore case");
                break;
            case '=':
                AddOperator(TokenKind.Assign, 1);
                break;
            case '!' when Peek(1) == '=':
                AddOperator(TokenKind.NotEqual, 2);
                break;
            case '!':
                AddOperator(TokenKind.Exclamation, 1);
                break;
            case '<' when Peek(1) == '>':
                AddForeignOperator(TokenKind.NotEqual, 2, "'!='");
                break;
            case '<' when Peek(1) == '=':
                AddOperator(TokenKind.LessOrEqual, 2);
                break;
            case '<':
                AddOperator(TokenKind.Less, 1);
                break;
            case '>' when Peek(1) == '=':
                AddOperator(TokenKind.GreaterOrEqual, 2);
                break;
            case '>':
                AddOperator(TokenKind.Greater, 1);
                break;
            case '\u2018' or '\u2019':
                ReadString('\u2019');
                break;
            case '$' or '`':
                ReadField();
                break;
            default:
                if (IsDigit(c) || (c == '.' && IsDigit(Peek(1))))
                    ReadNumber();
                else if (IsNameStart(c))
                    ReadField();
                else if (IsBlank(c))
                    _position++;
                else
                    ReadUnknown();
                break;
        }
    }

    private static bool IsDigit(char c) => c is >= '0' and <= '9';

    private static bool IsNameStart(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '_' or '@';

    private static bool IsNamePart(char c) => IsNameStart(c) || IsDigit(c);

    /// <summary>Blanks, and the byte order mark that some editors put in front of a file.</summary>
    private static bool IsBlank(char c) => char.IsWhiteSpace(c) || c == '\uFEFF';

    private static bool IsLineEnd(char c) => c is '\n' or '\r';

    private int FindLineEnd(int from)
    {
        int end = _text.IndexOfAny(['\n', '\r'], from);
        return end < 0 ? _text.Length : end;
    }

    private void ReadLineComment()
    {
        int end = FindLineEnd(_position);
        _lineComments.Add(TextSpan.FromBounds(_position, end));
        _position = end;
    }

    private void ReadBlockComment()
    {
        int end = _text.IndexOf("*/", _position + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            _diagnostics.Add(EqlDiagnostics.UnclosedComment(new(_position, 2)));
            _position = _text.Length;
            _nextFlags |= TokenFlags.Unclosed | TokenFlags.AfterError;
            return;
        }

        int lastLineEnd = _text.LastIndexOfAny(['\n', '\r'], end, end - _position);
        if (lastLineEnd >= 0)
            _lineStart = lastLineEnd + 1;
        _position = end + 2;
    }

    private void ReadRawString()
    {
        int start = _position;
        int lineEnd = FindLineEnd(start);
        int end = _text.IndexOf("\"\"\"", start + 3, lineEnd - start - 3, StringComparison.Ordinal);
        if (end < 0)
        {
            AddUnclosed(start, lineEnd, _text.Substring(start + 3, lineEnd - start - 3), EqlDiagnostics.UnclosedRawString);
            return;
        }

        // Up to two quotes before the closing three are part of the text.
        for (int extra = 0; extra < 2 && end + 3 < lineEnd && _text[end + 3] == '"'; extra++)
            end++;
        _position = end + 3;
        Add(TokenKind.String, start, _text.Substring(start + 3, end - start - 3));
    }

    private void AddUnclosed(int start, int lineEnd, string value, Func<TextSpan, EqlDiagnostic> message)
    {
        _diagnostics.Add(message(TextSpan.FromBounds(start, lineEnd)));
        _position = lineEnd;
        Add(TokenKind.String, start, value, flags: TokenFlags.Unclosed);
        _nextFlags |= TokenFlags.AfterError;

        int firstQuote = start;
        for (int i = _tokens.Count - 1; i >= 0 && _tokens[i].Span.Start >= _lineStart; i--)
        {
            if (_tokens[i].Kind == TokenKind.String)
                firstQuote = _tokens[i].Span.Start;
        }
        _doubtful.Add(TextSpan.FromBounds(firstQuote, lineEnd));
    }

    private void ReadString(char closing)
    {
        int start = _position++;
        int verbatimFrom = _position;
        StringBuilder? resolved = null;
        bool hasBadEscape = false;
        while (true)
        {
            if (_position >= _text.Length || IsLineEnd(_text[_position]))
            {
                string rest = Value();
                AddUnclosed(start, _position, rest, span => closing == '"' ? EqlDiagnostics.UnclosedString(span) : EqlDiagnostics.WrongQuotes(span, _text[start]));
                return;
            }

            if (_text[_position] == closing)
                break;
            if (_text[_position] != '\\')
            {
                _position++;
                continue;
            }

            (resolved ??= new()).Append(_text, verbatimFrom, _position - verbatimFrom);
            ReadEscape(resolved, ref hasBadEscape);
            verbatimFrom = _position;
        }

        string value = Value();
        _position++;
        if (closing != '"')
            _diagnostics.Add(EqlDiagnostics.WrongQuotes(TextSpan.FromBounds(start, _position), _text[start]));
        Add(TokenKind.String, start, value);

        string Value()
        {
            string tail = _text.Substring(verbatimFrom, _position - verbatimFrom);
            return resolved is null ? tail : resolved.Append(tail).ToString();
        }
    }

    /// <summary>Reads from a backslash. Only the first bad escape of a string is reported: who forgot to double one backslash of a path forgot the others too.</summary>
    private void ReadEscape(StringBuilder resolved, ref bool hasBadEscape)
    {
        int start = _position;
        char escaped = Peek(1);
        switch (escaped)
        {
            case '\\' or '"' or '\'':
                resolved.Append(escaped);
                _position += 2;
                return;
            case 'n':
                resolved.Append('\n');
                _position += 2;
                return;
            case 'r':
                resolved.Append('\r');
                _position += 2;
                return;
            case 't':
                resolved.Append('\t');
                _position += 2;
                return;
            case 'u' when Peek(2) == '{':
                ReadUnicodeEscape(resolved, ref hasBadEscape);
                return;
            default:
                _position++;
                resolved.Append('\\');
                if (hasBadEscape || _position >= _text.Length || IsLineEnd(escaped))
                    return;
                hasBadEscape = true;
                int length = char.IsSurrogatePair(escaped, Peek(2)) ? 3 : 2;
                _diagnostics.Add(EqlDiagnostics.UnknownEscape(new(start, length), _text.Substring(start, length)));
                return;
        }
    }

    private void ReadUnicodeEscape(StringBuilder resolved, ref bool hasBadEscape)
    {
        int start = _position;
        _position += 3;
        int digits = _position;
        while (Uri.IsHexDigit(Peek(0)))
            _position++;
        string hex = _text.Substring(digits, _position - digits);
        bool isClosed = Peek(0) == '}';
        if (isClosed)
            _position++;
        if (isClosed && hex.Length is >= 1 and <= 8
            && uint.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint character)
            && character is <= 0x10FFFF and not (>= 0xD800 and <= 0xDFFF))
        {
            resolved.Append(char.ConvertFromUtf32((int)character));
            return;
        }

        resolved.Append(_text, start, _position - start);
        if (!hasBadEscape)
            _diagnostics.Add(EqlDiagnostics.InvalidUnicodeEscape(TextSpan.FromBounds(start, _position)));
        hasBadEscape = true;
    }

    private void ReadNumber()
    {
        int start = _position;
        SkipDigits();
        bool isFloat = false;
        if (Peek(0) == '.' && IsDigit(Peek(1)))
        {
            isFloat = true;
            _position++;
            SkipDigits();
        }

        if (Peek(0) is 'e' or 'E' && IsDigit(Peek(Peek(1) is '+' or '-' ? 2 : 1)))
        {
            isFloat = true;
            _position += 2;
            SkipDigits();
        }

        string digits = _text.Substring(start, _position - start);
        int unitStart = _position;
        while (IsNamePart(Peek(0)))
            _position++;
        string unit = _text.Substring(unitStart, _position - unitStart);

        if (Peek(0) == '.' && IsNamePart(Peek(1)))
        {
            while (Peek(0) == '.' || IsNamePart(Peek(0)))
                _position++;
            TextSpan span = TextSpan.FromBounds(start, _position);
            _diagnostics.Add(EqlDiagnostics.MalformedNumber(span, Shown.Text(_text, span)));
            Add(TokenKind.Number, start, "", 0L);
            return;
        }

        Add(TokenKind.Number, start, unit, isFloat ? ParseFloat(digits) : ParseInteger(digits));
    }

    private void SkipDigits()
    {
        while (IsDigit(Peek(0)))
            _position++;
    }

    private static object? ParseInteger(string digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;

    private static object? ParseFloat(string digits) =>
        double.TryParse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double value)
        && !double.IsInfinity(value) ? value : null;

    private void ReadField()
    {
        int start = _position;
        int messages = _diagnostics.Count;
        StringBuilder path = _path.Clear();
        TokenFlags flags = TokenFlags.None;
        if (Peek(0) == '$')
        {
            _position++;
            path.Append('$');
            if (!IsNameStart(Peek(0)))
            {
                _diagnostics.Add(EqlDiagnostics.NameAfterDollar(TextSpan.FromBounds(start, _position)));
                Add(TokenKind.Field, start, "$");
                return;
            }
        }

        while (true)
        {
            if (Peek(0) == '`')
            {
                flags |= TokenFlags.Quoted;
                ReadBackticks(path);
            }
            else
            {
                int partStart = _position;
                while (IsNamePart(Peek(0)))
                    _position++;
                path.Append(_text, partStart, _position - partStart);
            }

            ReadIndexes(path);
            if (!ReadDot())
                break;
            path.Append('.');
        }

        if (Peek(0) == '~')
        {
            flags |= TokenFlags.Tilde;
            _position++;
        }

        bool isIncomplete = _diagnostics.Count > messages;
        AddWord(start, path.ToString(), flags);
        if (isIncomplete)
            _nextFlags |= TokenFlags.AfterError;
    }

    /// <summary>
    /// Passes over the dot of a path. Blanks may stand around it, as in <c>process. name</c>; a keyword behind them begins something new.
    /// </summary>
    private bool ReadDot()
    {
        int blanksBefore = CountBlanks(0);
        if (Peek(blanksBefore) != '.' || (blanksBefore > 0 && IsDigit(Peek(blanksBefore + 1))))
            return false;
        int blanksBehind = CountBlanks(blanksBefore + 1);
        int next = blanksBefore + 1 + blanksBehind;
        if (Peek(next) == '`' || (blanksBehind == 0 ? IsNamePart(Peek(next)) : IsNameStart(Peek(next)) && !IsKeywordAt(_position + next)))
        {
            _position += next;
            return true;
        }

        _diagnostics.Add(EqlDiagnostics.NameAfterDot(new(_position + blanksBefore, 1)));
        _position += blanksBefore + 1;
        while (Peek(0) == '.')
            _position++;
        return false;
    }

    private int CountBlanks(int from)
    {
        int count = 0;
        while (Peek(from + count) is ' ' or '\t')
            count++;
        return count;
    }

    private bool IsKeywordAt(int start)
    {
        int end = start;
        while (end < _text.Length && IsNamePart(_text[end]))
            end++;
        return Keywords.ContainsKey(_text.Substring(start, end - start));
    }

    private void AddWord(int start, string word, TokenFlags flags)
    {
        TokenKind kind = TokenKind.Field;
        bool isKeyword = (flags & TokenFlags.Quoted) == 0 && word.Length <= LongestKeyword && Keywords.TryGetValue(word, out kind)
            && ((flags & TokenFlags.Tilde) == 0 || kind is TokenKind.In or TokenKind.Like or TokenKind.Regex);
        if (!isKeyword)
        {
            Add(TokenKind.Field, start, word, flags: flags);
            return;
        }

        string keyword = word.ToLowerInvariant();
        if (keyword != word)
            _diagnostics.Add(EqlDiagnostics.KeywordCase(TextSpan.FromBounds(start, _position), keyword));
        Add(kind, start, keyword, flags: flags);
    }

    private void ReadBackticks(StringBuilder path)
    {
        int start = _position++;
        while (_position < _text.Length && !IsLineEnd(_text[_position]))
        {
            if (_text[_position] != '`')
            {
                path.Append(_text[_position++]);
                continue;
            }

            _position++;
            if (Peek(0) != '`')
                return;
            path.Append('`');
            _position++;
        }

        _diagnostics.Add(EqlDiagnostics.UnclosedBacktick(TextSpan.FromBounds(start, _position)));
        _doubtful.Add(TextSpan.FromBounds(start, _position));
    }

    /// <summary>Indexes as in <c>events[1]</c>. No category begins with a digit, so that <c>of[process where ..]</c> is none.</summary>
    private void ReadIndexes(StringBuilder path)
    {
        while (Peek(0) == '[')
        {
            int length = 1;
            while (IsDigit(Peek(length)))
                length++;
            if (length == 1 || Peek(length) != ']')
                return;
            path.Append(_text, _position, length + 1);
            _position += length + 1;
        }
    }

    private void ReadUnknown()
    {
        int start = _position;
        while (_position < _text.Length && !IsBlank(_text[_position]) && (_text[_position] > '~' || _text[_position] is ';' or '#' or '\\' or '{' or '}' or '^' or '.'))
            _position++;
        if (_position == start)
            _position++;
        TextSpan span = TextSpan.FromBounds(start, _position);
        _diagnostics.Add(EqlDiagnostics.UnknownCharacter(span, Shown.Text(_text, span)));
        _nextFlags |= TokenFlags.AfterError;
    }
}
