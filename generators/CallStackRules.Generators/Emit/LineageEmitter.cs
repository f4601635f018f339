using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Schema;

namespace CallStackRules.Generators.Emit;

/// <summary>Emits what makes a process a source of each lineage query of a rule.</summary>
internal static class LineageEmitter
{
    public static void Emit(CSharpWriter code, RuleScope scope, EventSchema schema)
    {
        IReadOnlyList<BoundLineage> queries = scope.Lineage.All;
        if (queries.Count == 0)
            return;
        string eventType = "global::" + schema.EventType;
        code.Line("/// <inheritdoc/>");
        code.Line($"public override int LineageQueries => {queries.Count};");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line($"public override bool IsLineageSource(int query, {eventType} e, ProcessFacts lineage) => query switch");
        code.Open();
        for (int i = 0; i < queries.Count; i++)
            code.Line($"{i} => IsLineageSource{i}(e, lineage),");
        code.Line("_ => throw new global::System.ArgumentOutOfRangeException(nameof(query)),");
        code.Close(";");
        code.Line();
        for (int i = 0; i < queries.Count; i++)
        {
            BoundFilter filter = queries[i].Filter;
            MatcherEmitter.Method(code, $"private bool IsLineageSource{i}({eventType} e, ProcessFacts lineage)", scope, matcher => matcher.Body(filter, schema));
            code.Line();
        }
    }
}
