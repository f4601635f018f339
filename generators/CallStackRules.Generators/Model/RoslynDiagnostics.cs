using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace CallStackRules.Generators.Model;

/// <summary>Turns messages of the language into the compiler's.</summary>
internal static class RoslynDiagnostics
{
    private static readonly Dictionary<string, DiagnosticDescriptor> ById = EqlDiagnostics.All.ToDictionary(static d => d.Id, Descriptor, StringComparer.Ordinal);

    /// <summary>Descriptors of all messages.</summary>
    public static IEnumerable<DiagnosticDescriptor> Descriptors => ById.Values;

    /// <summary>A message at a place of a rule file.</summary>
    public static Diagnostic Create(EqlDiagnostic diagnostic, string path, LineMap lines) => Create(diagnostic, path, Place(diagnostic.Span, lines));

    /// <summary>A message at a place that was worked out before.</summary>
    public static Diagnostic Create(EqlDiagnostic diagnostic, string path, FilePlace place)
    {
        var span = new Microsoft.CodeAnalysis.Text.TextSpan(diagnostic.Span.Start, diagnostic.Span.Length);
        var lines = new LinePositionSpan(new LinePosition(place.StartLine, place.StartColumn), new LinePosition(place.EndLine, place.EndColumn));
        return Diagnostic.Create(ById[diagnostic.Descriptor.Id], Location.Create(path, span, lines), diagnostic.Message);
    }

    /// <summary>The lines and columns of a range.</summary>
    public static FilePlace Place(Eql.Syntax.TextSpan span, LineMap lines)
    {
        (int startLine, int startColumn) = lines.GetPosition(span.Start);
        (int endLine, int endColumn) = lines.GetPosition(span.End);
        return new FilePlace(startLine, startColumn, endLine, endColumn);
    }

    private static DiagnosticDescriptor Descriptor(EqlDescriptor descriptor) => new(
        descriptor.Id,
        descriptor.Title,
        "{0}",
        "CallStackRules",
        descriptor.Severity switch
        {
            EqlSeverity.Error => DiagnosticSeverity.Error,
            EqlSeverity.Warning => DiagnosticSeverity.Warning,
            _ => DiagnosticSeverity.Info,
        },
        isEnabledByDefault: true,
        description: $"See docs/diagnostics/{descriptor.Id}.md.",
        // A rule with an error has no matcher: no setting may make that quiet.
        customTags: descriptor.Severity == EqlSeverity.Error ? [WellKnownDiagnosticTags.NotConfigurable] : []);
}
