using System.Collections.Immutable;
using System.Text;
using CallStackRules.Eql;
using CallStackRules.Eql.Schema;
using CallStackRules.Generators.Emit;
using CallStackRules.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace CallStackRules.Generators;

/// <summary>
/// Compiles every <c>.eql</c> file among the additional files into a matcher class, and all of them into a rule set.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class EqlGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<EventSchema?> schema = context.CompilationProvider
            .Select(SchemaReader.Read)
            .WithTrackingName(TrackingNames.Schema);

        IncrementalValueProvider<Project> project = context.AnalyzerConfigOptionsProvider
            .Select(Project.Read)
            .WithTrackingName(TrackingNames.Project);

        IncrementalValuesProvider<RuleText> files = context.AdditionalTextsProvider
            .Where(RuleText.IsRule)
            .Select(RuleText.Read)
            .WithTrackingName(TrackingNames.RuleFiles);

        IncrementalValuesProvider<Rule> rules = files
            .Combine(schema.Combine(project))
            .Select(static (input, cancellation) => RuleEmitter.Emit(input.Left, input.Right.Left, input.Right.Right, cancellation))
            .WithTrackingName(TrackingNames.Rules);

        IncrementalValueProvider<(RuleSetModel, EventSchema?)> ruleSet = rules
            .Where(static rule => rule.Source is not null)
            .Select(static (rule, _) => new RuleEntry(rule.Name.FullName, rule.Name.RelativePath, rule.Category, rule.IsSteps))
            .Collect()
            .Combine(project)
            .Select(static (input, _) => RuleSetModel.Of(input.Left, input.Right))
            .WithTrackingName(TrackingNames.RuleSet)
            .Combine(schema);

        // The analyzer reports mistakes; where it does not run, a broken rule must not disappear quietly.
        IncrementalValuesProvider<RuleError> errors = rules
            .Combine(project)
            .SelectMany(static (input, _) => input.Right.RunsAnalyzers ? default : input.Left.Errors)
            .WithTrackingName(TrackingNames.Errors);

        context.RegisterSourceOutput(rules, AddRule);
        context.RegisterSourceOutput(ruleSet, AddRuleSet);
        context.RegisterSourceOutput(errors, ReportError);
    }

    private static void AddRule(SourceProductionContext context, Rule rule)
    {
        if (rule.Source is not null)
            context.AddSource(rule.Name.HintName, SourceText.From(rule.Source, Encoding.UTF8));
    }

    private static void AddRuleSet(SourceProductionContext context, (RuleSetModel RuleSet, EventSchema? Schema) input)
    {
        if (input is { RuleSet.Rules.Count: > 0, Schema: { } schema })
            context.AddSource("RulePack.g.cs", SourceText.From(RuleSetEmitter.Emit(input.RuleSet, schema), Encoding.UTF8));
    }

    private static void ReportError(SourceProductionContext context, RuleError error) =>
        context.ReportDiagnostic(RoslynDiagnostics.Create(error.Diagnostic, error.Path, error.Place));
}

/// <summary>What the rule set is made of.</summary>
/// <param name="RootNamespace">Its namespace.</param>
/// <param name="Rules">The rules by path.</param>
internal sealed record RuleSetModel(string RootNamespace, EquatableArray<RuleEntry> Rules)
{
    public static RuleSetModel Of(ImmutableArray<RuleEntry> rules, Project project) => new(
        project.RootNamespace, rules.OrderBy(static rule => rule.Path, StringComparer.Ordinal).ToEquatableArray());
}
