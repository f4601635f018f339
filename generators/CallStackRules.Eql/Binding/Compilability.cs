using CallStackRules.Eql.Diagnostics;

namespace CallStackRules.Eql.Binding;

/// <summary>Reports what is bound but has no generated code.</summary>
internal static class Compilability
{
    public static void Check(BoundQuery query, Action<EqlDiagnostic> report)
    {
        foreach (BoundPipe pipe in query.Pipes)
            report(EqlDiagnostics.PipesNotCompiled(pipe.Span));
    }
}
