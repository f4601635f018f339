using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Schema;

namespace CallStackRules.Generators.Emit;

/// <summary>Emits the members of a rule over several events: its plan, and for each step what it asks, its key, and what is kept.</summary>
internal static class StepsRuleEmitter
{
    public static void Emit(CSharpWriter code, BoundStepsQuery query, RuleScope scope, EventSchema schema)
    {
        BoundStep[] steps = query.Until is null ? [.. query.Steps] : [.. query.Steps, query.Until];
        string eventType = "global::" + schema.EventType;

        code.Line("/// <inheritdoc/>");
        code.Line("public override StepsPlan Plan => Steps;");
        code.Line();
        Choose(
            code,
            $"public override bool Matches(int step, {eventType} e, global::System.ReadOnlySpan<Snapshot> earlier, ProcessFacts lineage)",
            steps.Length,
            static i => $"Step{i}(e, earlier, lineage)");
        Choose(code, $"public override bool ReadKey(int step, {eventType} e, JoinKey key)", steps.Length, static i => $"ReadKey{i}(e, key)");
        Capture(code, query, scope, eventType);
        for (int i = 0; i < steps.Length; i++)
        {
            BoundStep step = steps[i];
            MatcherEmitter.Method(
                code,
                $"private bool Step{i}({eventType} e, global::System.ReadOnlySpan<Snapshot> earlier, ProcessFacts lineage)",
                scope,
                matcher => matcher.Body(step.Filter, schema));
            code.Line();
            MatcherEmitter.Method(code, $"private static bool ReadKey{i}({eventType} e, JoinKey key)", scope, matcher => matcher.Keys(step.Keys));
            code.Line();
        }
        Pipes(code, query.Pipes, scope);
        Plan(code, query, steps, scope.Kept!);
    }

    private static void Choose(CSharpWriter code, string signature, int steps, Func<int, string> call)
    {
        code.Line("/// <inheritdoc/>");
        code.Line(signature + " => step switch");
        code.Open();
        for (int i = 0; i < steps; i++)
            code.Line($"{i} => {call(i)},");
        code.Line("_ => throw new global::System.ArgumentOutOfRangeException(nameof(step)),");
        code.Close(";");
        code.Line();
    }

    private static void Capture(CSharpWriter code, BoundStepsQuery query, RuleScope scope, string eventType)
    {
        code.Line("/// <inheritdoc/>");
        MatcherEmitter.Method(code, $"public override void Capture(int step, {eventType} e, SnapshotWriter snapshot)", scope, matcher =>
        {
            CSharpWriter body = matcher.Code;
            body.Line("switch (step)");
            body.Open();
            for (int i = 0; i < query.Steps.Count; i++)
            {
                if (query.Steps[i].IsMissing)
                    continue;
                body.Line($"case {i}:");
                body.Open();
                foreach (EventField field in scope.Kept!.Of(i))
                    matcher.Keep(new BoundField(default, field, Root: null));
                body.Line("break;");
                body.Close();
            }
            body.Close();
        });
        code.Line();
    }

    private static void Pipes(CSharpWriter code, IReadOnlyList<BoundPipe> pipes, RuleScope scope)
    {
        if (pipes.Count == 0)
            return;
        code.Line("/// <inheritdoc/>");
        code.Line("public override IReadOnlyList<PipePlan> Pipes => Results;");
        code.Line();
        IEnumerable<string> plans = pipes.Select(static pipe => $"new PipePlan(PipeKind.{pipe.Kind}, {CSharpLiteral.Of(Count(pipe))})");
        code.Line($"private static readonly PipePlan[] Results = [{string.Join(", ", plans)}];");
        code.Line();
        Filters(code, pipes, scope);
        Values(code, pipes, scope);
    }

    /// <summary>Emits what tells whether a result passes the pipes with conditions.</summary>
    private static void Filters(CSharpWriter code, IReadOnlyList<BoundPipe> pipes, RuleScope scope)
    {
        int[] filters = [.. Enumerable.Range(0, pipes.Count).Where(i => pipes[i].Kind == PipeKind.Filter)];
        if (filters.Length == 0)
            return;
        code.Line("/// <inheritdoc/>");
        code.Line($"public override bool PassesPipe(int pipe, {KeptOfSteps}) => pipe switch");
        code.Open();
        foreach (int i in filters)
            code.Line($"{i} => Pipe{i}(earlier),");
        code.Line("_ => throw new global::System.ArgumentOutOfRangeException(nameof(pipe)),");
        code.Close(";");
        code.Line();
        foreach (int i in filters)
        {
            MatcherEmitter.Method(code, $"private static bool Pipe{i}({KeptOfSteps})", scope, matcher => matcher.Condition(pipes[i].Arguments[0]));
            code.Line();
        }
    }

    /// <summary>Emits what reads the values that pipes compare.</summary>
    private static void Values(CSharpWriter code, IReadOnlyList<BoundPipe> pipes, RuleScope scope)
    {
        int[] readers = [.. Enumerable.Range(0, pipes.Count).Where(i => ValuesOf(pipes[i]).Any())];
        if (readers.Length == 0)
            return;
        code.Line("/// <inheritdoc/>");
        MatcherEmitter.Method(code, $"public override void ReadPipe(int pipe, {KeptOfSteps}, SnapshotWriter snapshot)", scope, matcher =>
        {
            matcher.Code.Line("switch (pipe)");
            matcher.Code.Open();
            foreach (int i in readers)
            {
                matcher.Code.Line($"case {i}:");
                matcher.Code.Open();
                matcher.Values(ValuesOf(pipes[i]));
                matcher.Code.Line("break;");
                matcher.Code.Close();
            }
            matcher.Code.Close();
        });
        code.Line();
    }

    private const string KeptOfSteps = "global::System.ReadOnlySpan<Snapshot> earlier";

    private static IEnumerable<BoundExpression> ValuesOf(BoundPipe pipe) => pipe.Kind switch
    {
        PipeKind.Filter => [],
        // The first argument is the length of time.
        PipeKind.Window => pipe.Arguments.Skip(1),
        _ => pipe.Arguments,
    };

    private static long Count(BoundPipe pipe) => pipe is { Kind: PipeKind.Window, Arguments: [BoundConstant { Value: long length }, ..] } ? length : pipe.Count;

    private static void Plan(CSharpWriter code, BoundStepsQuery query, BoundStep[] steps, KeptFields kept)
    {
        code.Line("private static readonly StepsPlan Steps = new()");
        code.Open();
        code.Line($"Kind = StepsKind.{query.Kind},");
        IEnumerable<string> stages = query.Steps.SelectMany(static (step, index) =>
            Enumerable.Repeat($"new Stage({index}, {CSharpLiteral.Of(step.IsMissing)})", step.Runs));
        code.Line($"Stages = [{string.Join(", ", stages)}],");
        code.Line($"StepCount = {query.Steps.Count},");
        code.Line($"HasUntil = {CSharpLiteral.Of(query.Until is not null)},");
        code.Line($"MaxSpan = {(query.MaxSpan is { } span ? CSharpLiteral.Of((long)span.TotalMilliseconds) : "null")},");
        code.Line($"Categories = [{string.Join(", ", steps.Select(static step => CSharpLiteral.OrNull(step.Filter.Category)))}],");
        code.Line($"ReadsEarlier = [{string.Join(", ", steps.Select(static step => CSharpLiteral.Of(ReadsEarlier(step.Filter))))}],");
        code.Line("KeptFields =");
        code.Line("[");
        code.Indent();
        for (int i = 0; i < query.Steps.Count; i++)
            code.Line($"[{CSharpLiteral.List(kept.Of(i).Select(static field => field.Path))}],");
        code.Unindent();
        code.Line("],");
        code.Close(";");
    }

    private static bool ReadsEarlier(BoundFilter filter) => BoundTree.SelfAndBelow(filter.Condition).Any(static expression => expression is BoundStepField);
}
