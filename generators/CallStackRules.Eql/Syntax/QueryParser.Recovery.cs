using CallStackRules.Eql.Diagnostics;

namespace CallStackRules.Eql.Syntax;

/// <content>Moving through the tokens, reporting, and finding a place to go on after a mistake.</content>
public sealed partial class QueryParser
{
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
        _lostBrackets |= token.Has(TokenFlags.Unclosed);
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
        else if (_lostBrackets || Current.Has(TokenFlags.Unclosed))
        {
            _reportedAt = _position;
        }
        else
        {
            Report(EqlDiagnostics.UnclosedBracket(open, isSquare ? '[' : '(', isSquare ? ']' : ')'));
        }
    }

    private void ReportStrayBracket()
    {
        char close = _text[Current.Span.Start];
        if (!_lostBrackets)
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
            case TokenKind.Field or TokenKind.String or TokenKind.Number or TokenKind.True or TokenKind.False or TokenKind.Null or TokenKind.Not
                or TokenKind.OpenParenthesis or TokenKind.Question or TokenKind.Exclamation:
                Report(EqlDiagnostics.MissingOperator(Current.Span, ShownCurrent()));
                break;
            default:
                Report(EqlDiagnostics.Unexpected(Current.Span, ShownCurrent()));
                break;
        }
    }

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
