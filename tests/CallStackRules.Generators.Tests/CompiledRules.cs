using System.Reflection;
using System.Runtime.Loader;
using CallStackRules.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Emit;

namespace CallStackRules.Generators.Tests;

/// <summary>An assembly of compiled rules, loaded with its symbols until it is disposed of.</summary>
internal sealed class CompiledRules : IDisposable
{
    private readonly AssemblyLoadContext _context = new("rules", isCollectible: true);

    private CompiledRules(Stream assembly, Stream symbols) => Assembly = _context.LoadFromStream(assembly, symbols);

    public Assembly Assembly { get; }

    public static CompiledRules Load(Compilation compilation)
    {
        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        EmitResult result = compilation.Emit(assembly, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        assembly.Position = 0;
        symbols.Position = 0;
        return new CompiledRules(assembly, symbols);
    }

    /// <summary>The rule set, found as a host finds it.</summary>
    public object RuleSet() => Activator.CreateInstance(Assembly.GetCustomAttribute<EqlRuleSetAttribute>()!.RuleSet)!;

    /// <summary>The rule set over a model that the tests know.</summary>
    public RuleSet<TEvent> RuleSet<TEvent>() => (RuleSet<TEvent>)RuleSet();

    public void Dispose() => _context.Unload();
}
