using System.Globalization;
using CallStackRules.Eql;
using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Schema;
using CallStackRules.Events;
using CallStackRules.Rules;
using Tomlyn;
using Tomlyn.Model;

namespace CallStackRules.Generators.Tests.Corpus;

/// <summary>The public endpoint rules, each bound for the interpreter, and all compiled into one assembly.</summary>
internal sealed class PublicRules : IDisposable
{
    private readonly CompiledRules _compiled;
    private readonly Dictionary<string, int> _placeByPath = new(StringComparer.Ordinal);

    private PublicRules(IReadOnlyList<string> files)
    {
        Names = [.. files.Select(Path.GetFileNameWithoutExtension)!];
        string[] queries = [.. files.Select(ReadQuery)];
        Queries = [.. queries.Select(Bind)];
        RuleProject project = RuleProject.OfEndpointEvents;
        for (int i = 0; i < queries.Length; i++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"r{i:0000}.eql");
            _placeByPath.Add(path, i);
            project = project.WithRule(path, queries[i]);
        }
        _compiled = project.Compile();
        Compiled = _compiled.RuleSet<EndpointEvent>();
    }

    /// <summary>The fields of endpoint events.</summary>
    public static EventSchema Schema { get; } = ReflectionSchemaReader.Read(typeof(EndpointEvent).Assembly);

    /// <summary>What the rules' files are called.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The queries, rule by rule.</summary>
    public IReadOnlyList<BoundQuery> Queries { get; }

    /// <summary>All of them, compiled.</summary>
    public RuleSet<EndpointEvent> Compiled { get; }

    /// <summary>Reads and compiles all rules below a folder. One that has an error, or makes the compiler warn, fails the test.</summary>
    public static PublicRules Read(string folder) =>
        new([.. Directory.EnumerateFiles(folder, "*.toml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]);

    /// <summary>The place of a compiled rule among all.</summary>
    public int PlaceOf(Rule<EndpointEvent> rule) => _placeByPath[rule.Info.SourcePath];

    public void Dispose() => _compiled.Dispose();

    private static string ReadQuery(string file)
    {
        TomlTable rule = (TomlTable)TomlSerializer.Deserialize<TomlTable>(File.ReadAllText(file))!["rule"];
        return (string)rule["query"];
    }

    private static BoundQuery Bind(string query)
    {
        CompiledRule rule = RuleCompiler.CompileQuery(query, Schema);
        Assert.True(rule.Succeeded, $"{query}\n{string.Join('\n', rule.Diagnostics)}");
        return rule.Query!;
    }
}
