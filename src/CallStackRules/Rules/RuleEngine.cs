using System.Runtime.CompilerServices;
using CallStackRules.Events;
using CallStackRules.Sequences;

namespace CallStackRules.Rules;

/// <summary>
/// Runs a rule set over a stream of events and keeps what its rules must remember between events: ancestry, and pending matches of rules over several events.
/// One engine belongs to one stream and one thread.
/// </summary>
/// <typeparam name="TEvent">The event model.</typeparam>
public sealed class RuleEngine<TEvent>
{
    private readonly RuleSet<TEvent> _rules;
    private readonly LineageTracker<TEvent>? _lineage;
    private readonly StepsMatcher<TEvent>[] _matchers;
    private readonly StepsMatcher<TEvent>[] _clocked;
    private readonly StepsMatcher<TEvent>[] _anyCategory;
    private readonly Dictionary<string, StepsMatcher<TEvent>[]> _byCategory;
    private readonly Dictionary<string, StepsMatcher<TEvent>[]>.AlternateLookup<ReadOnlySpan<char>> _byCategorySpan;
    private readonly TextList _categories = new();
    private readonly PendingPool _pool;
    private readonly int _capacity;
    private readonly long _evictedMatches;
    private readonly long _evictedProcesses;
    private long _time;
    private long _events;

    /// <summary>An engine without anything remembered.</summary>
    /// <param name="rules">The rules. They are used by one engine at a time.</param>
    /// <param name="capacity">How many pending matches each rule over several events can have.</param>
    public RuleEngine(RuleSet<TEvent> rules, int capacity = StepsMatcher<TEvent>.DefaultCapacity)
        : this(rules, capacity, previous: null)
    {
    }

    private RuleEngine(RuleSet<TEvent> rules, int capacity, RuleEngine<TEvent>? previous)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _rules = rules;
        _capacity = capacity;
        Rule<TEvent>[] all = [.. rules.Rules, .. rules.StepsRules];
        foreach (Rule<TEvent> rule in all)
        {
            // Otherwise the first event that a rule is asked about would wait for its tables.
            RuntimeHelpers.RunClassConstructor(rule.GetType().TypeHandle);
        }
        _pool = previous?._pool ?? new PendingPool();
        Rule<TEvent>[] withLineage = [.. all.Where(static rule => rule.LineageQueries > 0)];
        _lineage = withLineage.Length == 0 ? null : new LineageTracker<TEvent>(rules, withLineage, _pool.Texts, previous?._lineage);
        if (_lineage is null)
            _evictedProcesses = previous?.EvictedProcesses ?? 0;
        _matchers = [.. rules.StepsRules.Select(rule => Continue(previous, rule) ?? StepsMatcher<TEvent>.Create(rule, capacity, _pool))];
        _evictedMatches = previous is null ? 0 : previous.EvictedMatches - previous._matchers.Intersect(_matchers).Sum(static matcher => matcher.Evicted);
        _time = previous?._time ?? 0;
        _events = previous?._events ?? 0;
        _clocked = [.. _matchers.Where(static matcher => matcher.NeedsClock)];
        _anyCategory = [.. _matchers.Where(static matcher => matcher.Rule.Plan.Categories.Contains(null))];
        _byCategory = _matchers.Except(_anyCategory)
            .SelectMany(static matcher => matcher.Rule.Plan.Categories.Distinct().Select(category => (Category: category!, Matcher: matcher)))
            .GroupBy(static entry => entry.Category, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.Select(static entry => entry.Matcher).ToArray(), StringComparer.Ordinal);
        _byCategorySpan = _byCategory.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>How many pending matches had to go because a rule had too many.</summary>
    public long EvictedMatches => _evictedMatches + _matchers.Sum(static matcher => matcher.Evicted);

    /// <summary>How many processes were forgotten because there were too many.</summary>
    public long EvictedProcesses => _evictedProcesses + (_lineage?.Evicted ?? 0);

    /// <summary>
    /// An engine for other rules that goes on with the same stream: what is remembered for rules with the same id and the same query stays. This engine must not be
    /// used any more. Nothing of its rules is kept but what pipes hold back to the end.
    /// </summary>
    public RuleEngine<TEvent> With(RuleSet<TEvent> rules) => new(rules, _capacity, this);

    /// <summary>What an earlier engine remembers for a rule, made that of its new form; null when the rule is new.</summary>
    private static StepsMatcher<TEvent>? Continue(RuleEngine<TEvent>? previous, StepsRule<TEvent> rule)
    {
        StepsMatcher<TEvent>? known = Array.Find(previous?._matchers ?? [], matcher => matcher.Rule.Info.Id == rule.Info.Id && matcher.Rule.Info.Query == rule.Info.Query);
        known?.Continue(rule);
        return known;
    }

    /// <summary>Runs all rules over an event. Matches are appended; those over several events are valid until the next call.</summary>
    public void Push(TEvent e, List<EventRule<TEvent>> matches, List<StepsMatch<TEvent>> completed)
    {
        _events++;
        // An event that does not say when it happened happened with the one before.
        _time = _rules.TimeOf(e) ?? _time;
        ProcessFacts? facts = _lineage?.Observe(e, _time);
        _rules.Match(e, facts, matches);
        if (_matchers.Length == 0)
            return;
        foreach (StepsMatcher<TEvent> matcher in _clocked)
            matcher.Tick(_time, completed);
        Offer(_anyCategory, e, facts, completed);
        if (_byCategory.Count == 0)
            return;
        _categories.Clear();
        _rules.ReadCategories(e, _categories);
        for (int i = 0; i < _categories.Count; i++)
        {
            if (_byCategorySpan.TryGetValue(_categories[i].Span, out StepsMatcher<TEvent>[]? matchers))
                Offer(matchers, e, facts, completed);
        }
    }

    /// <summary>
    /// Says what time it is while no event comes: matches that waited for one not to come are completed when their time is over. They are appended, and valid until
    /// the next call.
    /// </summary>
    /// <param name="time">Milliseconds since 1970-01-01 UTC, by the clock of the events. An event that comes later must not be of an earlier time.</param>
    /// <param name="completed">Takes the matches.</param>
    public void AdvanceTo(long time, List<StepsMatch<TEvent>> completed)
    {
        foreach (StepsMatcher<TEvent> matcher in _clocked)
            matcher.Tick(time, completed);
    }

    /// <summary>The stream ends: matches that waited for an event not to come are completed, and pipes give what they held back.</summary>
    public void End(List<StepsMatch<TEvent>> completed)
    {
        foreach (StepsMatcher<TEvent> matcher in _matchers)
            matcher.End(completed);
    }

    private void Offer(StepsMatcher<TEvent>[] matchers, TEvent e, ProcessFacts? facts, List<StepsMatch<TEvent>> completed)
    {
        foreach (StepsMatcher<TEvent> matcher in matchers)
        {
            // An event of two categories is one event.
            if (matcher.LastEvent == _events)
                continue;
            matcher.LastEvent = _events;
            matcher.Offer(e, _time, facts, completed);
        }
    }
}
