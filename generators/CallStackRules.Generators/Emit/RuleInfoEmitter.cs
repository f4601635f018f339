using CallStackRules.Eql.Logic;
using CallStackRules.Eql.Syntax;
using CallStackRules.Generators.Model;

namespace CallStackRules.Generators.Emit;

/// <summary>Emits a rule's metadata.</summary>
internal static class RuleInfoEmitter
{
    public static void Emit(CSharpWriter code, RuleName name, RuleFile file, string eql, string explanation, RuleNeeds needs)
    {
        RuleMetadata metadata = file.Metadata;
        code.Line("private static readonly RuleInfo Metadata = new()");
        code.Open();
        code.Line($"Id = {CSharpLiteral.Of(metadata.Id!.Value.Value)},");
        code.Line($"Name = {CSharpLiteral.Of(metadata.Name!.Value.Value)},");
        code.Line($"Severity = RuleSeverity.{char.ToUpperInvariant(metadata.Severity.Value[0])}{metadata.Severity.Value.Substring(1)},");
        code.Line($"Description = {CSharpLiteral.Of(metadata.Description?.Value ?? "")},");
        code.Line($"OperatingSystems = [{Texts(metadata.OperatingSystems)}],");
        code.Line($"Techniques = [{Texts(metadata.Techniques)}],");
        code.Line($"Tactics = [{Texts(metadata.Tactics)}],");
        code.Line($"References = [{Texts(metadata.References)}],");
        code.Line($"Actions = [{string.Join(", ", metadata.Actions.Select(static action => Action(action.Value)))}],");
        code.Line($"SourcePath = {CSharpLiteral.Of(name.RelativePath)},");
        code.Line($"Query = {CSharpLiteral.Of(eql)},");
        code.Line($"Explanation = {CSharpLiteral.Of(explanation)},");
        code.Line($"Categories = [{CSharpLiteral.List(needs.Categories)}],");
        code.Line($"Events = [{string.Join(", ", needs.Events.Select(Event))}],");
        if (needs.End.Length > 0)
            code.Line($"NeedsEnd = {CSharpLiteral.Of(needs.End)},");
        code.Line($"Fields = [{CSharpLiteral.List(needs.Fields)}],");
        code.Close(";");
        code.Line();
    }

    private static string Texts(IEnumerable<Tagged<string>> values) => CSharpLiteral.List(values.Select(static value => value.Value));

    private static string Event(EventNeed need) => $"new RuleEvent({CSharpLiteral.Of(need.Category)}, {CSharpLiteral.OrNull(need.Action)})";

    private static string Action(ActionTag action) =>
        $"new RuleAction({CSharpLiteral.Of(action.Kind)}, {CSharpLiteral.Of(action.Field.Value)}, {action.State.Value}, {CSharpLiteral.Of(action.Tree)})";
}
