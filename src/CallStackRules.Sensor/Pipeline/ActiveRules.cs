using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sequences;

namespace CallStackRules.Sensor.Pipeline;

/// <summary>The rules that a command works with: the built-in ones, files of compiled rules, or both.</summary>
internal sealed class ActiveRules
{
    /// <summary>The word that stands for the built-in rules among the names of files.</summary>
    public const string BuiltIn = "builtin";

    private readonly RuleSet<EndpointEvent>[] _sets;
    private readonly RuleEngine<EndpointEvent>[] _engines;
    private readonly WatchedRules?[] _watched;
    private readonly int _maxPending;
    private readonly string? _operatingSystem;
    private long _matchesEvictedBefore;
    private long _processesEvictedBefore;

    /// <summary>Loads what is named.</summary>
    /// <param name="names">Files, or <see cref="BuiltIn"/>; none: the built-in rules.</param>
    /// <param name="builtIn">The built-in rules.</param>
    /// <param name="maxPending">How many pending matches each rule over several events can have.</param>
    /// <param name="operatingSystem">
    /// The system that all events come from: rules for others are left out. Null where events say where they come from, as those of recordings.
    /// </param>
    /// <inheritdoc cref="RuleLibrary.Load" path="/exception"/>
    public ActiveRules(
        IReadOnlyList<string> names, RuleSet<EndpointEvent> builtIn, int maxPending = StepsMatcher<EndpointEvent>.DefaultCapacity, string? operatingSystem = null)
    {
        _operatingSystem = operatingSystem;
        IReadOnlyList<string> wanted = names.Count > 0 ? [.. names.Distinct(StringComparer.Ordinal)] : [BuiltIn];
        _watched = [.. wanted.Select(name => name == BuiltIn ? null : new WatchedRules(name))];
        _sets = [.. _watched.Select(watched => ForTheSystem(watched?.Rules ?? builtIn))];
        _maxPending = maxPending;
        _engines = [.. _sets.Select(set => new RuleEngine<EndpointEvent>(set, maxPending))];
    }

    /// <summary>The rules, a set for each name.</summary>
    public IReadOnlyList<RuleSet<EndpointEvent>> Sets => _sets;

    /// <summary>What is known of each rule.</summary>
    public IEnumerable<RuleInfo> Infos => _sets.SelectMany(static set => set.Rules.Select(static rule => rule.Info).Concat(set.StepsRules.Select(static rule => rule.Info)));

    /// <summary>How many pending matches had to go because a rule had too many.</summary>
    public long EvictedMatches => _matchesEvictedBefore + _engines.Sum(static engine => engine.EvictedMatches);

    /// <summary>How many processes were forgotten because there were too many.</summary>
    public long EvictedProcesses => _processesEvictedBefore + _engines.Sum(static engine => engine.EvictedProcesses);

    /// <summary>Runs all rules over an event. Matches are appended; those over several events are valid until the next call.</summary>
    public void Push(EndpointEvent e, List<EventRule<EndpointEvent>> matches, List<StepsMatch<EndpointEvent>> completed)
    {
        foreach (RuleEngine<EndpointEvent> engine in _engines)
            engine.Push(e, matches, completed);
    }

    /// <summary>The stream ends: matches that waited for an event not to come are completed.</summary>
    public void End(List<StepsMatch<EndpointEvent>> completed)
    {
        foreach (RuleEngine<EndpointEvent> engine in _engines)
            engine.End(completed);
    }

    /// <summary>Loads files that changed since the last look. Rules loaded anew know nothing of the events before: what was pending is given up.</summary>
    /// <param name="report">Receives a message for each that was loaded, or could not be.</param>
    public void Refresh(Action<string> report)
    {
        for (int i = 0; i < _watched.Length; i++)
        {
            if (_watched[i] is not { } watched)
                continue;
            RuleSet<EndpointEvent> before = watched.Rules;
            if (watched.Refresh() is not { } message)
                continue;
            if (before != watched.Rules)
            {
                _sets[i] = ForTheSystem(watched.Rules);
                _matchesEvictedBefore += _engines[i].EvictedMatches;
                _processesEvictedBefore += _engines[i].EvictedProcesses;
                _engines[i] = new RuleEngine<EndpointEvent>(_sets[i], _maxPending);
            }
            report(message);
        }
    }

    private RuleSet<EndpointEvent> ForTheSystem(RuleSet<EndpointEvent> rules) => _operatingSystem is null ? rules : new SystemRules(rules, _operatingSystem);
}
