using CallStackRules.Eql.Diagnostics;
using CallStackRules.Sensor.Output;

namespace CallStackRules.Sensor.Checking;

/// <summary>What the compiler says of a place in a rule file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">Line in the file, from 1.</param>
/// <param name="Column">Column in the file in UTF-16 units, from 1.</param>
/// <param name="Diagnostic">The message; its span is one of the query, not of the file.</param>
internal sealed record RuleMessage(string Path, int Line, int Column, EqlDiagnostic Diagnostic)
{
    /// <summary>One line in the form compilers use, which editors and build logs make a link of.</summary>
    public override string ToString()
    {
        string severity = Diagnostic.Descriptor.Severity switch
        {
            EqlSeverity.Error => "error",
            EqlSeverity.Warning => "warning",
            _ => "info",
        };
        return PrintableText.Of($"{Path}({Line},{Column}): {severity} {Diagnostic.Descriptor.Id}: {Diagnostic.Message}");
    }
}
