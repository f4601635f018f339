using CallStackRules.Eql.Binding;

namespace CallStackRules.Eql.Interpretation;

/// <summary>
/// Finds the matches of a sample or join: events in any order. For each key the first event of each filter is kept until there is one for every
/// filter; then the key starts afresh. In a sample the events are distinct, so one that fits several filters is kept for the first of them that
/// has none yet; in a join it is kept for all of them.
/// </summary>
internal sealed class UnorderedMatcher(BoundStepsQuery query, Interpreter interpreter, LineageTable lineage)
{
    private readonly Dictionary<ValueList, Occurrence?[]> _kept = [];
    private readonly History _history = new([.. query.Steps.Select(_ => Array.Empty<object>())], lineage);

    /// <summary>Takes the next event and gives the matches that it completes.</summary>
    public IReadOnlyList<QueryResult> Offer(Occurrence now)
    {
        var touched = new List<ValueList>();
        for (int i = 0; i < query.Steps.Count; i++)
        {
            if (KeyIfMatches(query.Steps[i], now) is { } key && Keep(key, i, now))
                touched.Add(key);
        }
        var results = new List<QueryResult>();
        foreach (ValueList key in touched.Distinct().Where(key => _kept[key].All(kept => kept is not null)))
        {
            Occurrence[] complete = [.. _kept[key].OfType<Occurrence>()];
            IReadOnlyList<object[]> events = [.. complete.Select(kept => new[] { kept.Keep() })];
            results.Add(new QueryResult(events, key.Values) { Time = complete.Max(kept => kept.Time) });
            _kept.Remove(key);
        }
        if (query.Until is { } until && KeyIfMatches(until, now) is { } ended)
            _kept.Remove(ended);
        return results;
    }

    /// <summary>Keeps an event for a step that has none yet. Matches that an event completes come in the order in which it was kept.</summary>
    private bool Keep(ValueList key, int step, Occurrence now)
    {
        if (!_kept.TryGetValue(key, out Occurrence?[]? kept))
            _kept.Add(key, kept = new Occurrence?[query.Steps.Count]);
        if (kept[step] is not null || (query.Kind == StepsKind.Sample && kept.Contains(now)))
            return false;
        kept[step] = now;
        now.Keep();
        return true;
    }

    private ValueList? KeyIfMatches(BoundStep step, Occurrence now) => interpreter.Matches(step.Filter, now.Event, _history)
        ? ValueList.OfKeys(step.Keys, key => interpreter.Values(key, now.Event, _history))
        : null;
}
