using System.Globalization;
using CallStackRules.Eql.Tests.Interpretation;
using CallStackRules.Rules;
using CallStackRules.Sequences;

namespace CallStackRules.Generators.Tests.Streams;

/// <summary>Queries over streams, compiled into one assembly, for the engine to run.</summary>
internal sealed class StreamRules : IDisposable
{
    private const string Schema = "[assembly: global::CallStackRules.Schema.EqlSchema(typeof(global::CallStackRules.Generators.Tests.Streams.StreamEvent))]";

    private readonly CompiledRules _compiled;
    private readonly Dictionary<Rule<StreamEvent>, int> _numbers;
    private readonly Dictionary<StepsRule<StreamEvent>, int[]> _places;

    private StreamRules(IReadOnlyList<string> queries)
    {
        RuleProject project = RuleProject.OfForeignEvents.WithCSharp("Schema.cs", Schema).WithProperty("RunAnalyzers", "false");
        for (int i = 0; i < queries.Count; i++)
            project = project.WithRule(File(i), StepsRun.Spell(queries[i]));
        _compiled = project.Compile();
        RuleSet = _compiled.RuleSet<StreamEvent>();
        Rule<StreamEvent>[] rules = [.. RuleSet.Rules, .. RuleSet.StepsRules];
        Dictionary<string, int> numbers = Enumerable.Range(0, queries.Count).ToDictionary(File);
        _numbers = rules.ToDictionary(rule => rule, rule => numbers[rule.Info.SourcePath]);
        _places = RuleSet.StepsRules.ToDictionary(
            rule => rule, rule => rule.Plan.KeptFields.Select(fields => fields.ToList().IndexOf("process.pid")).ToArray());
        Count = queries.Count;
        Assert.Equal(Count, rules.Length);
    }

    /// <summary>How many queries there are.</summary>
    public int Count { get; }

    public RuleSet<StreamEvent> RuleSet { get; }

    public static StreamRules Of(IReadOnlyList<string> queries) => new(queries);

    public static IReadOnlyList<StreamEvent> Read(IReadOnlyList<string> events) => [.. events.Select((json, i) => StreamEvent.Read(json, i + 1))];

    /// <summary>Runs all queries over a stream. Gives by query its results, as <see cref="StepsRun.Results"/> writes them.</summary>
    public IReadOnlyList<string> Results(IReadOnlyList<StreamEvent> events, int capacity = StepsMatcher<StreamEvent>.DefaultCapacity)
    {
        var engine = new RuleEngine<StreamEvent>(RuleSet, capacity);
        var matches = new List<EventRule<StreamEvent>>();
        var completed = new List<StepsMatch<StreamEvent>>();
        List<string>[] found = [.. Enumerable.Range(0, Count).Select(_ => new List<string>())];
        foreach (StreamEvent e in events)
        {
            matches.Clear();
            completed.Clear();
            engine.Push(e, matches, completed);
            foreach (EventRule<StreamEvent> match in matches)
                found[_numbers[match]].Add($"{e.Place}");
            Add($"{e.Place}");
        }
        completed.Clear();
        engine.End(completed);
        Add("end");
        return [.. found.Select(results => string.Join("; ", results))];

        void Add(string at)
        {
            foreach (StepsMatch<StreamEvent> match in completed)
            {
                int[] numbers = [.. match.Events.Select((kept, i) => (int)kept.Number(_places[match.Rule][match.StepOf(i)]).Integer!.Value)];
                string shown = string.Join(' ', numbers);
                if (match.Count is { } count)
                    shown += string.Create(CultureInfo.InvariantCulture, $" ({count.Count} of {count.Share:0.0##}: {Values(count.Values)})");
                found[_numbers[match.Rule]].Add((at == $"{numbers.DefaultIfEmpty().Max()}" ? shown : $"{shown} at {at}").Trim());
            }
        }
    }

    private static string Values(Snapshot kept) => string.Join(',', Enumerable.Range(0, kept.FieldCount).Select(field => kept.Count(field) == 0
        ? "-" : string.Join('+', Enumerable.Range(0, kept.Count(field)).Select(i => Value(kept, field, i)))));

    private static object? Value(Snapshot kept, int field, int index) => kept.Kind(field, index) switch
    {
        ValueKind.Text => kept.Text(field, index).ToString(),
        ValueKind.Whole => kept.Number(field, index).Integer,
        ValueKind.Fraction => kept.Number(field, index).Fraction,
        _ => kept.Boolean(field, index),
    };

    public void Dispose() => _compiled.Dispose();

    private static string File(int number) => $"r{number:0000}.eql";
}
