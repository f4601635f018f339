using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CallStackRules.Generators.Tests;

/// <summary>Properties of a project file as the compiler hands them on.</summary>
internal sealed class ProjectProperties(ImmutableDictionary<string, string> values) : AnalyzerConfigOptionsProvider
{
    public ImmutableDictionary<string, string> Values => values;

    public override AnalyzerConfigOptions GlobalOptions => new Options(values);

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => new Options(ImmutableDictionary<string, string>.Empty);

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => new Options(ImmutableDictionary<string, string>.Empty);

    private sealed class Options(ImmutableDictionary<string, string> values) : AnalyzerConfigOptions
    {
        private const string Prefix = "build_property.";

        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
        {
            value = null;
            return key.StartsWith(Prefix, StringComparison.Ordinal) && values.TryGetValue(key[Prefix.Length..], out value);
        }
    }
}
