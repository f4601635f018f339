using CallStackRules.Eql.Diagnostics;

namespace CallStackRules.Eql.Syntax;

/// <content>Sequences, samples and joins: steps and their clauses.</content>
public sealed partial class QueryParser
{
    private const int MaxRuns = 100;
    private static readonly TimeSpan MaxMaxSpan = TimeSpan.FromDays(3650);

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
                CheckClause("by", isRepeated: hasKeys);
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

            CheckClause("maxspan", isRepeated: maxSpan is not null, forbiddenBy: allowsMaxSpan ? null : $"a {kind}");
            Advance();
            maxSpan = ReadMaxSpan() ?? maxSpan;
        }

        List<StepSyntax> steps = [];
        StepSyntax? until = null;
        while (Current.Kind is not (TokenKind.Pipe or TokenKind.End))
        {
            if (Current.Kind == TokenKind.Until)
            {
                CheckClause("until", isRepeated: until is not null, forbiddenBy: allowsUntil ? null : $"a {kind}");
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
        if (kind == "sequence" && _diagnostics.Count == 0 && steps.Count == 0)
            _diagnostics.Add(EqlDiagnostics.NoSteps(keyword));
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
        else if (ShownCurrent() == "maxspan")
            Report(EqlDiagnostics.MissingWith(Current.Span));
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
        string? untilAlone = isUntil ? "'until'" : null;
        if (isMissing)
        {
            CheckClause("!", isRepeated: false, untilAlone);
            Advance();
        }

        _isTooDeep = false;
        _swallowed.Clear();
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
                CheckClause("by", isRepeated: hasKeys);
                hasKeys = true;
                keys = ReadKeys();
            }
            else if (Current.Kind == TokenKind.With)
            {
                CheckClause("with runs", isRepeated: runsSpan is not null, untilAlone);
                TextSpan with = Advance().Span;
                if (ReadRuns(with) is { } count)
                {
                    runs = count;
                    runsSpan = with.To(PreviousSpan);
                }
            }
            else if (Current.IsWord("as"))
            {
                CheckClause("as", isRepeated: alias is not null, untilAlone ?? (kind == "sequence" ? null : $"a {kind}"));
                alias = ReadAlias() ?? alias;
            }
            else
            {
                break;
            }
        }

        return new(SpanFrom(start), filter, keys) { IsMissing = isMissing, Runs = runs, RunsSpan = runsSpan, Alias = alias };
    }

    /// <summary>Says so when the clause at hand was given before, or does not go with what it belongs to.</summary>
    private void CheckClause(string clause, bool isRepeated, string? forbiddenBy = null)
    {
        if (forbiddenBy is not null)
            Report(EqlDiagnostics.ClauseNotAllowed(Current.Span, clause, forbiddenBy));
        else if (isRepeated)
            Report(EqlDiagnostics.RepeatedClause(Current.Span, clause));
    }

    /// <summary>Reads <c>as name</c>.</summary>
    private NameSyntax? ReadAlias()
    {
        TextSpan word = Advance().Span;
        if (!Current.IsSimpleName)
        {
            Report(EqlDiagnostics.MissingAlias(word));
            return null;
        }

        Token name = Advance();
        return new(name.Span, name.Text);
    }

    /// <summary>Reads <c>[category where condition]</c>; the current token is the bracket.</summary>
    private EventFilterSyntax ReadBracketedFilter()
    {
        TextSpan open = Advance().Span;
        _brackets++;
        EventFilterSyntax filter = ReadEventFilter();
        _brackets--;
        CloseBracket(open);
        return filter;
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
        ReadAssign(EqlDiagnostics.InvalidTimeSpan);
        return ReadTimeSpan();
    }

    /// <summary>Reads <c>30s</c>.</summary>
    private TimeSpanSyntax? ReadTimeSpan()
    {
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
        ReadAssign(span => EqlDiagnostics.InvalidRuns(span, MaxRuns));
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

    /// <summary>Reads the <c>=</c> of <c>maxspan</c> and <c>runs</c>.</summary>
    private void ReadAssign(Func<TextSpan, EqlDiagnostic> message)
    {
        if (Current.Kind == TokenKind.Assign)
            Advance();
        else
            Report(message(PreviousSpan));
        if (Current.Kind == TokenKind.Equal)
            AdvanceReported();
    }

    /// <summary>Passes over a number with a sign, where a plain one is wanted.</summary>
    private void SkipSigned()
    {
        while (Current.Kind is TokenKind.Minus or TokenKind.Plus or TokenKind.Number)
            Advance();
        _reportedAt = _position;
    }
}
