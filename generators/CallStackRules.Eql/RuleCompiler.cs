using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Lints;
using CallStackRules.Eql.Logic;
using CallStackRules.Eql.Schema;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql;

/// <summary>
/// The front end in one call: what the analyzer reports, what the generator emits from, and what the tools show all come from here.
/// </summary>
public static class RuleCompiler
{
    /// <summary>Compiles a whole <c>.eql</c> file: leading tags, then a query.</summary>
    public static CompiledRule Compile(string text, EventSchema schema)
    {
        RuleFile file = RuleFile.Parse(text);
        var diagnostics = new List<EqlDiagnostic>(file.Diagnostics);
        BoundQuery? query = Bind(file.Query, schema, diagnostics);
        CheckActions(file.Metadata, schema, diagnostics);
        diagnostics.RemoveAll(diagnostic => diagnostic.Descriptor.Severity == EqlSeverity.Warning && file.IsSuppressed(diagnostic));
        if (query is not null && !diagnostics.Exists(static diagnostic => diagnostic.IsError))
            diagnostics.Add(EqlDiagnostics.Logic(CategorySpan(file.Query!), Explanation.Of(query)));
        return new CompiledRule(file, query, Sorted(diagnostics));
    }

    /// <summary>Compiles a query alone, as tests and rules in other formats hold it.</summary>
    public static CompiledRule CompileQuery(string query, EventSchema schema)
    {
        (QuerySyntax? syntax, IReadOnlyList<EqlDiagnostic> syntaxDiagnostics) = QueryParser.ParseQuery(query);
        var diagnostics = new List<EqlDiagnostic>(syntaxDiagnostics);
        BoundQuery? bound = Bind(syntax, schema, diagnostics);
        return new CompiledRule(null, bound, Sorted(diagnostics));
    }

    private static BoundQuery? Bind(QuerySyntax? syntax, EventSchema schema, List<EqlDiagnostic> diagnostics)
    {
        foreach (string problem in schema.Problems)
            diagnostics.Add(EqlDiagnostics.Schema(problem));
        if (syntax is null)
            return null;
        BoundQuery query = Binder.Bind(syntax, schema, diagnostics);
        bool isWhole = !diagnostics.Exists(static diagnostic => diagnostic.IsError);
        LintSet.Check(query, schema, isWhole, diagnostics.Add);
        Compilability.Check(query, diagnostics.Add);
        return query;
    }

    private static void CheckActions(RuleMetadata metadata, EventSchema schema, List<EqlDiagnostic> diagnostics)
    {
        foreach (Tagged<ActionTag> action in metadata.Actions.Concat(metadata.OptionalActions))
        {
            Tagged<string> field = action.Value.Field;
            if (field.Value.Length > 0 && schema.Find(field.Value) is null)
                diagnostics.Add(EqlDiagnostics.UnknownField(field.Span, field.Value, Spelling.Closest(field.Value, schema.Fields.Select(static f => f.Path))));
        }
    }

    /// <summary>The first word of the query: where an editor shows what the rule does.</summary>
    private static TextSpan CategorySpan(QuerySyntax query) => query is EventQuerySyntax e ? e.Filter.Category.Span : new TextSpan(query.Span.Start, 1);

    private static IReadOnlyList<EqlDiagnostic> Sorted(List<EqlDiagnostic> diagnostics) =>
        [.. diagnostics.OrderBy(static d => d.Span.Start).ThenBy(static d => d.Descriptor.Id, StringComparer.Ordinal)];
}

/// <summary>A rule after the front end.</summary>
/// <param name="File">The file as read; null for a query alone.</param>
/// <param name="Query">The query as bound, not folded; null when there is none to speak of. Fit for use only without errors.</param>
/// <param name="Diagnostics">All messages by place.</param>
public sealed record CompiledRule(RuleFile? File, BoundQuery? Query, IReadOnlyList<EqlDiagnostic> Diagnostics)
{
    /// <summary>Whether code can be emitted.</summary>
    public bool Succeeded => Query is not null && !Diagnostics.Any(static diagnostic => diagnostic.IsError);
}
