using System.Collections.Immutable;
using System.Text;
using Basic.Reference.Assemblies;
using CallStackRules.Events;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CallStackRules.Generators.Tests;

/// <summary>A project with rules, in memory: what its project file, its C# and its rule files give the compiler.</summary>
internal sealed record RuleProject
{
    /// <summary>Where the project is said to be.</summary>
    public const string Folder = "/project/";

    private static readonly ImmutableArray<MetadataReference> Platform = [.. Net100.References.All];
    private static readonly MetadataReference Library = MetadataReference.CreateFromFile(typeof(EndpointEvent).Assembly.Location);
    private static readonly MetadataReference Foreign = MetadataReference.CreateFromFile(typeof(RuleProject).Assembly.Location);

    // What this compiler calls a preview is the version that the SDK compiles.
    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Preview, DocumentationMode.Parse);

    private RuleProject(params IEnumerable<MetadataReference> references) => Compilation = CSharpCompilation.Create(
        "Rules",
        references: references,
        options: new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            optimizationLevel: OptimizationLevel.Release,
            warningLevel: 9999,
            nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>Rules over the model of this library.</summary>
    public static RuleProject OfEndpointEvents { get; } = new([.. Platform, Library]);

    /// <summary>Rules over the model in <see cref="ForeignModel"/>, which is a reference beside this library, and behind it.</summary>
    public static RuleProject OfForeignEvents { get; } = new([.. Platform, Library, Foreign]);

    /// <summary>Without a reference to this library: there is no model.</summary>
    public static RuleProject WithoutLibrary { get; } = new(Platform);

    /// <summary>The project's C# without what is generated.</summary>
    public CSharpCompilation Compilation { get; private init; }

    /// <summary>Rule files, in the order they were added.</summary>
    public ImmutableArray<AdditionalText> Files { get; private init; } = [];

    /// <summary>What the project file makes visible to the compiler.</summary>
    public ProjectProperties Properties { get; private init; } =
        new(ImmutableDictionary<string, string>.Empty.Add("RootNamespace", "Rules").Add("ProjectDir", Folder));

    /// <summary>Adds a file, or replaces it. A relative path begins at the project's folder.</summary>
    public RuleProject WithFile(string path, string? text)
    {
        var file = new TextInMemory(path.StartsWith('/') ? path : Folder + path, text);
        int old = Files.Select(known => known.Path).ToList().IndexOf(file.Path);
        return this with { Files = old < 0 ? Files.Add(file) : Files.SetItem(old, file) };
    }

    /// <summary>Adds a rule that has the tags it must have, or replaces its query.</summary>
    public RuleProject WithRule(string path, string query) => WithFile(path, RuleText.Of(path, query));

    public RuleProject WithoutFile(string path) => this with { Files = Files.RemoveAll(file => file.Path == Folder + path) };

    public RuleProject WithProperty(string name, string value) => this with { Properties = new ProjectProperties(Properties.Values.SetItem(name, value)) };

    /// <summary>Adds a file of C#, or replaces it.</summary>
    public RuleProject WithCSharp(string path, string text)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(text, Parsing, path, Encoding.UTF8);
        SyntaxTree? old = Compilation.SyntaxTrees.FirstOrDefault(known => known.FilePath == path);
        return this with { Compilation = old is null ? Compilation.AddSyntaxTrees(tree) : Compilation.ReplaceSyntaxTree(old, tree) };
    }

    /// <summary>Sets a severity as a <c>.globalconfig</c> does.</summary>
    public RuleProject WithSeverity(string id, ReportDiagnostic severity) =>
        WithOptions(Compilation.Options.WithSpecificDiagnosticOptions(Compilation.Options.SpecificDiagnosticOptions.SetItem(id, severity)));

    /// <summary>Compiled as for a debugger: the runtime knows the place of every statement, not only of some.</summary>
    public RuleProject ForDebugging() => WithOptions(Compilation.Options.WithOptimizationLevel(OptimizationLevel.Debug));

    /// <summary>A driver that has not run yet.</summary>
    public GeneratorDriver CreateDriver() => CSharpGeneratorDriver.Create(
        [new EqlGenerator().AsSourceGenerator()],
        Files,
        // Documentation that is not well-formed is a warning too.
        Parsing.WithDocumentationMode(DocumentationMode.Diagnose),
        Properties,
        new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>Runs the generator once.</summary>
    public GeneratorRunResult Generate() => CreateDriver().RunGenerators(Compilation).GetRunResult().Results.Single();

    /// <summary>What the generator made of a rule file, by the end of its name.</summary>
    public string GeneratedFrom(string file) =>
        Generate().GeneratedSources.Single(source => source.HintName.EndsWith(file + ".g.cs", StringComparison.Ordinal)).SourceText.ToString();

    /// <summary>What the analyzer says of the rule files, by place.</summary>
    public async Task<IReadOnlyList<Diagnostic>> AnalyzeAsync()
    {
        CompilationWithAnalyzers analysis = Compilation.WithAnalyzers([new EqlAnalyzer()], new AnalyzerOptions(Files, Properties));
        ImmutableArray<Diagnostic> found = await analysis.GetAnalyzerDiagnosticsAsync();
        return
        [
            .. found.OrderBy(diagnostic => diagnostic.Location.GetLineSpan().Path, StringComparer.Ordinal)
                .ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start)
                .ThenBy(diagnostic => diagnostic.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>Compiles what was generated. A single warning of the compiler fails the test.</summary>
    public CompiledRules Compile()
    {
        CreateDriver().RunGeneratorsAndUpdateCompilation(Compilation, out Compilation compiled, out ImmutableArray<Diagnostic> said);
        AssertNone(said);
        AssertNone(compiled.GetDiagnostics());
        return CompiledRules.Load(compiled);
    }

    private RuleProject WithOptions(CSharpCompilationOptions options) => this with { Compilation = Compilation.WithOptions(options) };

    private static void AssertNone(IEnumerable<Diagnostic> diagnostics)
    {
        string[] bad = [.. diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning).Take(5).Select(d => $"{d}\n    {Line(d)}")];
        Assert.True(bad.Length == 0, string.Join('\n', bad));
    }

    private static string? Line(Diagnostic diagnostic) =>
        diagnostic.Location.SourceTree?.GetText().Lines[diagnostic.Location.GetLineSpan().StartLinePosition.Line].ToString();
}
