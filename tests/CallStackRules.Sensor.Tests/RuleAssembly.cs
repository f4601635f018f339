using System.Collections.Immutable;
using CallStackRules.Generators;
using CallStackRules.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace CallStackRules.Sensor.Tests;

/// <summary>Builds assemblies of rules as the compiler does with the generator.</summary>
internal static class RuleAssembly
{
    private static readonly ImmutableArray<MetadataReference> Platform =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static MetadataReference Library { get; } = MetadataReference.CreateFromFile(typeof(RuleInfo).Assembly.Location);

    /// <summary>Compiles one rule with an id and a name.</summary>
    public static byte[] OfRule(string id, string name, string query) => Compile("Rules", "", [Library], new RuleText($"// @id {id}\n// @name {name}\n{query}\n"));

    /// <summary>Compiles rules with ids of their own.</summary>
    public static byte[] OfRules(IEnumerable<(string Name, string Query)> rules) => Compile(
        "Rules", "", [Library], [.. rules.Select(static rule => new RuleText($"// @id {Guid.NewGuid()}\n// @name {rule.Name}\n{rule.Query}\n", $"/rules/{rule.Name}.eql"))]);

    /// <summary>Compiles C#, and with the generator what rule there is.</summary>
    public static byte[] Compile(string assembly, string source, IEnumerable<MetadataReference> references, params AdditionalText[] rules)
    {
        Compilation compilation = CSharpCompilation.Create(
            assembly, [CSharpSyntaxTree.ParseText(source)], [.. Platform, .. references], new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        if (rules.Length > 0)
        {
            CSharpGeneratorDriver.Create([new EqlGenerator().AsSourceGenerator()], rules)
                .RunGeneratorsAndUpdateCompilation(compilation, out compilation, out ImmutableArray<Diagnostic> diagnostics);
            Assert.Empty(diagnostics);
        }
        var image = new MemoryStream();
        Assert.Empty(compilation.Emit(image).Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return image.ToArray();
    }

    /// <summary>A rule file.</summary>
    public sealed class RuleText(string text, string path = "/rules/test.eql") : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
