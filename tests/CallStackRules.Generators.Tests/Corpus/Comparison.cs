using System.Globalization;
using CallStackRules.Eql.Interpretation;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sequences;

namespace CallStackRules.Generators.Tests.Corpus;

/// <summary>The public rules over one stream, compiled and interpreted side by side.</summary>
internal sealed class Comparison
{
    private readonly PublicRules _rules;
    private readonly RuleEngine<EndpointEvent> _engine;
    private readonly EventMemo _reader = new(new ReflectionEventReader());
    private readonly QueryInterpreter[] _interpreters;
    private readonly List<EventRule<EndpointEvent>> _matches = [];
    private readonly List<StepsMatch<EndpointEvent>> _completed = [];
    private readonly List<string> _disagreements = [];

    public Comparison(PublicRules rules)
    {
        _rules = rules;
        _engine = new RuleEngine<EndpointEvent>(rules.Compiled);
        _interpreters = [.. rules.Queries.Select(query => new QueryInterpreter(query, PublicRules.Schema, _reader))];
    }

    public int Events { get; private set; }

    /// <summary>Matches over single events.</summary>
    public int EventAlerts { get; private set; }

    /// <summary>Matches over several events.</summary>
    public int StepsAlerts { get; private set; }

    /// <summary>What the compiled rules allocated in all.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>Where the two said something else.</summary>
    public IReadOnlyList<string> Disagreements => _disagreements;

    /// <summary>Gives both an event, which must stay as it is.</summary>
    public void Push(EndpointEvent e)
    {
        _matches.Clear();
        _completed.Clear();
        long before = GC.GetAllocatedBytesForCurrentThread();
        _engine.Push(e, _matches, _completed);
        AllocatedBytes += GC.GetAllocatedBytesForCurrentThread() - before;
        _reader.Begin(e);
        Compare(interpreter => interpreter.Push(e));
        Events++;
    }

    /// <summary>The stream ends.</summary>
    public void End()
    {
        _matches.Clear();
        _completed.Clear();
        _engine.End(_completed);
        Compare(static interpreter => interpreter.End());
    }

    private void Compare(Func<QueryInterpreter, IReadOnlyList<QueryResult>> interpret)
    {
        ILookup<int, string> compiled = _matches.Select(rule => (Rule: _rules.PlaceOf(rule), Match: "matches"))
            .Concat(_completed.Select(match => (Rule: _rules.PlaceOf(match.Rule), Match: Describe(match))))
            .ToLookup(found => found.Rule, found => found.Match);
        EventAlerts += _matches.Count;
        StepsAlerts += _completed.Count;
        for (int rule = 0; rule < _interpreters.Length; rule++)
        {
            IReadOnlyList<QueryResult> results = interpret(_interpreters[rule]);
            if (results.Count == 0 && !compiled.Contains(rule))
                continue;
            StepsRule<EndpointEvent>? steps = _rules.Compiled.StepsRules.FirstOrDefault(known => _rules.PlaceOf(known) == rule);
            string interpretedText = string.Join('\n', results.Select(result => steps is null ? "matches" : Describe(result, steps.Plan)));
            string compiledText = string.Join('\n', compiled[rule]);
            if (interpretedText != compiledText)
                _disagreements.Add($"{_rules.Names[rule]} on event {Events}\n  interpreted: {interpretedText}\n  compiled:    {compiledText}");
        }
    }

    /// <summary>Of each event the step, the time and what was kept.</summary>
    private static string Describe(StepsMatch<EndpointEvent> match) => string.Join("; ", match.Events.Select((kept, i) => Describe(
        match.StepOf(i),
        kept.Time,
        from field in Enumerable.Range(0, kept.FieldCount)
        select from value in Enumerable.Range(0, kept.Count(field)) select Value(kept, field, value))));

    private string Describe(QueryResult result, StepsPlan plan) => string.Join(
        "; ",
        from step in Enumerable.Range(0, result.Steps.Count)
        from EndpointEvent e in result.Steps[step]
        select Describe(
            step,
            e.Timestamp,
            from path in plan.KeptFields[step]
            select from value in _reader.Read(e, PublicRules.Schema.Find(path)!, 0) select string.Create(CultureInfo.InvariantCulture, $"{value}")));

    private static string Describe(int step, long? time, IEnumerable<IEnumerable<string>> fields) => string.Create(
        CultureInfo.InvariantCulture, $"step {step} at {time}: {string.Join(", ", fields.Select(values => $"[{string.Join(' ', values)}]"))}");

    private static string Value(Snapshot kept, int field, int index) => kept.Kind(field, index) switch
    {
        ValueKind.Text => kept.Text(field, index).ToString(),
        ValueKind.Boolean => kept.Boolean(field, index).ToString()!,
        ValueKind.Whole => string.Create(CultureInfo.InvariantCulture, $"{kept.Number(field, index).Integer}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{kept.Number(field, index).Fraction}"),
    };
}
