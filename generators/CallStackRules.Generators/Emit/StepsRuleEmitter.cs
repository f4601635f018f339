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
        MatcherEmitter.Method(code, $"public override void Capture(int step, {eventType} e, Snapshot snapshot)", scope, matcher =>
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
