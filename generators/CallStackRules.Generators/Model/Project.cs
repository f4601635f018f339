using CallStackRules.Generators.Emit;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CallStackRules.Generators.Model;

/// <summary>What the project file says that generated code depends on.</summary>
/// <param name="RootNamespace">Namespace of the generated classes.</param>
/// <param name="Directory">Folder of the project with a trailing separator; empty when unknown.</param>
/// <param name="RunsAnalyzers">Whether the analyzer reports mistakes; if not, the generator does.</param>
internal sealed record Project(string RootNamespace, string Directory, bool RunsAnalyzers)
{
    /// <summary>Reads the properties that the package's props file makes visible to the compiler.</summary>
    public static Project Read(AnalyzerConfigOptionsProvider options, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        string rootNamespace = Property(options, "RootNamespace") is { Length: > 0 } name ? CSharpIdentifier.Namespace(name) : "Rules";
        bool runsAnalyzers = !IsFalse(Property(options, "RunAnalyzers")) && !IsFalse(Property(options, "RunAnalyzersDuringBuild"));
        return new Project(rootNamespace, Property(options, "ProjectDir") ?? "", runsAnalyzers);
    }

    private static string? Property(AnalyzerConfigOptionsProvider options, string name) =>
        options.GlobalOptions.TryGetValue("build_property." + name, out string? value) ? value : null;

    private static bool IsFalse(string? value) => string.Equals(value, "false", StringComparison.OrdinalIgnoreCase);
}
