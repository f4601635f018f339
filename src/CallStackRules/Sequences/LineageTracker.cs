using CallStackRules.Events;
using CallStackRules.Rules;

namespace CallStackRules.Sequences;

/// <summary>
/// Knows processes by what identifies them, links them to their parents as events show both, and keeps what lineage queries found out. A process is forgotten some
/// time after its end, when its last event has come; when there are too many, one that has ended goes, or else one that has not been seen for longest. The children of
/// a forgotten process keep what they inherited.
/// </summary>
internal sealed class LineageTracker<TEvent>
{
    /// <summary>How many processes are known at most.</summary>
    public const int Capacity = 64 * 1024;

    /// <summary>How much later than the end of a process another event of it, or the start of a child, can come, in milliseconds.</summary>
    public const long LateEvents = 5 * 60 * 1000;

    /// <summary>Processes there is room for from the beginning.</summary>
    private const int Prepared = 2048;

    /// <summary>Characters of identifiers that there is room for with each of these.</summary>
    private const int CharactersOfIdentifier = 64;

    private readonly RuleSet<TEvent> _rules;
    private readonly Rule<TEvent>[] _withLineage;
    private readonly int _queries;
    private readonly TextArena _arena;
    private readonly Dictionary<Text, ProcessFacts> _byId = new(Prepared, TextComparer.Ordinal);
    private readonly Stack<ProcessFacts> _free = new(Prepared);
    private readonly AgeList<ProcessFacts> _running = new();
    private readonly AgeList<ProcessFacts> _ended = new();

    /// <param name="rules">What reads events.</param>
    /// <param name="withLineage">The rules that ask for ancestry.</param>
    /// <param name="arena">Room for what identifies processes.</param>
    /// <param name="previous">What other rules found out of the same stream, from which rules with the same id and query go on; not to be used any more.</param>
    public LineageTracker(RuleSet<TEvent> rules, Rule<TEvent>[] withLineage, TextArena arena, LineageTracker<TEvent>? previous)
    {
        _rules = rules;
        _withLineage = withLineage;
        _arena = arena;
        foreach (Rule<TEvent> rule in withLineage)
        {
            rule.FirstLineageQuery = _queries;
            _queries += rule.LineageQueries;
        }
        arena.Prepare(Prepared * CharactersOfIdentifier);
        for (int i = 0; i < Prepared; i++)
            _free.Push(new ProcessFacts(_queries));
        if (previous is not null)
            TakeOver(previous);
    }

    /// <summary>Processes known now.</summary>
    public int Count => _byId.Count;

    /// <summary>Processes that were forgotten because there were too many.</summary>
    public long Evicted { get; private set; }

    /// <summary>Takes an event in: links its process, and marks it for the queries that the event matches. Null when it has no process.</summary>
    /// <param name="e">The event.</param>
    /// <param name="time">When it happened, in milliseconds.</param>
    public ProcessFacts? Observe(TEvent e, long time)
    {
        while (_ended.Oldest is { } gone && time - gone.End > LateEvents)
            Forget(gone);
        Text id = _rules.ProcessOf(e);
        if (id.IsMissing)
            return null;
        ProcessFacts facts = GetOrAdd(id);
        // What has ended is linked already, or never will be; and it could be the one that has to go for its parent.
        if (facts is { IsLinked: false, End: null } && _rules.ParentOf(e) is { IsMissing: false } parent && parent != id)
            facts.LinkTo(GetOrAdd(parent));
        foreach (Rule<TEvent> rule in _withLineage)
        {
            for (int query = 0; query < rule.LineageQueries; query++)
            {
                if (!facts.IsSource(rule.FirstLineageQuery + query) && rule.IsLineageSource(query, e, facts))
                    facts.MarkSource(rule.FirstLineageQuery + query);
            }
        }
        if (facts.End is null && _rules.IsProcessEnd(e))
        {
            _running.Remove(facts);
            facts.End = time;
            _ended.Add(facts);
        }
        return facts;
    }

    private void TakeOver(LineageTracker<TEvent> previous)
    {
        Evicted = previous.Evicted;
        int[] numbers = new int[_queries];
        Array.Fill(numbers, ProcessFacts.NewQuery);
        foreach (Rule<TEvent> rule in _withLineage)
        {
            Rule<TEvent>? known = Array.Find(previous._withLineage, known => known.Info.Id == rule.Info.Id && known.Info.Query == rule.Info.Query);
            for (int query = 0; known is not null && query < rule.LineageQueries; query++)
                numbers[rule.FirstLineageQuery + query] = known.FirstLineageQuery + query;
        }
        foreach (ProcessFacts facts in previous._byId.Values)
        {
            facts.Renumber(numbers);
            _byId.Add(facts.Id, facts);
        }
        Move(previous._running, _running);
        Move(previous._ended, _ended);
    }

    private static void Move(AgeList<ProcessFacts> from, AgeList<ProcessFacts> to)
    {
        while (from.Oldest is { } oldest)
        {
            from.Remove(oldest);
            to.Add(oldest);
        }
    }

    private ProcessFacts GetOrAdd(Text id)
    {
        if (_byId.TryGetValue(id, out ProcessFacts? facts))
        {
            if (facts.End is null)
            {
                _running.Remove(facts);
                _running.Add(facts);
            }
            return facts;
        }
        if (_byId.Count == Capacity)
        {
            Forget(_ended.Oldest ?? _running.Oldest!);
            Evicted++;
        }
        if (!_free.TryPop(out facts))
            facts = new ProcessFacts(_queries);
        facts.Begin(id, _arena);
        _byId.Add(facts.Id, facts);
        _running.Add(facts);
        return facts;
    }

    private void Forget(ProcessFacts facts)
    {
        _byId.Remove(facts.Id);
        (facts.End is null ? _running : _ended).Remove(facts);
        facts.Forget(_arena);
        _free.Push(facts);
    }
}
