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

    private const int MaxRuns = 100;
    private static readonly TimeSpan MaxMaxSpan = TimeSpan.FromDays(3650);

    private readonly string _text;
    private readonly Token[] _tokens;
    private readonly IReadOnlyList<TextSpan> _doubtful;
    private readonly List<EqlDiagnostic> _diagnostics;
    private int _position;

    /// <summary>The token at which the last message was given: a second one there would be about the same mistake.</summary>
    private int _reportedAt = -1;

    /// <summary>Whether an unclosed string in this step may have swallowed brackets, so that unpaired ones are no news.</summary>
    private bool _lostBrackets;

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

    private SequenceQuerySyntax ReadSequence()
    {
        StepList steps = ReadSteps("sequence", allowsMaxSpan: true, allowsUntil: true);
        IReadOnlyList<PipeSyntax> pipes = ReadPipes();
        return new(SpanFrom(steps.Keyword.Start), steps.Keys, steps.MaxSpan, steps.Steps, steps.Until, pipes);
    }

    private SampleQuerySyntax ReadSample()
    {
        StepList steps = ReadSteps("sample", allowsMaxSpan: false, allowsUntil: false);
        IReadOnlyList<PipeSyntax> pipes = ReadPipes();
        return new(SpanFrom(steps.Keyword.Start), steps.Keys, steps.Steps, pipes);
    }

    private JoinQuerySyntax ReadJoin()
    {
        StepList steps = ReadSteps("join", allowsMaxSpan: false, allowsUntil: true);
        IReadOnlyList<PipeSyntax> pipes = ReadPipes();
        return new(SpanFrom(steps.Keyword.Start), steps.Keys, steps.Steps, steps.Until, pipes);
    }

    /// <param name="Keyword">The word the query begins with.</param>
    /// <param name="Keys">Keys of all steps.</param>
    /// <param name="MaxSpan">How far apart the events may be.</param>
    /// <param name="Steps">The steps.</param>
    /// <param name="Until">What ends pending matches.</param>
    private readonly record struct StepList(
        TextSpan Keyword, IReadOnlyList<KeySyntax> Keys, TimeSpanSyntax? MaxSpan, IReadOnlyList<StepSyntax> Steps, StepSyntax? Until);

    private StepList ReadSteps(string kind, bool allowsMaxSpan, bool allowsUntil)
    {
        TextSpan keyword = Advance().Span;
        IReadOnlyList<KeySyntax> keys = [];
        TimeSpanSyntax? maxSpan = null;
        bool hasKeys = false;
        while (Current.Kind is TokenKind.By or TokenKind.With)
        {
            if (Current.Kind == TokenKind.By)
            {
                if (hasKeys)
                    Report(EqlDiagnostics.RepeatedClause(Current.Span, "by"));
                hasKeys = true;
                keys = ReadKeys();
                continue;
            }

            TextSpan with = Advance().Span;
            if (!Current.IsWord("maxspan"))
            {
                Report(EqlDiagnostics.ExpectedWithClause(with, "maxspan=30s"));
                SkipToStep();
                break;
            }

            if (!allowsMaxSpan)
                Report(EqlDiagnostics.ClauseNotAllowed(Current.Span, "maxspan", $"a {kind}"));
            else if (maxSpan is not null)
                Report(EqlDiagnostics.RepeatedClause(Current.Span, "maxspan"));
            Advance();
            maxSpan = ReadMaxSpan() ?? maxSpan;
        }

        List<StepSyntax> steps = [];
        StepSyntax? until = null;
        while (Current.Kind is not (TokenKind.Pipe or TokenKind.End))
        {
            if (Current.Kind == TokenKind.Until)
            {
                if (until is not null)
                    Report(EqlDiagnostics.RepeatedClause(Current.Span, "until"));
                else if (!allowsUntil)
                    Report(EqlDiagnostics.ClauseNotAllowed(Current.Span, "until", $"a {kind}"));
                Advance();
                StepSyntax? step = ReadStepOrSkip(isUntil: true, kind);
                until ??= step;
            }
            else
            {
                if (until is not null && IsStepStart)
                    Report(EqlDiagnostics.StepAfterUntil(Current.Span));
                if (ReadStepOrSkip(isUntil: false, kind) is { } step)
                    steps.Add(step);
            }
        }

        // After another mistake a step may only seem to be missing.
        if (kind == "sequence" && _diagnostics.Count == 0 && steps.Sum(step => step.Runs) < 2)
            _diagnostics.Add(EqlDiagnostics.TooFewSteps(keyword));
        return new(keyword, keys, maxSpan, steps, until);
    }

    private bool IsStepStart => Current.Kind == TokenKind.OpenBracket || (Current.Kind == TokenKind.Exclamation && Next.Kind == TokenKind.OpenBracket);

    /// <summary>Whether a part of a sequence begins here for certain, although its keyword might be taken for a misnamed field.</summary>
    private bool IsClauseStart => Current.Kind switch
    {
        TokenKind.With => Next.IsWord("maxspan") || Next.IsWord("runs"),
        TokenKind.Until => Next.Kind == TokenKind.OpenBracket,
        _ => false,
    };

    /// <summary>Reads a step; when none stands here says so and goes on to where the next one may begin.</summary>
    private StepSyntax? ReadStepOrSkip(bool isUntil, string kind)
    {
        if (IsStepStart)
            return ReadStep(isUntil, kind);
        if (Current.Kind is TokenKind.Pipe or TokenKind.End or TokenKind.Until)
            Report(EqlDiagnostics.MissingStepAfter(PreviousSpan, ShownPrevious()));
        else if (Current.Kind is TokenKind.CloseBracket or TokenKind.CloseParenthesis)
            ReportStrayBracket();
        else
            Report(EqlDiagnostics.ExpectedStep(Current.Span, ShownCurrent()));
        SkipToStep();
        return null;
    }

    private void SkipToStep()
    {
        while (!IsStepStart && Current.Kind is not (TokenKind.Until or TokenKind.Pipe or TokenKind.End))
            Advance();
    }

    private StepSyntax ReadStep(bool isUntil, string kind)
    {
        int start = Current.Span.Start;
        bool isMissing = Current.Kind == TokenKind.Exclamation;
        if (isMissing)
        {
            if (isUntil)
                Report(EqlDiagnostics.ClauseNotAllowed(Current.Span, "!", "'until'"));
            Advance();
        }

        EventFilterSyntax filter = ReadBracketedFilter();
        IReadOnlyList<KeySyntax> keys = [];
        bool hasKeys = false;
        int runs = 1;
        TextSpan? runsSpan = null;
        NameSyntax? alias = null;
        while (true)
        {
            if (Current.Kind == TokenKind.By)
            {
                if (hasKeys)
                    Report(EqlDiagnostics.RepeatedClause(Current.Span, "by"));
                hasKeys = true;
                keys = ReadKeys();
            }
            else if (Current.Kind == TokenKind.With)
            {
                TextSpan with = Current.Span;
                if (runsSpan is not null)
                    Report(EqlDiagnostics.RepeatedClause(with, "runs"));
                else if (isUntil)
                    Report(EqlDiagnostics.ClauseNotAllowed(with, "with runs", "'until'"));
                Advance();
                if (ReadRuns(with) is { } count)
                {
                    runs = count;
                    runsSpan = with.To(PreviousSpan);
                }
            }
            else if (Current.IsWord("as"))
            {
                TextSpan word = Current.Span;
                if (alias is not null)
                    Report(EqlDiagnostics.RepeatedClause(word, "as"));
                else if (isUntil || kind != "sequence")
                    Report(EqlDiagnostics.ClauseNotAllowed(word, "as", isUntil ? "'until'" : $"a {kind}"));
                Advance();
                if (Current.IsSimpleName)
                {
                    Token name = Advance();
                    alias = new(name.Span, name.Text);
                }
                else
                {
                    Report(EqlDiagnostics.MissingAlias(word));
                }
            }
            else
            {
                break;
            }
        }

        return new(SpanFrom(start), filter, keys) { IsMissing = isMissing, Runs = runs, RunsSpan = runsSpan, Alias = alias };
    }

    /// <summary>Reads <c>[category where condition]</c>; the current token is the bracket.</summary>
    private EventFilterSyntax ReadBracketedFilter()
    {
        bool lostBracketsOutside = _lostBrackets;
        _lostBrackets = false;
        _isTooDeep &= _brackets > 0;
        TextSpan open = Advance().Span;
        _brackets++;
        EventFilterSyntax filter = ReadEventFilter();
        _brackets--;
        CloseBracket(open);
        _lostBrackets = _brackets > 0 && (_lostBrackets || lostBracketsOutside);
        return filter;
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
    private bool IsCategory()
    {
        return (Current.Kind == TokenKind.String || Current.IsSimpleName) && Next.Kind switch
        {
            TokenKind.Where => true,
            TokenKind.OpenParenthesis => Next.Span.Start > Current.Span.End,
            TokenKind.Not => ToMatch(_tokens[_position + 2].Kind) is null,
            TokenKind.Field or TokenKind.Question or TokenKind.True or TokenKind.False or TokenKind.End or TokenKind.CloseBracket => true,
            _ => false,
        };
    }

    private void ReportMissingWhere(Token category)
    {
        Report(EqlDiagnostics.MissingWhere(AtRegionEnd ? category.Span : Current.Span, Shown.Text(_text, category.Span)));
        bool isMisspelt = Current.IsSimpleName && Next.Kind is TokenKind.Field or TokenKind.Not or TokenKind.True or TokenKind.False;
        if (isMisspelt)
            AdvanceReported();
    }

    private List<KeySyntax> ReadKeys()
    {
        List<KeySyntax> keys = [];
        do
        {
            Advance();
            ExpressionSyntax expression = ReadExpression();
            keys.Add(new(expression.Span, expression, expression is FieldSyntax { IsOptional: true }));
        }
        while (Current.Kind == TokenKind.Comma);
        return keys;
    }

    /// <summary>Reads <c>=30s</c>.</summary>
    private TimeSpanSyntax? ReadMaxSpan()
    {
        if (Current.Kind is TokenKind.Assign or TokenKind.Equal)
            Advance();
        int start = Current.Span.Start;
        if (Current.Kind != TokenKind.Number)
        {
            Report(EqlDiagnostics.InvalidTimeSpan(PreviousSpan));
            SkipSigned();
            return null;
        }

        Token number = Advance();
        string unit = number.Text;
        if (unit.Length == 0 && Current.Kind == TokenKind.Field && MillisecondsIn(Current.Text) > 0)
            unit = Advance().Text;
        TextSpan span = SpanFrom(start);
        long milliseconds = MillisecondsIn(unit);
        if (milliseconds == 0 || number.Number is double)
        {
            ReportPlain(EqlDiagnostics.InvalidTimeSpan(span));
            return null;
        }

        if (number.Number is not long count || count == 0 || count > (long)MaxMaxSpan.TotalMilliseconds / milliseconds)
        {
            ReportPlain(EqlDiagnostics.TimeSpanOutOfRange(span, (int)MaxMaxSpan.TotalDays));
            return null;
        }

        return new(span, TimeSpan.FromMilliseconds(count * milliseconds));
    }

    private static long MillisecondsIn(string unit) => unit switch
    {
        "ms" => 1,
        "s" => 1000,
        "m" => 60 * 1000,
        "h" => 60 * 60 * 1000,
        "d" => 24 * 60 * 60 * 1000,
        _ => 0,
    };

    /// <summary>Reads <c>runs=N</c> behind <c>with</c>.</summary>
    private int? ReadRuns(TextSpan with)
    {
        if (Current.IsWord("maxspan"))
        {
            Report(EqlDiagnostics.MaxSpanOnStep(Current.Span));
            Advance();
            ReadMaxSpan();
            return null;
        }

        if (!Current.IsWord("runs"))
        {
            Report(EqlDiagnostics.ExpectedWithClause(with, "runs=N"));
            return null;
        }

        TextSpan word = Advance().Span;
        if (Current.Kind is TokenKind.Assign or TokenKind.Equal)
            Advance();
        if (Current.Kind != TokenKind.Number)
        {
            Report(EqlDiagnostics.InvalidRuns(word.To(PreviousSpan), MaxRuns));
            SkipSigned();
            return null;
        }

        Token number = Advance();
        if (number.Number is long count and >= 1 and <= MaxRuns && number.Text.Length == 0)
            return (int)count;
        ReportPlain(EqlDiagnostics.InvalidRuns(number.Span, MaxRuns));
        return null;
    }

    /// <summary>Passes over a number with a sign, where a plain one is wanted.</summary>
    private void SkipSigned()
    {
        while (Current.Kind is TokenKind.Minus or TokenKind.Plus or TokenKind.Number)
            Advance();
        _reportedAt = _position;
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
                ReadItems(arguments, TokenKind.Pipe, ReadExpression);
            pipes.Add(new(SpanFrom(bar.Start), new(name.Span, name.Text), arguments));
        }

        return pipes;
    }
}
