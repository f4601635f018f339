using CallStackRules.Eql;
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
        string stepsRule = $"StepsRule<{eventType}>";
        RuleEntry[] events = [.. ruleSet.Rules.Where(static entry => !entry.IsSteps)];
        RuleEntry[] steps = [.. ruleSet.Rules.Where(static entry => entry.IsSteps)];
        string?[] categories = [.. events.Select(static entry => entry.Category).Distinct().OrderBy(static category => category, StringComparer.Ordinal)];

        var code = new CSharpWriter();
        RuleEmitter.Header(code);
        code.Line($"[assembly: global::CallStackRules.Rules.EqlRuleSet(typeof(global::{ruleSet.RootNamespace}.{Class}))]");
        code.Line();
        RuleEmitter.Namespace(code, ruleSet.RootNamespace);
        code.Line("/// <summary>The rules of this assembly.</summary>");
        code.Line($"public sealed class {Class} : RuleSet<{eventType}>");
        code.Open();
        code.Line($"private readonly {rule}[] _allRules;");
        code.Line($"private readonly {stepsRule}[] _stepsRules;");
        for (int i = 0; i < categories.Length; i++)
            code.Line($"private readonly {rule}[] _{FieldName(categories[i], i)};");
        code.Line();
        code.Line("/// <summary>Creates every rule.</summary>");
        code.Line($"public {Class}()");
        code.Open();
        Create(code, "_allRules", events);
        Create(code, "_stepsRules", steps);
        for (int i = 0; i < categories.Length; i++)
        {
            IEnumerable<string> members = events
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
        code.Line($"public override IReadOnlyList<{stepsRule}> StepsRules => _stepsRules;");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line($"public override void Match({eventType} e, ProcessFacts lineage, List<{rule}> matches)");
        code.Open();
        Dispatch(code, categories, schema);
        code.Close();
        code.Line();
        Readers(code, eventType, schema);
        ProcessEnd(code, eventType, schema);
        code.Close();
        return code.ToString();
    }

    private static void Create(CSharpWriter code, string array, RuleEntry[] entries)
    {
        code.Line($"{array} =");
        code.Line("[");
        code.Indent();
        foreach (RuleEntry entry in entries)
            code.Line($"new {entry.FullName}(),");
        code.Unindent();
        code.Line("];");
    }

    /// <summary>Emits what the engine asks of every event, as far as the schema has it.</summary>
    private static void Readers(CSharpWriter code, string eventType, EventSchema schema)
    {
        if (schema.Find(schema.CategoryPath) is { } category)
        {
            code.Line("/// <inheritdoc/>");
            code.Line($"public override void ReadCategories({eventType} e, TextList categories)");
            code.Open();
            new MatcherEmitter(code, RuleScope.None()).ForEachValue(
                new BoundField(default, category, Root: null), value => code.Line($"categories.Add({value});"));
            code.Close();
            code.Line();
        }
        Reader(code, $"long? TimeOf({eventType} e)", schema.Find(schema.TimestampPath), FieldType.Integer);
        Reader(code, $"Text ProcessOf({eventType} e)", schema.Find(schema.ProcessPath), FieldType.Text);
        Reader(code, $"Text ParentOf({eventType} e)", schema.Find(schema.ParentPath), FieldType.Text);
    }

    private static void Reader(CSharpWriter code, string signature, EventField? field, FieldType type)
    {
        if (field is null || field.Type != type || field.IsMultiValued)
            return;
        string value = new MatcherEmitter(code, RuleScope.None()).Field(new BoundField(default, field, Root: null));
        code.Line("/// <inheritdoc/>");
        code.Line($"public override {signature} => {value};");
        code.Line();
    }

    /// <summary>Emits what tells that an event is the end of its process, when the model's query for that fits the model.</summary>
    private static void ProcessEnd(CSharpWriter code, string eventType, EventSchema schema)
    {
        CompiledRule compiled = RuleCompiler.CompileQuery(schema.ProcessEnd, schema);
        if (!compiled.Succeeded || ConstantFolder.Fold(compiled.Query!) is not BoundEventQuery query)
            return;
        RuleScope scope = RuleScope.None();
        code.Line("/// <inheritdoc/>");
        MatcherEmitter.Method(code, $"public override bool IsProcessEnd({eventType} e)", scope, matcher => matcher.Body(query.Filter, schema));
        scope.Fields.Write(code);
    }

    private static void Dispatch(CSharpWriter code, string?[] categories, EventSchema schema)
    {
        int any = Array.IndexOf(categories, null);
        if (any >= 0)
            code.Line($"Run(_{FieldName(null, any)}, e, lineage, matches);");
        if (categories.All(static category => category is null) || schema.Find(schema.CategoryPath) is not { } field)
            return;
        new MatcherEmitter(code, RuleScope.None()).ForEachValue(new BoundField(default, field, Root: null), category =>
        {
            code.Line($"Text category = {category};");
            for (int i = 0; i < categories.Length; i++)
            {
                if (categories[i] is not { } name)
                    continue;
                code.Line($"if (TextPredicates.EqualsLiteral(category, {CSharpLiteral.Of(name)}))");
                code.Indent();
                code.Line($"Run(_{FieldName(name, i)}, e, lineage, matches);");
                code.Unindent();
            }
        });
    }

    /// <summary>A field's name: the category where that is an identifier; no other field's name has lower-case letters only.</summary>
    private static string FieldName(string? category, int index) =>
        category is null ? "anyCategory" : category.All(static c => c is (>= 'a' and <= 'z') or '_') ? category : "category" + index;
}
