using System.Collections.Concurrent;
using CallStackRules.Eql.Diagnostics;
using CallStackRules.Eql.Syntax;
using CallStackRules.Generators.Model;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CallStackRules.Generators;

/// <summary>Finds rules of one compilation that share an id: alerts could not be told apart.</summary>
internal sealed class RuleIds
{
    private readonly ConcurrentBag<(string Id, TextSpan Span, string Path, LineMap Lines)> _ids = [];

    public void Add(RuleFile file, string path)
    {
        if (file.Metadata.Id is { } id)
            _ids.Add((id.Value, id.Span, path, file.Lines));
    }

    public void ReportDuplicates(CompilationAnalysisContext context)
    {
        foreach (var same in _ids.GroupBy(static id => id.Id, StringComparer.OrdinalIgnoreCase))
        {
            // The first by path keeps the id, whatever order the files were read in.
            var byPath = same.OrderBy(static id => id.Path, StringComparer.Ordinal).ToArray();
            foreach ((string id, TextSpan span, string path, LineMap lines) in byPath.Skip(1))
                context.ReportDiagnostic(RoslynDiagnostics.Create(EqlDiagnostics.DuplicateId(span, id, Path.GetFileName(byPath[0].Path)), path, lines));
        }
    }
}
