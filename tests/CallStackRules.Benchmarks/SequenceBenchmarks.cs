using BenchmarkDotNet.Attributes;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sequences;

namespace CallStackRules.Benchmarks;

/// <summary>What one sequence costs an event that none of its steps asks for, through the whole engine. Times are for one event.</summary>
[MemoryDiagnoser]
public class SequenceBenchmarks
{
    private const int EventCount = 64;

    private readonly RuleEngine<EndpointEvent> _engine = new(new RulePack());
    private readonly List<EventRule<EndpointEvent>> _matches = [];
    private readonly List<StepsMatch<EndpointEvent>> _completed = [];
    private EndpointEvent[] _events = [];

    /// <summary>Reads the recording.</summary>
    [GlobalSetup]
    public void Load() => _events = [.. Recording.Load().Take(EventCount)];

    /// <summary>The engine with the one rule.</summary>
    [Benchmark(OperationsPerInvoke = EventCount)]
    public int NoStepMatches()
    {
        _matches.Clear();
        _completed.Clear();
        foreach (EndpointEvent e in _events)
            _engine.Push(e, _matches, _completed);
        return _completed.Count;
    }
}
