using BenchmarkDotNet.Attributes;
using CallStackRules.Eql;
using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Interpretation;
using CallStackRules.Eql.Schema;
using CallStackRules.Events;
using CallStackRules.Rules;

namespace CallStackRules.Benchmarks;

/// <summary>
/// The whole rule pack on every event of the demo recording: the compiled matchers, against the interpreter of the same rules in the same process. Times are
/// for one event.
/// </summary>
[MemoryDiagnoser]
public class MatchingBenchmarks
{
    private const int EventCount = 64;

    private readonly CallStackRules.Rules.RulePack _rules = new();
    private readonly List<EventRule<EndpointEvent>> _matches = [];
    private EndpointEvent[] _events = [];
    private BoundFilter[] _filters = [];
    private Interpreter? _interpreter;

    /// <summary>Reads the recording and binds the rules for the interpreter.</summary>
    [GlobalSetup]
    public void Load()
    {
        _events = [.. Recording.Load().Take(EventCount)];
        EventSchema schema = ReflectionSchemaReader.Read(typeof(EndpointEvent).Assembly);
        _interpreter = new Interpreter(schema, new ReflectionEventReader());
        _filters = [.. _rules.Rules.Select(rule => ((BoundEventQuery)RuleCompiler.CompileQuery(rule.Info.Query, schema).Query!).Filter)];
    }

    /// <summary>Generated matchers, by category.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = EventCount)]
    public int Compiled()
    {
        _matches.Clear();
        foreach (EndpointEvent e in _events)
            _rules.Match(e, _matches);
        return _matches.Count;
    }

    /// <summary>The interpreter, rule after rule.</summary>
    [Benchmark(OperationsPerInvoke = EventCount)]
    public int Interpreted()
    {
        int matches = 0;
        foreach (EndpointEvent e in _events)
        {
            foreach (BoundFilter filter in _filters)
                matches += _interpreter!.Matches(filter, e) ? 1 : 0;
        }
        return matches;
    }
}
