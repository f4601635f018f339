using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Schema;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Binding;

/// <content>Sequences, samples, joins and pipes.</content>
public sealed partial class Binder
{
    private BoundStepsQuery BindSteps(
        QuerySyntax query, StepsKind kind, IReadOnlyList<KeySyntax> sharedKeys, IReadOnlyList<StepSyntax> steps, StepSyntax? until, TimeSpan? maxSpan)
    {
        string word = kind.ToString().ToLowerInvariant();
        var bound = new List<BoundStep>(steps.Count);
        var pending = new List<(string Name, int Step)>();
        for (int i = 0; i < steps.Count; i++)
        {
            StepSyntax step = steps[i];
            if (kind == StepsKind.Sequence)
            {
                _aliases.Clear();
                _aliases.AddRange(pending);
            }
            bound.Add(BindStep(step, sharedKeys));
            CheckStep(step, kind, word, maxSpan, pending);
            if (step.Alias is { } alias && !step.IsMissing && kind == StepsKind.Sequence)
                pending.Add((alias.Text, i));
        }
        _aliases.Clear();

        BoundStep? boundUntil = until is null ? null : BindStep(until, sharedKeys);
        if (kind == StepsKind.Sample && sharedKeys.Count == 0 && !steps.All(step => step.Keys.Count > 0))
            Report(EqlDiagnostics.BadSteps(query.Span, "A sample needs 'by': events are told to belong together by their keys."));
        if (kind != StepsKind.Sequence && steps.Count < 2)
            Report(EqlDiagnostics.BadSteps(query.Span, $"A {word} needs two filters or more."));
        if (kind == StepsKind.Sequence && steps.Count > 0 && steps.All(step => step.IsMissing))
            Report(EqlDiagnostics.BadSteps(query.Span, "A sequence needs a step that is not missing: something has to happen."));
        CheckKeyCounts(bound, boundUntil, steps, until);
        return new BoundStepsQuery(query.Span, kind, bound, boundUntil, maxSpan, BindPipes(query.Pipes, pending, steps.Count, bound.FindIndex(static step => !step.IsMissing)));
    }

    private BoundStep BindStep(StepSyntax step, IReadOnlyList<KeySyntax> sharedKeys)
    {
        BoundFilter filter = BindFilter(step.Filter);
        var keys = new List<BoundKey>(sharedKeys.Count + step.Keys.Count);
        foreach (KeySyntax key in sharedKeys)
            keys.Add(BindKey(key));
        foreach (KeySyntax key in step.Keys)
            keys.Add(BindKey(key));
        return new BoundStep(step.Span, filter, keys, step.IsMissing, step.Runs, step.Alias?.Text);
    }

    private BoundKey BindKey(KeySyntax key)
    {
        // A shared key is bound once a step; its mistakes are reported once.
        int before = _diagnostics.Count;
        BoundExpression value = BindValue(key.Expression);
        if (value.Type == BoundType.Object)
            Report(EqlDiagnostics.OperandType(value.Span, "by", "a value", Describe(value)));
        for (int i = _diagnostics.Count - 1; i >= before; i--)
        {
            if (_diagnostics.IndexOf(_diagnostics[i]) < i)
                _diagnostics.RemoveAt(i);
        }
        return new BoundKey(value, key.IsOptional);
    }

    private void CheckStep(StepSyntax step, StepsKind kind, string word, TimeSpan? maxSpan, List<(string Name, int Step)> earlier)
    {
        if (step.IsMissing && kind != StepsKind.Sequence)
            Report(EqlDiagnostics.BadSteps(step.Span, $"Only a sequence can ask for a missing event; a {word} has no order in which it could be missing."));
        else if (step.IsMissing && maxSpan is null)
            Report(EqlDiagnostics.BadSteps(step.Span, "A missing event needs 'with maxspan=..': only a limit tells when it did not come."));
        if (step.IsMissing && step.Runs > 1)
            Report(EqlDiagnostics.BadSteps(step.RunsSpan ?? step.Span, "A missing event cannot have 'runs': it never happens."));
        if (step.Runs > 1 && kind != StepsKind.Sequence)
            Report(EqlDiagnostics.BadSteps(step.RunsSpan ?? step.Span, $"'runs' belongs to sequences, not to a {word}."));
        if (step.Alias is not { } alias)
            return;
        if (step.IsMissing)
            Report(EqlDiagnostics.BadAlias(alias.Span, "A missing event has no fields, so it cannot have a name."));
        else if (earlier.Exists(other => other.Name == alias.Text))
            Report(EqlDiagnostics.BadAlias(alias.Span, $"Another step is named '{alias.Text}' already."));
    }

    private void CheckKeyCounts(List<BoundStep> bound, BoundStep? boundUntil, IReadOnlyList<StepSyntax> steps, StepSyntax? until)
    {
        if (bound.Count == 0)
            return;
        int expected = bound[0].Keys.Count;
        for (int i = 1; i < bound.Count; i++)
        {
            if (bound[i].Keys.Count != expected)
                Report(EqlDiagnostics.KeyCount(steps[i].Span, expected, bound[i].Keys.Count));
        }
        if (boundUntil is not null && boundUntil.Keys.Count != expected)
            Report(EqlDiagnostics.KeyCount(until!.Span, expected, boundUntil.Keys.Count));
    }

    private IReadOnlyList<BoundPipe> BindPipes(IReadOnlyList<PipeSyntax> pipes, IReadOnlyList<(string Name, int Step)> aliases, int steps = 1, int first = 0)
    {
        _pipeSteps = steps;
        _pipeFirst = Math.Max(first, 0);
        _aliases.Clear();
        _aliases.AddRange(aliases);
        var bound = new List<BoundPipe>(pipes.Count);
        foreach (PipeSyntax pipe in pipes)
        {
            if (BindPipe(pipe) is { } one)
                bound.Add(one);
        }
        _aliases.Clear();
        _pipeSteps = 0;
        return bound;
    }

    private BoundPipe? BindPipe(PipeSyntax pipe)
    {
        switch (pipe.Name.Text.ToLowerInvariant())
        {
            case "head":
                return BindCountPipe(pipe, PipeKind.Head);
            case "tail":
                return BindCountPipe(pipe, PipeKind.Tail);
            case "filter":
                if (!CheckArguments(pipe, 1, 1, "one condition"))
                    return null;
                return new BoundPipe(pipe.Span, PipeKind.Filter, 0, [BindCondition(pipe.Arguments[0])]);
            case "unique":
                return BindValuesPipe(pipe, PipeKind.Unique, least: 1);
            case "sort":
                return BindValuesPipe(pipe, PipeKind.Sort, least: 1);
            case "count":
                return BindValuesPipe(pipe, PipeKind.Count, least: 0);
            case "unique_count":
                return BindValuesPipe(pipe, PipeKind.UniqueCount, least: 1);
            case "window":
                if (pipe.Arguments.Count > 0 && pipe.Arguments[0] is not (LiteralSyntax { Value: long } or MissingExpressionSyntax))
                    Report(EqlDiagnostics.BadPipe(pipe.Arguments[0].Span, "'window' takes a length of time, as in 5m, and then values."));
                return BindValuesPipe(pipe, PipeKind.Window, least: 1);
            default:
                string? suggestion = Spelling.Closest(pipe.Name.Text, ["head", "tail", "filter", "unique", "sort", "count", "unique_count", "window"]);
                Report(EqlDiagnostics.BadPipe(
                    pipe.Name.Span, $"There is no pipe '{pipe.Name.Text}'." + (suggestion is null ? "" : $" Did you mean '{suggestion}'?")));
                return null;
        }
    }

    private BoundPipe? BindCountPipe(PipeSyntax pipe, PipeKind kind)
    {
        if (!CheckArguments(pipe, 0, 1, "a whole number"))
            return null;
        long count = 50;
        if (pipe.Arguments.Count == 1)
        {
            if (pipe.Arguments[0] is not LiteralSyntax { Value: long and > 0 } literal)
            {
                Report(EqlDiagnostics.BadPipe(pipe.Arguments[0].Span, $"'{pipe.Name.Text}' takes a whole number above 0."));
                return null;
            }
            count = (long)literal.Value!;
        }
        return new BoundPipe(pipe.Span, kind, count, []);
    }

    private BoundPipe? BindValuesPipe(PipeSyntax pipe, PipeKind kind, int least)
    {
        if (!CheckArguments(pipe, least, int.MaxValue, "a value or several"))
            return null;
        var values = new List<BoundExpression>(pipe.Arguments.Count);
        foreach (ExpressionSyntax argument in pipe.Arguments)
            values.Add(BindValue(argument));
        return new BoundPipe(pipe.Span, kind, 0, values);
    }

    private bool CheckArguments(PipeSyntax pipe, int least, int most, string what)
    {
        if (pipe.Arguments.Count >= least && pipe.Arguments.Count <= most)
            return true;
        Report(EqlDiagnostics.BadPipe(pipe.Span, $"'{pipe.Name.Text}' takes {what}, not {pipe.Arguments.Count} arguments."));
        return false;
    }

    /// <summary>How many events a result has while a pipe is bound; 0 elsewhere.</summary>
    private int _pipeSteps;

    /// <summary>The step of a result's first event: the one that a field without a name in front belongs to.</summary>
    private int _pipeFirst;

    /// <summary>Whether a field that is written alone is one of a result's first event. Objects are not kept of it.</summary>
    private bool IsOfResult(EventField field) => _pipeSteps > 0 && field.Type != FieldType.Object;

    /// <summary>Splits <c>events[1].process.name</c>, which only pipes may hold.</summary>
    private bool TryResultField(FieldSyntax syntax, out int step, out string path)
    {
        const string prefix = "events[";
        step = 0;
        path = syntax.Path;
        if (_pipeSteps == 0 || !path.StartsWith(prefix, StringComparison.Ordinal))
            return false;
        int close = path.IndexOf(']');
        if (close < 0 || close + 2 > path.Length || !int.TryParse(path.Substring(prefix.Length, close - prefix.Length), out step) || step >= _pipeSteps)
            return false;
        path = path.Substring(close + 2);
        return true;
    }

    private BoundExpression BindStepField(FieldSyntax syntax, string name, int step, string path)
    {
        EventField? field = _schema.Find(path);
        if (field is null)
            return UnknownField(syntax, path, prefix: name + ".");
        if (field.Type == FieldType.Object)
        {
            Report(EqlDiagnostics.BadAlias(syntax.Span, $"'{path}' is an object, and of an earlier event single values are kept. Name a field of it."));
            return new BoundConstant(syntax.Span, null);
        }
        return new BoundStepField(syntax.Span, step, name, new BoundField(syntax.Span, field, Root: null));
    }
}
