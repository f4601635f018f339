using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace CallStackRules.Generators.Tests.Snapshots;

/// <summary>What is said of a mistake, and where: a rule file in <c>Diagnostics</c> for each, and its messages beside it.</summary>
public class DiagnosticsTests
{
    public static TheoryData<string> Rules => RuleFolder.Names("Diagnostics");

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task A_mistake_is_named_at_its_place(string rule)
    {
        RuleProject project = RuleFolder.Add(RuleProject.OfEndpointEvents, "Diagnostics", rule);
        SourceText text = project.Files.Single().GetText()!;
        IEnumerable<Diagnostic> mistakes = (await project.AnalyzeAsync()).Where(diagnostic => diagnostic.Severity != DiagnosticSeverity.Info);
        Snapshot.Verify($"Diagnostics/{rule}", string.Concat(mistakes.Select(diagnostic => Show(diagnostic, text))));
    }

    /// <summary>The message as <c>dotnet build</c> prints it, then the line with carets under the place.</summary>
    private static string Show(Diagnostic diagnostic, SourceText text)
    {
        string path = diagnostic.Location.GetLineSpan().Path[RuleProject.Folder.Length..];
        string severity = diagnostic.Severity.ToString().ToLowerInvariant();
        LinePositionSpan place = diagnostic.Location.GetLineSpan().Span;
        string line = text.Lines[place.Start.Line].ToString();
        int end = place.End.Line == place.Start.Line ? place.End.Character : line.Length;
        return new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{path}({place.Start.Line + 1},{place.Start.Character + 1}): {severity} {diagnostic.Id}: ")
            .Append(diagnostic.GetMessage(CultureInfo.InvariantCulture)).Append('\n')
            .Append(line).Append('\n')
            .Append(' ', place.Start.Character).Append('^', Math.Max(1, end - place.Start.Character)).Append('\n')
            .ToString();
    }
}
