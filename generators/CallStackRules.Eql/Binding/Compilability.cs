using CallStackRules.Eql.Diagnostics;

namespace CallStackRules.Eql.Binding;

/// <summary>Reports what is bound but has no generated code.</summary>
internal static class Compilability
{
    public static void Check(BoundQuery query, Action<EqlDiagnostic> report)
    {
        foreach (BoundPipe pipe in query.Pipes)
        {
            // A result keeps single values of its events: no objects, and not who descended from whom.
            if (pipe.Arguments.SelectMany(BoundTree.SelfAndBelow).Any(static expression => expression is BoundField or BoundLineage))
                report(EqlDiagnostics.PipeNotCompiled(pipe.Span));
        }
    }
}
