using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Schema;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Binding;

/// <summary>
/// Resolves the names of a query against a schema and turns operators into what they do. Every mistake is reported at its place and the rest is still bound.
/// </summary>
public sealed partial class Binder
{
    private readonly EventSchema _schema;
    private readonly List<EqlDiagnostic> _diagnostics;
    private readonly List<BoundVariable> _variables = [];

    /// <summary>Names of earlier steps that the expression at hand may read.</summary>
    private readonly List<(string Name, int Step)> _aliases = [];

    private Binder(EventSchema schema, List<EqlDiagnostic> diagnostics)
    {
        _schema = schema;
        _diagnostics = diagnostics;
    }

    /// <summary>Binds a query. What it yields is fit for compiling only if no error was added to <paramref name="diagnostics"/>.</summary>
    public static BoundQuery Bind(QuerySyntax query, EventSchema schema, List<EqlDiagnostic> diagnostics) =>
        new Binder(schema, diagnostics).BindQuery(query);

    private BoundQuery BindQuery(QuerySyntax query) => query switch
    {
        EventQuerySyntax e => new BoundEventQuery(e.Span, BindFilter(e.Filter), BindPipes(e.Pipes, [])),
        SequenceQuerySyntax s => BindSteps(s, StepsKind.Sequence, s.Keys, s.Steps, s.Until, s.MaxSpan?.Value),
        SampleQuerySyntax s => BindSteps(s, StepsKind.Sample, s.Keys, s.Steps, until: null, maxSpan: null),
        JoinQuerySyntax j => BindSteps(j, StepsKind.Join, j.Keys, j.Steps, j.Until, maxSpan: null),
        _ => throw new ArgumentException($"Unknown query {query.GetType()}.", nameof(query)),
    };

    private BoundFilter BindFilter(EventFilterSyntax filter)
    {
        // A lineage query in a pipe is about events of its own.
        int pipeSteps = _pipeSteps;
        _pipeSteps = 0;
        BoundExpression condition = BindCondition(filter.Condition);
        _pipeSteps = pipeSteps;
        return new BoundFilter(filter.Span, filter.IsAnyCategory ? null : filter.Category.Text, condition);
    }

    private void Report(EqlDiagnostic diagnostic) => _diagnostics.Add(diagnostic);

    /// <summary>What an expression is, for messages: "text", "a number", ...</summary>
    private static string Describe(BoundExpression expression) => expression switch
    {
        BoundConstant { Value: null } => "null",
        BoundField { IsItem: false } field => $"{Describe(field.Type)} ('{field.Field.Path}')",
        BoundStepField field => $"{Describe(field.Type)} ('{field.Alias}.{field.Field.Field.Path}')",
        _ => Describe(expression.Type),
    };

    private static string Describe(BoundType type) => type switch
    {
        BoundType.Text => "text",
        BoundType.Number => "a number",
        BoundType.Boolean => "true or false",
        BoundType.Object => "an object",
        _ => "null",
    };
}
