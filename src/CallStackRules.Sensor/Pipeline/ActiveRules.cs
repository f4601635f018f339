using CallStackRules.Events;
using CallStackRules.Rules;

namespace CallStackRules.Sensor.Pipeline;

/// <summary>The rules that a command works with: the built-in ones, files of compiled rules, or both.</summary>
internal sealed class ActiveRules
{
    /// <summary>The word that stands for the built-in rules among the names of files.</summary>
    public const string BuiltIn = "builtin";

    private readonly RuleSet<EndpointEvent>[] _sets;
    private readonly WatchedRules?[] _watched;

    /// <summary>Loads what is named.</summary>
    /// <param name="names">Files, or <see cref="BuiltIn"/>; none: the built-in rules.</param>
    /// <param name="builtIn">The built-in rules.</param>
    /// <inheritdoc cref="RuleLibrary.Load" path="/exception"/>
    public ActiveRules(IReadOnlyList<string> names, RuleSet<EndpointEvent> builtIn)
    {
        IReadOnlyList<string> wanted = names.Count > 0 ? [.. names.Distinct(StringComparer.Ordinal)] : [BuiltIn];
        _watched = [.. wanted.Select(name => name == BuiltIn ? null : new WatchedRules(name))];
        _sets = [.. _watched.Select(watched => watched?.Rules ?? builtIn)];
    }

    /// <summary>What is known of all rules.</summary>
    public IReadOnlyList<RuleInfo> Infos => [.. _sets.SelectMany(set => set.Rules).Select(rule => rule.Info)];

    /// <summary>Runs every rule that can match an event and appends those that do.</summary>
    public void Match(EndpointEvent e, List<EventRule<EndpointEvent>> matches)
    {
        foreach (RuleSet<EndpointEvent> set in _sets)
            set.Match(e, matches);
    }

    /// <summary>Loads files that changed since the last look.</summary>
    /// <param name="report">Receives a message for each that was loaded, or could not be.</param>
    public void Refresh(Action<string> report)
    {
        for (int i = 0; i < _watched.Length; i++)
        {
            if (_watched[i] is not { } watched || watched.Refresh() is not { } message)
                continue;
            _sets[i] = watched.Rules;
            report(message);
        }
    }
}
