using CallStackRules.Capture;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sequences;

namespace CallStackRules.Sensor.Pipeline;

/// <summary>The rules that a command works with: the built-in ones, files of compiled rules, or both.</summary>
internal sealed class ActiveRules
{
    /// <summary>The word that stands for the built-in rules among the names of files.</summary>
    public const string BuiltIn = "builtin";

    /// <summary>What a rule asks for that refuses programs.</summary>
    public const string Deny = "deny";

    private readonly RuleSet<EndpointEvent>[] _sets;
    private readonly RuleEngine<EndpointEvent>[] _engines;
    private readonly WatchedRules?[] _watched;
    private readonly string? _liveSystem;
    private EventRule<EndpointEvent>[] _refusing;

    /// <summary>Loads what is named.</summary>
    /// <param name="names">Files, or <see cref="BuiltIn"/>; none: the built-in rules.</param>
    /// <param name="builtIn">The built-in rules.</param>
    /// <param name="maxPending">How many pending matches each rule over several events can have.</param>
    /// <param name="liveSystem">
    /// The system whose live events the rules are for: those for other systems are left out, and those that give results only at an end are refused. Null for recordings, which
    /// have an end, and whose events say where they come from.
    /// </param>
    /// <inheritdoc cref="RuleLibrary.Load" path="/exception"/>
    public ActiveRules(
        IReadOnlyList<string> names, RuleSet<EndpointEvent> builtIn, int maxPending = StepsMatcher<EndpointEvent>.DefaultCapacity, string? liveSystem = null)
    {
        _liveSystem = liveSystem;
        IReadOnlyList<string> wanted = names.Count > 0 ? [.. names.Distinct(StringComparer.Ordinal)] : [BuiltIn];
        _watched = [.. wanted.Select(name => name == BuiltIn ? null : new WatchedRules(name, Check) { LoadsAside = liveSystem is not null })];
        if (wanted.Contains(BuiltIn))
            Check(builtIn);
        _sets = [.. _watched.Select(watched => ForTheSystem(watched?.Rules ?? builtIn))];
        _refusing = FindRefusing();
        _engines = [.. _sets.Select(set => new RuleEngine<EndpointEvent>(set, maxPending))];
    }

    /// <summary>The rules, a set for each name.</summary>
    public IReadOnlyList<RuleSet<EndpointEvent>> Sets => _sets;

    /// <summary>The rules over single events that refuse programs: those with <c>@action deny</c>.</summary>
    public ReadOnlySpan<EventRule<EndpointEvent>> Refusing => _refusing;

    /// <summary>What is known of each rule.</summary>
    public IEnumerable<RuleInfo> Infos => _sets.SelectMany(static set => set.Rules.Select(static rule => rule.Info).Concat(set.StepsRules.Select(static rule => rule.Info)));

    /// <summary>How many pending matches had to go because a rule had too many.</summary>
    public long EvictedMatches => _engines.Sum(static engine => engine.EvictedMatches);

    /// <summary>How many processes were forgotten because there were too many.</summary>
    public long EvictedProcesses => _engines.Sum(static engine => engine.EvictedProcesses);

    /// <summary>Runs all rules over an event. Matches are appended; those over several events are valid until the next call.</summary>
    public void Push(EndpointEvent e, List<EventRule<EndpointEvent>> matches, List<StepsMatch<EndpointEvent>> completed)
    {
        foreach (RuleEngine<EndpointEvent> engine in _engines)
            engine.Push(e, matches, completed);
    }

    /// <summary>Says what time it is while no event comes: see <see cref="RuleEngine{TEvent}.AdvanceTo"/>.</summary>
    public void AdvanceTo(long time, List<StepsMatch<EndpointEvent>> completed)
    {
        foreach (RuleEngine<EndpointEvent> engine in _engines)
            engine.AdvanceTo(time, completed);
    }

    /// <summary>The stream ends: matches that waited for an event not to come are completed.</summary>
    public void End(List<StepsMatch<EndpointEvent>> completed)
    {
        foreach (RuleEngine<EndpointEvent> engine in _engines)
            engine.End(completed);
    }

    /// <summary>Loads files that changed since the last look. What is remembered for a rule stays when its query is the same as before.</summary>
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
                _engines[i] = _engines[i].With(_sets[i]);
                _refusing = FindRefusing();
            }
            report(message);
        }
    }

    private EventRule<EndpointEvent>[] FindRefusing() => [.. _sets.SelectMany(static set => set.Rules).Where(static rule => rule.Info.Actions.Any(static action => action.Kind == Deny))];

    private RuleSet<EndpointEvent> ForTheSystem(RuleSet<EndpointEvent> rules) => _liveSystem is null ? rules : new SystemRules(rules, _liveSystem);

    /// <summary>Sees whether rules can be used, and has those that will be used on live events compiled.</summary>
    private void Check(RuleSet<EndpointEvent> set)
    {
        string[] refused = _liveSystem is null ? [] : [.. set.StepsRules.Select(static rule => rule.Info).Where(static rule => rule.NeedsEnd.Length > 0).Select(Refuse)];
        if (refused.Length > 0)
            throw new InvalidDataException(string.Join('\n', refused));
        if (_liveSystem is null)
            return;
        RuleSet<EndpointEvent> own = ForTheSystem(set);
        CompiledAhead.Prepare(own.Rules.Select(static rule => rule.GetType()).Concat(own.StepsRules.Select(static rule => rule.GetType())));
    }

    private static string Refuse(RuleInfo rule) =>
        $"{rule.SourcePath}: '{rule.Name}' has the pipe '{rule.NeedsEnd}', which gives results only when a recording ends. Use 'replay', or take the rule out.";
}
