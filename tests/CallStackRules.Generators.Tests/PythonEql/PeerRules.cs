using System.Text.Json;
using CallStackRules.Eql;
using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Schema;
using CallStackRules.Eql.Tests.PythonEql;
using CallStackRules.Generators.Emit;
using CallStackRules.Generators.Model;
using CallStackRules.Rules;
using CallStackRules.Sequences;

namespace CallStackRules.Generators.Tests.PythonEql;

/// <summary>
/// Queries of python-eql, each in the readings of case it is for, compiled into one assembly as the older dialect means them. That meaning has no spelling, so what
/// is emitted are bound trees.
/// </summary>
internal sealed class PeerRules : IDisposable
{
    private const string Schema =
        "[assembly: global::CallStackRules.Schema.EqlSchema(typeof(global::CallStackRules.Generators.Tests.PythonEql.PeerEvent), Category = \"event_type\")]";

    private readonly CompiledRules _compiled;
    private readonly RuleSet<PeerEvent> _rules;

    private PeerRules(IEnumerable<PeerQuery> queries)
    {
        RuleProject rules = RuleProject.OfForeignEvents.WithCSharp("Schema.cs", Schema);
        EventSchema schema = SchemaReader.Read(rules.Compilation, CancellationToken.None)!;
        var project = new Project("Rules", RuleProject.Folder, RunsAnalyzers: true);
        var entries = new List<RuleEntry>();
        foreach (PeerQuery query in queries)
        {
            foreach (bool ignoreCase in query.Modes)
            {
                string path = RuleProject.Folder + File(query, ignoreCase);
                CompiledRule compiled = RuleCompiler.Compile(Tests.RuleText.Of(path, LegacyProfile.Respell(query.Text)), schema);
                Assert.True(compiled.Succeeded, $"{query.Number}: {compiled.Diagnostics.FirstOrDefault(diagnostic => diagnostic.IsError)?.Message}");
                BoundQuery reread = LegacyProfile.Reread(compiled.Query!, ignoreCase);
                var name = RuleName.Of(path, project);
                rules = rules.WithCSharp(name.HintName, RuleEmitter.Class(name, path, compiled.File!, reread, schema));
                BoundQuery emitted = RuleEmitter.WithSteps(reread);
                entries.Add(new RuleEntry(name.FullName, name.RelativePath, (emitted as BoundEventQuery)?.Filter.Category, emitted is BoundStepsQuery));
            }
        }
        RuleSetModel set = new("Rules", entries.ToEquatableArray());
        _compiled = rules.WithCSharp("RulePack.cs", RuleSetEmitter.Emit(set, schema)).Compile();
        _rules = _compiled.RuleSet<PeerEvent>();
    }

    public static PeerRules Of(IEnumerable<PeerQuery> queries) => new(queries);

    /// <summary>Runs all queries over the events. Gives by query and reading the numbers of the events of its results, in order.</summary>
    public Func<PeerQuery, bool, IReadOnlyList<long>> Run(IEnumerable<JsonElement> events)
    {
        var engine = new RuleEngine<PeerEvent>(_rules);
        var matches = new List<EventRule<PeerEvent>>();
        var completed = new List<StepsMatch<PeerEvent>>();
        var found = new List<(string File, long Number)>();
        foreach (PeerEvent e in events.Select(PeerEvent.Read))
        {
            matches.Clear();
            completed.Clear();
            engine.Push(e, matches, completed);
            found.AddRange(matches.Select(match => (match.Info.SourcePath, e.SerialEventId!.Value)));
            found.AddRange(completed.SelectMany(Numbers));
        }
        completed.Clear();
        engine.End(completed);
        found.AddRange(completed.SelectMany(Numbers));
        ILookup<string, long> byFile = found.ToLookup(one => one.File, one => one.Number);
        return (query, ignoreCase) => [.. byFile[File(query, ignoreCase)]];
    }

    public void Dispose() => _compiled.Dispose();

    private static IEnumerable<(string File, long Number)> Numbers(StepsMatch<PeerEvent> match) => match.Events.Select((kept, i) =>
    {
        int field = match.Rule.Plan.KeptFields[match.StepOf(i)].ToList().IndexOf("process.pid");
        return (match.Rule.Info.SourcePath, kept.Number(field).Integer!.Value);
    });

    private static string File(PeerQuery query, bool ignoreCase) => $"q{query.Number:000}-{(ignoreCase ? "ignored" : "observed")}.eql";
}
