using CallStackRules.Eql.Diagnostics;

namespace CallStackRules.Eql.Syntax;

/// <content>Moving through the tokens, reporting, and finding a place to go on after a mistake.</content>
public sealed partial class QueryParser
{
    /// <summary>How many brackets of each kind are without partner inside of the unclosed strings of this step or query.</summary>
    private readonly Dictionary<char, int> _swallowed = [];

    /// <summary>Where the last of these strings begins.</summary>
    private int _swallowedAt;

    /// <summary>The token in front of which a closing bracket was last reported missing.</summary>
    private int _unclosedAt = -1;

    /// <summary>Whether nothing of the condition at hand can follow: its bracket, its query, or the text ends here.</summary>
    private bool AtRegionEnd => Current.Kind switch
    {
        TokenKind.End => true,
        TokenKind.Pipe => _brackets == 0,
        TokenKind.CloseBracket or TokenKind.By or TokenKind.With or TokenKind.Until => _brackets > 0,
        TokenKind.OpenBracket => _brackets > 0 && !(_position > 0 && _tokens[_position - 1].IsWord("of")),
        TokenKind.Exclamation => _brackets > 0 && Next.Kind == TokenKind.OpenBracket,
        _ => false,
    };

    private Token Advance()
    {
        Token token = Current;
        if (token.Kind != TokenKind.End)
            _position++;
        if (token.Has(TokenFlags.Unclosed))
            NoteSwallowedBrackets(token.Span);
        return token;
    }

    /// <summary>Passes over a token that a message was given about. What it makes seem wrong with the next one is no news.</summary>
    private void AdvanceReported()
    {
        Advance();
        _reportedAt = _position;
    }

    private TextSpan SpanFrom(int start) => TextSpan.FromBounds(start, Math.Max(start, PreviousSpan.End));

    /// <summary>Reports something about the current token, unless a message was given here already.</summary>
    private void Report(EqlDiagnostic diagnostic)
    {
        bool isKnown = _reportedAt == _position || Current.Has(TokenFlags.AfterError);
        _reportedAt = _position;
        if (!isKnown)
            ReportPlain(diagnostic);
    }

    /// <summary>Reports something about tokens that were understood and passed, so that it hides nothing that follows.</summary>
    private void ReportPlain(EqlDiagnostic diagnostic)
    {
        if (!IsDoubtful(diagnostic.Span.Start))
            _diagnostics.Add(diagnostic);
    }

    /// <summary>Whether a place is inside the quotes of a line whose quotes do not pair.</summary>
    private bool IsDoubtful(int offset)
    {
        int low = 0;
        int high = _doubtful.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_doubtful[middle].End <= offset)
                low = middle + 1;
            else
                high = middle;
        }

        return low < _doubtful.Count && _doubtful[low].Start <= offset;
    }

    /// <summary>Passes over the bracket that closes another, or says that it is missing.</summary>
    private void CloseBracket(TextSpan open)
    {
        bool isSquare = _text[open.Start] == '[';
        (TokenKind closer, TokenKind wrong) = isSquare
            ? (TokenKind.CloseBracket, TokenKind.CloseParenthesis)
            : (TokenKind.CloseParenthesis, TokenKind.CloseBracket);
        if (Current.Kind == closer)
        {
            Advance();
        }
        else if (Current.Kind == wrong && !AtRegionEnd)
        {
            Report(EqlDiagnostics.WrongBracket(Current.Span, isSquare ? '[' : '(', isSquare ? ']' : ')'));
            AdvanceReported();
        }
        else
        {
            ReportUnclosedBracket(open, isSquare ? '[' : '(', isSquare ? ']' : ')');
            _reportedAt = _position;
        }
    }

    private void ReportUnclosedBracket(TextSpan open, char opening, char closing)
    {
        bool isKnown = _isTooDeep || PreviousSpan == open || Current.Has(TokenFlags.Unclosed) || WasSwallowed(closing, behind: open.End);

        // Innermost first: those around it end at the same place and most often for the same reason.
        if (isKnown || _unclosedAt == _position)
            return;
        ReportPlain(EqlDiagnostics.UnclosedBracket(open, opening, closing));
        _unclosedAt = _position;
    }

    /// <summary>Whether an unclosed string holds the partner of a bracket; each in it is the partner of one.</summary>
    private bool WasSwallowed(char bracket, int behind)
    {
        if (_swallowedAt < behind || !_swallowed.TryGetValue(bracket, out int count) || count == 0)
            return false;
        _swallowed[bracket] = count - 1;
        return true;
    }

    /// <summary>Remembers the brackets in an unclosed string that have no partner in it: theirs outside of it has none either, which is no news.</summary>
    private void NoteSwallowedBrackets(TextSpan span)
    {
        Stack<char> unpaired = new();
        for (int i = span.Start; i < span.End; i++)
        {
            char c = _text[i];
            if (c is not ('(' or '[' or ')' or ']'))
                continue;
            bool isPair = unpaired.Count > 0 && (unpaired.Peek(), c) is ('(', ')') or ('[', ']');
            if (isPair)
                unpaired.Pop();
            else
                unpaired.Push(c);
        }

        foreach (char bracket in unpaired)
            _swallowed[bracket] = _swallowed.TryGetValue(bracket, out int count) ? count + 1 : 1;
        _swallowedAt = span.Start;
    }

    private void ReportStrayBracket()
    {
        char close = _text[Current.Span.Start];
        if (WasSwallowed(close == ')' ? '(' : '[', behind: 0))
            _reportedAt = _position;
        else
            Report(EqlDiagnostics.StrayBracket(Current.Span, close, close == ')' ? '(' : '['));
    }

    /// <summary>Says that the current token continues nothing.</summary>
    private void ReportUnexpected()
    {
        switch (Current.Kind)
        {
            case TokenKind.CloseParenthesis or TokenKind.CloseBracket:
                ReportStrayBracket();
                break;
            case TokenKind.Assign:
                ReportAssign();
                break;
            case TokenKind.Tilde:
                Report(EqlDiagnostics.StrayTilde(Current.Span));
                break;
            case TokenKind.Field when OperatorMeantBy(ShownCurrent()) is { } meant:
                Report(EqlDiagnostics.ForeignOperator(Current.Span, ShownCurrent(), meant));
                break;
            case TokenKind.Field or TokenKind.String or TokenKind.Number or TokenKind.True or TokenKind.False or TokenKind.Null or TokenKind.Not
                or TokenKind.OpenParenthesis or TokenKind.Question or TokenKind.Exclamation:
                Report(EqlDiagnostics.MissingOperator(Current.Span, ShownCurrent()));
                break;
            default:
                Report(EqlDiagnostics.Unexpected(Current.Span, ShownCurrent()));
                break;
        }
    }

    /// <summary>What EQL has in place of a word that is an operator elsewhere; null for other words.</summary>
    private static string? OperatorMeantBy(string word) => word.ToLowerInvariant() switch
    {
        "is" or "equals" or "eq" => "'=='",
        "contains" => "':' with wildcards, as in : \"*text*\", or stringcontains(..)",
        "matches" => "'regex' or 'like'",
        "startswith" or "endswith" => $"the function {word.ToLowerInvariant()}(.., ..)",
        _ => null,
    };

    private void ReportAssign() => Report(EqlDiagnostics.ForeignOperator(Current.Span, "=", "'==', or ':' to ignore case and allow wildcards"));

    private string ShownCurrent() => Shown.Text(_text, Current.Span);

    private string ShownPrevious() => Shown.Text(_text, PreviousSpan);

    /// <summary>
    /// Passes over tokens up to one of the given kinds outside of parentheses, or to the end of the condition. What is missing where it stops was already reported.
    /// </summary>
    private void SkipUntil(params TokenKind[] stops)
    {
        int parentheses = 0;
        while (!AtRegionEnd)
        {
            if (parentheses == 0 && Array.IndexOf(stops, Current.Kind) >= 0)
                break;
            switch (Current.Kind)
            {
                case TokenKind.OpenParenthesis:
                    parentheses++;
                    break;
                case TokenKind.CloseParenthesis:
                    parentheses = Math.Max(0, parentheses - 1);
                    break;
                case TokenKind.OpenBracket:
                    SkipBrackets();
                    continue;
            }

            Advance();
        }

        _reportedAt = _position;
    }

    private void SkipBrackets()
    {
        int depth = 0;
        do
        {
            if (Current.Kind == TokenKind.OpenBracket)
                depth++;
            else if (Current.Kind == TokenKind.CloseBracket)
                depth--;
            Advance();
        }
        while (depth > 0 && Current.Kind != TokenKind.End);
    }
}
