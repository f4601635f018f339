using System.Diagnostics;
using CallStackRules.Events;
using CallStackRules.Rules;

namespace CallStackRules.Sensor.Pipeline;

/// <summary>
/// How long each rule over single events takes. Measured on a few events of many, on which all rules are run once more by themselves: the other events are not slowed
/// down by looking at the clock.
/// </summary>
/// <remarks>One thread samples; others may read, and see the numbers of a moment ago.</remarks>
internal sealed class RuleTimes
{
    /// <summary>Of this many events one is looked at.</summary>
    public const int SampledOf = 1024;

    private RuleSet<EndpointEvent>[] _sets = [];
    private long _events;

    /// <summary>The rules, and what each took so far.</summary>
    public IReadOnlyList<RuleTime> Rules { get; private set; } = [];

    /// <summary>Sees an event, and takes the time of the rules when it is its turn.</summary>
    public void See(IReadOnlyList<RuleSet<EndpointEvent>> sets, EndpointEvent e)
    {
        if (++_events % SampledOf != 0)
            return;
        if (!AreMeasured(sets))
        {
            _sets = [.. sets];
            Rules = [.. _sets.SelectMany(static set => set.Rules).Select(static rule => new RuleTime(rule))];
        }
        long before = Stopwatch.GetTimestamp();
        for (int i = 0; i < Rules.Count; i++)
        {
            RuleTime time = Rules[i];
            _ = time.Rule.Matches(e);
            long after = Stopwatch.GetTimestamp();
            time.Add(after - before);
            before = after;
        }
    }

    private bool AreMeasured(IReadOnlyList<RuleSet<EndpointEvent>> sets)
    {
        if (sets.Count != _sets.Length)
            return false;
        for (int i = 0; i < _sets.Length; i++)
        {
            if (sets[i] != _sets[i])
                return false;
        }
        return true;
    }
}

/// <summary>What one rule took.</summary>
/// <param name="rule">The rule.</param>
internal sealed class RuleTime(EventRule<EndpointEvent> rule)
{
    private long _ticks;
    private long _samples;

    /// <summary>The rule.</summary>
    public EventRule<EndpointEvent> Rule { get; } = rule;

    /// <summary>Its name and so on.</summary>
    public AlertedRule Name { get; } = AlertedRule.Of(rule.Info);

    /// <summary>Time of all samples, in seconds.</summary>
    public double Seconds => (double)Interlocked.Read(ref _ticks) / Stopwatch.Frequency;

    /// <summary>Events that it was measured on.</summary>
    public long Samples => Interlocked.Read(ref _samples);

    /// <summary>Adds a sample.</summary>
    public void Add(long ticks)
    {
        _ticks += ticks;
        _samples++;
    }
}
