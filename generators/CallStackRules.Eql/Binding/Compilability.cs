using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Syntax;

namespace CallStackRules.Eql.Binding;

/// <summary>Reports what is bound but has no generated code: queries that need state between events.</summary>
internal static class Compilability
{
    public static void Check(BoundQuery query, Action<EqlDiagnostic> report)
    {
        if (query is BoundStepsQuery steps)
        {
            string kind = steps.Kind.ToString().ToLowerInvariant();
            report(EqlDiagnostics.StepsNotCompiled(new TextSpan(query.Span.Start, kind.Length), kind));
        }
        foreach (BoundLineage lineage in BoundTree.All(query).OfType<BoundLineage>())
            report(EqlDiagnostics.LineageNotCompiled(lineage.Span));
        foreach (BoundPipe pipe in query.Pipes)
            report(EqlDiagnostics.PipesNotCompiled(pipe.Span));
    }
}
