using CallStackRules.Events;
using CallStackRules.Rules;

namespace CallStackRules.Sequences;

/// <summary>
/// Knows processes by what identifies them, links them to their parents as events show both, and keeps what lineage queries found out. A process that has not been
/// seen for longest goes when there are too many; its children keep what they inherited.
/// </summary>
internal sealed class LineageTracker<TEvent>
{
    private const int Capacity = 64 * 1024;

    private readonly RuleSet<TEvent> _rules;
    private readonly Rule<TEvent>[] _withLineage;
    private readonly int _queries;
    private readonly Dictionary<string, ProcessFacts> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ProcessFacts>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private ProcessFacts? _oldest;
    private ProcessFacts? _newest;

    public LineageTracker(RuleSet<TEvent> rules, Rule<TEvent>[] withLineage)
    {
        _rules = rules;
        _withLineage = withLineage;
        _bySpan = _byId.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (Rule<TEvent> rule in withLineage)
        {
            rule.FirstLineageQuery = _queries;
            _queries += rule.LineageQueries;
        }
    }

    public long Evicted { get; private set; }

    /// <summary>Takes an event in: links its process, and marks it for the queries that the event matches. Null when it has no process.</summary>
    public ProcessFacts? Observe(TEvent e)
    {
        Text id = _rules.ProcessOf(e);
        if (id.IsMissing)
            return null;
        ProcessFacts facts = GetOrAdd(id);
        if (!facts.IsLinked && _rules.ParentOf(e) is { IsMissing: false } parent && parent != id)
            facts.LinkTo(GetOrAdd(parent));
        foreach (Rule<TEvent> rule in _withLineage)
        {
            for (int query = 0; query < rule.LineageQueries; query++)
            {
                if (!facts.IsSource(rule.FirstLineageQuery + query) && rule.IsLineageSource(query, e, facts))
                    facts.MarkSource(rule.FirstLineageQuery + query);
            }
        }
        return facts;
    }

    private ProcessFacts GetOrAdd(Text id)
    {
        if (_bySpan.TryGetValue(id.Span, out ProcessFacts? facts))
        {
            Unlist(facts);
            List(facts);
            return facts;
        }
        if (_byId.Count == Capacity)
        {
            ProcessFacts gone = _oldest!;
            Unlist(gone);
            gone.Forget();
            _byId.Remove(gone.Id);
            Evicted++;
        }
        facts = new ProcessFacts(id.ToString(), _queries);
        _byId.Add(facts.Id, facts);
        List(facts);
        return facts;
    }

    private void List(ProcessFacts facts)
    {
        facts.Older = _newest;
        facts.Newer = null;
        if (_newest is not null)
            _newest.Newer = facts;
        _newest = facts;
        _oldest ??= facts;
    }

    private void Unlist(ProcessFacts facts)
    {
        if (facts.Older is null)
            _oldest = facts.Newer;
        else
            facts.Older.Newer = facts.Newer;
        if (facts.Newer is null)
            _newest = facts.Older;
        else
            facts.Newer.Older = facts.Older;
    }
}
