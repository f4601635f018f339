using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Schema;

namespace CallStackRules.Eql.Tests.Interpretation;

/// <summary>Queries through the front end.</summary>
internal static class Compiled
{
    /// <summary>The filter of an event query that compiles; its errors fail the test.</summary>
    public static BoundFilter Filter(string query, EventSchema schema)
    {
        CompiledRule rule = RuleCompiler.CompileQuery(query, schema);
        IEnumerable<EqlDiagnostic> errors = rule.Diagnostics.Where(diagnostic => diagnostic.IsError);
        Assert.True(!errors.Any(), $"{query}\n{string.Join('\n', errors.Select(error => $"{error.Descriptor.Id} at {error.Span.Start}: {error.Message}"))}");
        return Assert.IsType<BoundEventQuery>(rule.Query).Filter;
    }
}
