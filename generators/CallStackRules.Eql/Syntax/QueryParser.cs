using CallStackRules.Eql.Diagnostics;

namespace CallStackRules.Eql.Syntax;

/// <summary>
/// Reads queries by recursive descent. A mistake gives one message at its place; reading goes on behind it, at the latest at the end of the step or query it is in,
/// so that independent mistakes are all found at once.
/// </summary>
public sealed partial class QueryParser
{
    /// <summary>
    /// How deep an expression may nest, chains of <c>+ - * / %</c> and repeated <c>not</c> and <c>-</c> included, so that whoever walks the tree recursively is safe.
    /// Chains of <c>and</c> and <c>or</c> are flat and may be of any length.
    /// </summary>
    public const int MaxDepth = 200;

    private readonly string _text;
    private readonly Token[] _tokens;
    private readonly IReadOnlyList<TextSpan> _doubtful;
    private readonly List<EqlDiagnostic> _diagnostics;
    private int _position;

    /// <summary>The token at which the last message was given: a second one there would be about the same mistake.</summary>
    private int _reportedAt = -1;

    /// <summary>How many square brackets are open.</summary>
    private int _brackets;

    private QueryParser(string text, Lexer.Result tokens)
    {
        _text = text;
        _tokens = tokens.Tokens;
        _doubtful = tokens.Doubtful;
        _diagnostics = tokens.Diagnostics;
    }

    private ref readonly Token Current => ref _tokens[_position];

    private ref readonly Token Next => ref _tokens[Math.Min(_position + 1, _tokens.Length - 1)];

    private TextSpan PreviousSpan => _position > 0 ? _tokens[_position - 1].Span : new(Current.Span.Start, 0);

    /// <summary>Reads a query that stands alone, without the tags of a rule file.</summary>
    /// <returns>The query, null only when there is nothing to make one of, and what is wrong with it, ordered by place.</returns>
    public static (QuerySyntax? Query, IReadOnlyList<EqlDiagnostic> Diagnostics) ParseQuery(string text) => ParseQuery(text, Lexer.Tokenize(text));

    internal static (QuerySyntax? Query, IReadOnlyList<EqlDiagnostic> Diagnostics) ParseQuery(string text, Lexer.Result tokens)
    {
        QueryParser parser = new(text, tokens);
        QuerySyntax? query = parser.ReadQuery();
        return (query, [.. parser._diagnostics.OrderBy(diagnostic => diagnostic.Span.Start)]);
    }

    private QuerySyntax? ReadQuery()
    {
        if (Current.Kind == TokenKind.End)
        {
            Report(EqlDiagnostics.EmptyQuery(Current.Span));
            return null;
        }

        if (Next.Kind != TokenKind.Where)
        {
            if (Current.IsWord("sequence"))
                return ReadSequence();
            if (Current.IsWord("sample"))
                return ReadSample();
            if (Current.IsWord("join"))
                return ReadJoin();
        }

        EventFilterSyntax filter = ReadEventFilter();
        IReadOnlyList<PipeSyntax> pipes = ReadPipes();
        return new EventQuerySyntax(SpanFrom(filter.Span.Start), filter, pipes);
    }

    /// <summary>Reads <c>category where condition</c>.</summary>
    private EventFilterSyntax ReadEventFilter()
    {
        Token first = Current;
        if (!IsCategory())
            return ReadFilterWithoutCategory();

        Advance();
        if (Current.Kind == TokenKind.Where)
            Advance();
        else
            ReportMissingWhere(first);
        ExpressionSyntax condition = ReadCondition();
        return new(SpanFrom(first.Span.Start), new(first.Span, first.Text), condition) { IsAnyCategory = first.IsWord("any") };
    }

    /// <summary>A condition alone is checked like one of any category.</summary>
    private EventFilterSyntax ReadFilterWithoutCategory()
    {
        Report(EqlDiagnostics.MissingCategory(AtRegionEnd ? PreviousSpan : Current.Span));
        int first = Current.Span.Start;
        if (Current.Kind == TokenKind.Where)
            Advance();
        ExpressionSyntax condition = ReadCondition();
        int start = Math.Min(first, condition.Span.Start);
        return new(SpanFrom(start), new(new(start, 0), ""), condition) { IsAnyCategory = true };
    }

    /// <summary>Whether a category stands here, or something that can only be one whose <c>where</c> was forgotten.</summary>
    private bool IsCategory() => (Current.Kind == TokenKind.String || Current.IsSimpleName) && Next.Kind switch
    {
        TokenKind.Where or TokenKind.Field or TokenKind.Question or TokenKind.True or TokenKind.False or TokenKind.End or TokenKind.CloseBracket => true,
        TokenKind.OpenParenthesis => Next.Span.Start > Current.Span.End,
        TokenKind.Not => IsNotOfCondition,
        _ => false,
    };

    /// <summary>Whether the next token is a <c>not</c> that begins a condition, and not one of <c>not in</c>.</summary>
    private bool IsNotOfCondition => Next.Kind == TokenKind.Not && ToMatch(_tokens[_position + 2].Kind) is null;

    private void ReportMissingWhere(Token category)
    {
        Report(EqlDiagnostics.MissingWhere(AtRegionEnd ? category.Span : Current.Span, Shown.Text(_text, category.Span)));
        bool isMisspelt = Current.IsSimpleName && (Next.Kind is TokenKind.Field or TokenKind.True or TokenKind.False || IsNotOfCondition);
        if (isMisspelt)
            AdvanceReported();
    }

    private List<PipeSyntax> ReadPipes()
    {
        List<PipeSyntax> pipes = [];
        while (Current.Kind == TokenKind.Pipe)
        {
            TextSpan bar = Advance().Span;
            if (!Current.IsSimpleName)
            {
                Report(EqlDiagnostics.MissingPipeName(bar));
                SkipUntil(TokenKind.Pipe);
                continue;
            }

            Token name = Advance();
            List<ExpressionSyntax> arguments = [];
            if (!AtRegionEnd)
                ReadItems(arguments, TokenKind.Pipe, name.IsWord("window") ? ReadWindowArgument : ReadExpression);
            pipes.Add(new(SpanFrom(bar.Start), new(name.Span, name.Text), arguments));
        }

        return pipes;
    }

    /// <summary>Reads a value, or a length of time as in <c>30s</c>, which is its milliseconds.</summary>
    private ExpressionSyntax ReadWindowArgument()
    {
        if (Current.Kind != TokenKind.Number || Current.Text.Length == 0)
            return ReadExpression();
        _height = 1;
        int start = Current.Span.Start;
        return ReadTimeSpan() is { } length
            ? new LiteralSyntax(length.Span, (long)length.Value.TotalMilliseconds)
            : new MissingExpressionSyntax(SpanFrom(start));
    }
}
