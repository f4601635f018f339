using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Schema;
using CallStackRules.Generators.Model;

namespace CallStackRules.Generators.Emit;

/// <summary>Emits the class that holds all rules, by the category of their events.</summary>
internal static class RuleSetEmitter
{
    private const string Class = "RulePack";

    public static string Emit(RuleSetModel ruleSet, EventSchema schema)
    {
        string eventType = "global::" + schema.EventType;
        string rule = $"EventRule<{eventType}>";
        string?[] categories = [.. ruleSet.Rules.Select(static entry => entry.Category).Distinct().OrderBy(static category => category, StringComparer.Ordinal)];

        var code = new CSharpWriter();
        RuleEmitter.Header(code);
        code.Line($"[assembly: global::CallStackRules.Rules.EqlRuleSet(typeof(global::{ruleSet.RootNamespace}.{Class}))]");
        code.Line();
        RuleEmitter.Namespace(code, ruleSet.RootNamespace);
        code.Line("/// <summary>The rules of this assembly.</summary>");
        code.Line($"public sealed class {Class} : RuleSet<{eventType}>");
        code.Open();
        code.Line($"private readonly {rule}[] _allRules;");
        for (int i = 0; i < categories.Length; i++)
            code.Line($"private readonly {rule}[] _{FieldName(categories[i], i)};");
        code.Line();
        code.Line("/// <summary>Creates every rule.</summary>");
        code.Line($"public {Class}()");
        code.Open();
        code.Line("_allRules =");
        code.Line("[");
        code.Indent();
        foreach (RuleEntry entry in ruleSet.Rules)
            code.Line($"new {entry.FullName}(),");
        code.Unindent();
        code.Line("];");
        for (int i = 0; i < categories.Length; i++)
        {
            IEnumerable<string> members = ruleSet.Rules
                .Select(static (entry, index) => (entry.Category, Index: index))
                .Where(entry => entry.Category == categories[i])
                .Select(static entry => $"_allRules[{entry.Index}]");
            code.Line($"_{FieldName(categories[i], i)} = [{string.Join(", ", members)}];");
        }
        code.Close();
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line($"public override IReadOnlyList<{rule}> Rules => _allRules;");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line($"public override void Match({eventType} e, List<{rule}> matches)");
        code.Open();
        Dispatch(code, categories, schema);
        code.Close();
        code.Close();
        return code.ToString();
    }

    private static void Dispatch(CSharpWriter code, string?[] categories, EventSchema schema)
    {
        int any = Array.IndexOf(categories, null);
        if (any >= 0)
            code.Line($"Run(_{FieldName(null, any)}, e, matches);");
        if (categories.All(static category => category is null) || schema.Find(schema.CategoryPath) is not { } field)
            return;
        new MatcherEmitter(code, map: null, new StaticFields()).ForEachValue(new BoundField(default, field, Root: null), category =>
        {
            code.Line($"Text category = {category};");
            for (int i = 0; i < categories.Length; i++)
            {
                if (categories[i] is not { } name)
                    continue;
                code.Line($"if (TextPredicates.EqualsLiteral(category, {CSharpLiteral.Of(name)}))");
                code.Indent();
                code.Line($"Run(_{FieldName(name, i)}, e, matches);");
                code.Unindent();
            }
        });
    }

    /// <summary>A field's name: the category where that is an identifier; no other field's name has lower-case letters only.</summary>
    private static string FieldName(string? category, int index) =>
        category is null ? "anyCategory" : category.All(static c => c is (>= 'a' and <= 'z') or '_') ? category : "category" + index;
}
