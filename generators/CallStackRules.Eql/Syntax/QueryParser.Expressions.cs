using CallStackRules.Eql.Diagnostics;

namespace CallStackRules.Eql.Syntax;

/// <content>Expressions, loosest operator first.</content>
public sealed partial class QueryParser
{
    /// <summary>How many expressions the one being read is inside of.</summary>
    private int _depth;

    /// <summary>How many levels the expression last read has.</summary>
    private int _height;

    /// <summary>Whether this step or query was found to nest too deeply. What is left of it may still do so.</summary>
    private bool _isTooDeep;

    /// <summary>Reads the whole condition of an event, whatever mistakes are in it.</summary>
    private ExpressionSyntax ReadCondition() => ReadRest(ReadExpression(), TokenKind.End);

    /// <summary>Reads what is between a complete expression and the token that should follow, all of it a mistake, to go on with the next <c>and</c> or <c>or</c>.</summary>
    private ExpressionSyntax ReadRest(ExpressionSyntax expression, TokenKind closer)
    {
        int height = _height;
        List<ExpressionSyntax> operands = [expression];
        while (Current.Kind != closer && !AtRegionEnd)
        {
            bool isBracket = Current.Kind is TokenKind.CloseParenthesis or TokenKind.CloseBracket;
            if (isBracket && closer != TokenKind.End)
                break;
            ReportUnexpected();
            if (isBracket)
                AdvanceReported();
            SkipUntil(TokenKind.And, TokenKind.Or, closer);
            if (Current.Kind is TokenKind.And or TokenKind.Or)
            {
                Advance();
                operands.Add(ReadExpression());
                height = Math.Max(height, _height);
            }
        }

        _height = height;
        return operands.Count == 1 ? expression : ToLogical(isAnd: true, operands, height);
    }

    private ExpressionSyntax ReadExpression()
    {
        if (_depth >= MaxDepth)
            return ReportTooDeep(Current.Span.Start);
        _depth++;
        ExpressionSyntax expression = ReadChain(isAnd: false);
        _depth--;
        return expression;
    }

    /// <summary>Reads a chain of <c>or</c>, or of <c>and</c>.</summary>
    private ExpressionSyntax ReadChain(bool isAnd)
    {
        TokenKind separator = isAnd ? TokenKind.And : TokenKind.Or;
        ExpressionSyntax first = isAnd ? ReadNot() : ReadChain(isAnd: true);
        if (Current.Kind != separator)
            return first;

        int height = _height;
        List<ExpressionSyntax> operands = [first];
        while (Current.Kind == separator)
        {
            Advance();
            operands.Add(isAnd ? ReadNot() : ReadChain(isAnd: true));
            height = Math.Max(height, _height);
        }

        return ToLogical(isAnd, operands, height);
    }

    private ExpressionSyntax ToLogical(bool isAnd, IReadOnlyList<ExpressionSyntax> operands, int height) =>
        Grow(new LogicalSyntax(operands[0].Span.To(operands[operands.Count - 1].Span), isAnd, operands), height);

    private ExpressionSyntax ReadNot()
    {
        int first = _position;
        while (Current.Kind == TokenKind.Not)
            Advance();
        int end = _position;

        ExpressionSyntax operand = ReadComparison();
        for (int i = end - 1; i >= first && operand is not MissingExpressionSyntax; i--)
            operand = Grow(new NotSyntax(_tokens[i].Span.To(operand.Span), operand), _height);
        return operand;
    }

    private static bool IsComparison(TokenKind kind) => ToComparison(kind) is not null || ToMatch(kind) is not null;

    private static BinaryOperator? ToComparison(TokenKind kind) => kind switch
    {
        TokenKind.Equal or TokenKind.Assign => BinaryOperator.Equal,
        TokenKind.NotEqual => BinaryOperator.NotEqual,
        TokenKind.Less => BinaryOperator.Less,
        TokenKind.LessOrEqual => BinaryOperator.LessOrEqual,
        TokenKind.Greater => BinaryOperator.Greater,
        TokenKind.GreaterOrEqual => BinaryOperator.GreaterOrEqual,
        _ => null,
    };

    private static MatchOperator? ToMatch(TokenKind kind) => kind switch
    {
        TokenKind.Colon => MatchOperator.Colon,
        TokenKind.In => MatchOperator.In,
        TokenKind.Like => MatchOperator.Like,
        TokenKind.Regex => MatchOperator.Regex,
        _ => null,
    };

    private ExpressionSyntax ReadComparison()
    {
        ExpressionSyntax left = ReadSum();
        for (int count = 0; ; count++)
        {
            int height = _height;
            bool isNegated = Current.Kind == TokenKind.Not && ToMatch(Next.Kind) is not null;
            TokenKind op = isNegated ? Next.Kind : Current.Kind;
            if (!IsComparison(op))
                return left;

            if (count == 1)
                Report(EqlDiagnostics.ChainedComparison(Current.Span));
            ExpressionSyntax comparison = ToComparison(op) is { } kind ? ReadBinary(left, kind, ReadSum) : ReadMatch(left, isNegated);
            left = Grow(comparison, Math.Max(height, _height));
        }
    }

    private BinarySyntax ReadBinary(ExpressionSyntax left, BinaryOperator op, Func<ExpressionSyntax> readRight)
    {
        if (Current.Kind == TokenKind.Assign)
            ReportAssign();
        TextSpan operatorSpan = Advance().Span;
        ExpressionSyntax right = readRight();
        return new(left.Span.To(right.Span), op, operatorSpan, left, right);
    }

    private MatchSyntax ReadMatch(ExpressionSyntax left, bool isNegated)
    {
        TextSpan operatorSpan = Current.Span;
        if (isNegated)
        {
            if (Next.Kind != TokenKind.In)
                Report(EqlDiagnostics.NotBeforeOperator(Current.Span.To(Next.Span), Shown.Text(_text, Next.Span)));
            Advance();
        }

        Token op = Advance();
        operatorSpan = operatorSpan.To(op.Span);
        List<ExpressionSyntax> items = [];
        bool isList = Current.Kind == TokenKind.OpenParenthesis || IsListInBrackets;
        if (isList)
            ReadList(items);
        else
            items.Add(ReadSum());
        TextSpan span = isList ? left.Span.To(PreviousSpan) : left.Span.To(items[0].Span);
        return new(span, left, ToMatch(op.Kind)!.Value, operatorSpan, items)
        {
            IsInsensitive = op.Has(TokenFlags.Tilde),
            IsNegated = isNegated,
            IsList = isList,
        };
    }

    /// <summary>Whether the square bracket behind an operator begins a list, and not the next step.</summary>
    private bool IsListInBrackets => Current.Kind == TokenKind.OpenBracket && IsValueStart(Next.Kind) && _tokens[_position + 2].Kind != TokenKind.Where;

    /// <summary>Reads <c>("a", "b")</c> behind an operator; the current token is the bracket.</summary>
    private void ReadList(List<ExpressionSyntax> items)
    {
        bool isSquare = Current.Kind == TokenKind.OpenBracket;
        TokenKind closer = isSquare ? TokenKind.CloseBracket : TokenKind.CloseParenthesis;
        if (isSquare)
            Report(EqlDiagnostics.ListInBrackets(Current.Span));
        TextSpan open = Advance().Span;
        _height = 0;
        if (Current.Kind == closer)
            Report(EqlDiagnostics.EmptyList(open.To(Current.Span)));
        else
            ReadItems(items, closer, ReadSum);
        CloseBracket(open);
    }

    /// <summary>Reads values separated by commas up to the token that ends them, or to a place that shows that it is missing.</summary>
    private void ReadItems(List<ExpressionSyntax> items, TokenKind closer, Func<ExpressionSyntax> readItem)
    {
        int height = 0;
        while (true)
        {
            items.Add(readItem());
            height = Math.Max(height, _height);
            if (IsLogicalBetweenItems(closer))
            {
                Report(EqlDiagnostics.LogicalInList(Current.Span, ShownCurrent()));
                Advance();
                continue;
            }

            if (Current.Kind != closer && !AtRegionEnd && Current.Kind is not (TokenKind.Comma or TokenKind.And or TokenKind.Or))
            {
                if (IsValueStart(Current.Kind))
                {
                    Report(EqlDiagnostics.MissingComma(Current.Span, ShownCurrent()));
                    continue;
                }

                bool isWrongBracket = closer != TokenKind.Pipe && Current.Kind is (TokenKind.CloseParenthesis or TokenKind.CloseBracket);
                if (isWrongBracket)
                    break;
                ReportUnexpected();
                SkipUntil(closer, TokenKind.Comma, TokenKind.And, TokenKind.Or);
            }

            if (Current.Kind != TokenKind.Comma)
                break;
            Token comma = Advance();
            if (Current.Kind == closer)
            {
                if (items[items.Count - 1] is not MissingExpressionSyntax)
                    Report(EqlDiagnostics.TrailingComma(comma.Span));
                break;
            }
        }

        _height = height;
    }

    /// <summary>Whether an <c>or</c> or <c>and</c> stands where a comma should; before a whole condition it rather shows that the list was not closed.</summary>
    private bool IsLogicalBetweenItems(TokenKind closer)
    {
        if (Current.Kind is not (TokenKind.And or TokenKind.Or) || Next.Kind is not (TokenKind.String or TokenKind.Number))
            return false;
        TokenKind behind = _tokens[_position + 2].Kind;
        return behind == closer || behind is TokenKind.Comma or TokenKind.And or TokenKind.Or;
    }

    private static bool IsValueStart(TokenKind kind) => kind is TokenKind.Field or TokenKind.String or TokenKind.Number or TokenKind.True or TokenKind.False
        or TokenKind.Null or TokenKind.OpenParenthesis or TokenKind.Question;

    private ExpressionSyntax ReadSum()
    {
        ExpressionSyntax left = ReadProduct();
        while (Current.Kind is TokenKind.Plus or TokenKind.Minus)
        {
            int height = _height;
            left = ReadBinary(left, Current.Kind == TokenKind.Plus ? BinaryOperator.Add : BinaryOperator.Subtract, ReadProduct);
            left = Grow(left, Math.Max(height, _height));
        }

        return left;
    }

    private ExpressionSyntax ReadProduct()
    {
        ExpressionSyntax left = ReadUnary();
        while (Current.Kind is TokenKind.Star or TokenKind.Slash or TokenKind.Percent)
        {
            int height = _height;
            BinaryOperator op = Current.Kind switch
            {
                TokenKind.Star => BinaryOperator.Multiply,
                TokenKind.Slash => BinaryOperator.Divide,
                _ => BinaryOperator.Modulo,
            };
            left = ReadBinary(left, op, ReadUnary);
            left = Grow(left, Math.Max(height, _height));
        }

        return left;
    }

    private ExpressionSyntax ReadUnary()
    {
        int first = _position;
        while (Current.Kind is TokenKind.Minus or TokenKind.Plus)
            Advance();
        int sign = _position - 1;

        // A minus belongs to the number behind it, or the smallest integer could not be written.
        bool isNegativeNumber = sign >= first && _tokens[sign].Kind == TokenKind.Minus && Current.Kind == TokenKind.Number;
        ExpressionSyntax operand = isNegativeNumber ? ReadNumber(_tokens[sign--]) : ReadPrimary();
        for (; sign >= first && operand is not MissingExpressionSyntax; sign--)
        {
            if (_tokens[sign].Kind == TokenKind.Minus)
                operand = Grow(new NegateSyntax(_tokens[sign].Span.To(operand.Span), operand), _height);
        }

        return operand;
    }

    private LiteralSyntax ReadNumber(Token? minus)
    {
        _height = 1;
        Token number = Advance();
        TextSpan span = minus is { } sign ? sign.Span.To(number.Span) : number.Span;
        object? value = number.Number;
        if (value is null && minus is not null && _text.Substring(number.Span.Start, number.Span.Length) == "9223372036854775808")
            return new(span, long.MinValue);
        if (number.Text.Length > 0)
            ReportPlain(EqlDiagnostics.MalformedNumber(number.Span, Shown.Text(_text, number.Span)));
        else if (value is null)
            ReportPlain(EqlDiagnostics.NumberTooLarge(span));
        return new(span, value switch
        {
            long integer when minus is not null => -integer,
            double real when minus is not null => -real,
            null => 0L,
            _ => value,
        });
    }

    private ExpressionSyntax ReadPrimary()
    {
        _height = 1;
        Token token = Current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                return ReadNumber(minus: null);
            case TokenKind.String:
                return new LiteralSyntax(Advance().Span, token.Text);
            case TokenKind.True or TokenKind.False:
                return new LiteralSyntax(Advance().Span, token.Kind == TokenKind.True);
            case TokenKind.Null:
                return new LiteralSyntax(Advance().Span, null);
            case TokenKind.Question:
                return ReadOptionalField();
            case TokenKind.Exclamation when !AtRegionEnd:
                return ReadExclamation();
            case TokenKind.OpenParenthesis:
                return ReadParenthesized();
            case TokenKind.Field when Next.Kind == TokenKind.OpenParenthesis:
                return ReadCall();
            case TokenKind.Field when Next.IsWord("of") && token.IsWord("descendant"):
                return ReadLineage(LineageRelation.Descendant);
            case TokenKind.Field when Next.IsWord("of") && token.IsWord("child"):
                return ReadLineage(LineageRelation.Child);
            case TokenKind.Field when Next.IsWord("of") && token.IsWord("event"):
                return ReadLineage(LineageRelation.Event);
            case TokenKind.Field:
                if (token.Has(TokenFlags.Tilde))
                    Report(EqlDiagnostics.StrayTilde(new(token.Span.End - 1, 1)));
                Advance();
                return ToField(token, token.Span, isOptional: false);
            default:
                return ReportMissingValue();
        }
    }

    private static FieldSyntax ToField(Token token, TextSpan span, bool isOptional)
    {
        string path = token.Text;
        if (path.Length == 0 || path[0] != '$')
            return new(span, path) { IsOptional = isOptional };
        int dot = path.IndexOf('.');
        return dot < 0
            ? new(span, "") { IsOptional = isOptional, Variable = path }
            : new(span, path.Substring(dot + 1)) { IsOptional = isOptional, Variable = path.Substring(0, dot) };
    }

    /// <summary>Says what is wrong where a value should begin.</summary>
    private MissingExpressionSyntax ReportMissingValue()
    {
        Token token = Current;
        MissingExpressionSyntax missing = new(new(PreviousSpan.End, 0));
        if (AtRegionEnd || IsStepStart || IsClauseStart
            || token.Kind is TokenKind.And or TokenKind.Or or TokenKind.CloseParenthesis or TokenKind.CloseBracket or TokenKind.Comma)
            Report(EqlDiagnostics.MissingValueAfter(PreviousSpan, ShownPrevious()));
        else if (token.Kind == TokenKind.Not)
            Report(EqlDiagnostics.NotAsValue(token.Span));
        else if (token.Kind is TokenKind.In or TokenKind.Like or TokenKind.Regex or TokenKind.Where or TokenKind.By or TokenKind.With or TokenKind.Until)
            Report(EqlDiagnostics.KeywordAsValue(token.Span, token.Text));
        else
            Report(EqlDiagnostics.ExpectedValue(token.Span, ShownCurrent()));

        // Nor is it an operator between this value and another.
        if (token.Kind is TokenKind.Star or TokenKind.Slash or TokenKind.Percent)
            AdvanceReported();
        return missing;
    }

    private ExpressionSyntax ReadOptionalField()
    {
        Token question = Advance();
        Token token = Current;
        if (token.Kind == TokenKind.Field)
        {
            Advance();
            return ToField(token, question.Span.To(token.Span), isOptional: true);
        }

        if (token.Kind == TokenKind.String)
        {
            Report(EqlDiagnostics.LegacyRawString(question.Span.To(token.Span)));
            return new LiteralSyntax(question.Span.To(Advance().Span), token.Text);
        }

        Report(EqlDiagnostics.NameAfterQuestion(question.Span));
        return new MissingExpressionSyntax(question.Span);
    }

    private ExpressionSyntax ReadExclamation()
    {
        TextSpan span = Current.Span;
        Report(EqlDiagnostics.ForeignOperator(span, "!", "'not'"));
        while (Current.Kind == TokenKind.Exclamation)
            Advance();
        ExpressionSyntax operand = ReadPrimary();
        return Grow(new NotSyntax(span.To(operand.Span), operand), _height);
    }

    private ExpressionSyntax ReadParenthesized()
    {
        TextSpan open = Advance().Span;
        ExpressionSyntax inner = ReadExpression();
        if (Current.Kind == TokenKind.Comma)
        {
            Report(EqlDiagnostics.ListNotAllowed(Current.Span));
            SkipUntil(TokenKind.CloseParenthesis);
        }

        inner = ReadRest(inner, TokenKind.CloseParenthesis);
        CloseBracket(open);
        return Grow(new ParenthesizedSyntax(SpanFrom(open.Start), inner), _height);
    }

    private ExpressionSyntax ReadCall()
    {
        Token name = Advance();
        bool isInsensitive = name.Has(TokenFlags.Tilde);
        TextSpan nameSpan = isInsensitive ? new(name.Span.Start, name.Span.Length - 1) : name.Span;
        TextSpan open = Advance().Span;
        List<ExpressionSyntax> arguments = [];
        _height = 0;
        if (Current.Kind != TokenKind.CloseParenthesis)
            ReadItems(arguments, TokenKind.CloseParenthesis, ReadExpression);
        CloseBracket(open);
        return Grow(new CallSyntax(SpanFrom(name.Span.Start), new(nameSpan, name.Text), isInsensitive, arguments), _height);
    }

    private ExpressionSyntax ReadLineage(LineageRelation relation)
    {
        TextSpan words = Advance().Span.To(Advance().Span);
        if (Current.Kind != TokenKind.OpenBracket)
        {
            Report(EqlDiagnostics.MissingStepAfter(words, Shown.Text(_text, words)));
            return new MissingExpressionSyntax(words);
        }

        EventFilterSyntax filter = ReadBracketedFilter();
        return Grow(new LineageSyntax(SpanFrom(words.Start), relation, filter), _height);
    }

    /// <summary>Gives the expression last read its height, or gives it up when that is too much.</summary>
    private ExpressionSyntax Grow(ExpressionSyntax expression, int innerHeight)
    {
        _height = innerHeight + 1;
        return _height <= MaxDepth ? expression : ReportTooDeep(expression.Span.Start);
    }

    /// <summary>Gives the one message about depth and passes over the rest of the condition: parts of it would give the same message again.</summary>
    private MissingExpressionSyntax ReportTooDeep(int start)
    {
        if (!_isTooDeep)
            Report(EqlDiagnostics.TooDeep(Current.Kind == TokenKind.End ? PreviousSpan : Current.Span, MaxDepth));
        _isTooDeep = true;
        SkipUntil();
        _height = 1;
        return new(SpanFrom(start));
    }
}
