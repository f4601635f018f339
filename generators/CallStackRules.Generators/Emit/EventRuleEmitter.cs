using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Schema;

namespace CallStackRules.Generators.Emit;

/// <summary>Emits the matcher of a rule over single events.</summary>
internal static class EventRuleEmitter
{
    public static void Emit(CSharpWriter code, BoundFilter filter, RuleScope scope, EventSchema schema)
    {
        string eventType = "global::" + schema.EventType;
        code.Line("/// <inheritdoc/>");
        if (scope.Lineage.All.Count == 0)
        {
            MatcherEmitter.Method(code, $"public override bool Matches({eventType} e)", scope, matcher => matcher.Body(filter, schema));
            return;
        }
        code.Line($"public override bool Matches({eventType} e) => Matches(e, null);");
        code.Line();
        code.Line("/// <inheritdoc/>");
        MatcherEmitter.Method(code, $"public override bool Matches({eventType} e, ProcessFacts lineage)", scope, matcher => matcher.Body(filter, schema));
    }
}
