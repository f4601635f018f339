using System.Reflection;
using CallStackRules.Events;
using CallStackRules.Sequences;

namespace CallStackRules.Rules.Tests;

/// <summary>The rule pack: as compiled, and as its files.</summary>
internal static class Pack
{
    /// <summary>The folder with the rule files and their examples.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "rules");

    /// <summary>Paths of the rule files below <see cref="Folder"/>, with forward slashes, as <see cref="RuleInfo.SourcePath"/> has them.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Directory.EnumerateFiles(Folder, "*.eql", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];

    /// <summary>The compiled rules.</summary>
    public static RuleSet<EndpointEvent> Rules { get; } = Load();

    /// <summary>All rules, those over several events last.</summary>
    public static IEnumerable<RuleInfo> Infos => Rules.Rules.Concat<Rule<EndpointEvent>>(Rules.StepsRules).Select(rule => rule.Info);

    /// <summary>Runs all rules over an event; the rules that match with it.</summary>
    public static IEnumerable<RuleInfo> Push(RuleEngine<EndpointEvent> engine, EndpointEvent e)
    {
        var matches = new List<EventRule<EndpointEvent>>();
        var completed = new List<StepsMatch<EndpointEvent>>();
        engine.Push(e, matches, completed);
        return [.. matches.Select(rule => rule.Info), .. completed.Select(match => match.Rule.Info)];
    }

    /// <summary>The file of examples beside a rule file.</summary>
    public static string ExamplesOf(string file) => Path.Combine(Folder, Path.ChangeExtension(file, ".examples.ndjson"));

    private static RuleSet<EndpointEvent> Load()
    {
        Type rules = Assembly.Load("CallStackRules.Rules").GetCustomAttribute<EqlRuleSetAttribute>()!.RuleSet;
        return (RuleSet<EndpointEvent>)Activator.CreateInstance(rules)!;
    }
}
