using System.Collections.Immutable;
using CallStackRules.Eql;
using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Schema;
using CallStackRules.Eql.Syntax;
using CallStackRules.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CallStackRules.Generators;

/// <summary>Reports mistakes in <c>.eql</c> files, and each rule's logic in words, at their places in those files.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EqlAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. RoslynDiagnostics.Descriptors];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            var schema = new Lazy<EventSchema?>(() => SchemaReader.Read(start.Compilation, start.CancellationToken));
            var ids = new RuleIds();
            start.RegisterAdditionalFileAction(file => Analyze(file, schema.Value, ids));
            start.RegisterCompilationEndAction(ids.ReportDuplicates);
        });
    }

    private static void Analyze(AdditionalFileAnalysisContext context, EventSchema? schema, RuleIds ids)
    {
        if (!RuleText.IsRule(context.AdditionalFile))
            return;
        string path = context.AdditionalFile.Path;
        if (context.AdditionalFile.GetText(context.CancellationToken)?.ToString() is not { } text)
        {
            context.ReportDiagnostic(RoslynDiagnostics.Create(EqlDiagnostics.Unreadable(Path.GetFileName(path)), path, new LineMap("")));
            return;
        }
        if (schema is null)
        {
            context.ReportDiagnostic(RoslynDiagnostics.Create(EqlDiagnostics.NoSchema(), path, new LineMap(text)));
            return;
        }
        CompiledRule rule = RuleCompiler.Compile(text, schema);
        foreach (EqlDiagnostic diagnostic in rule.Diagnostics)
            context.ReportDiagnostic(RoslynDiagnostics.Create(diagnostic, path, rule.File!.Lines));
        ids.Add(rule.File!, path);
    }
}
