using CallStackRules.Eql.Binding;

namespace CallStackRules.Eql.Interpretation;

/// <summary>Finds the matches of one sequence.</summary>
/// <remarks>
/// Runs are written out, so that a sequence is a list of positive steps, with steps that must be missing before, between and behind them. A
/// match that has filled the steps up to one is pending there, one for each key.
/// </remarks>
internal sealed class SequenceMatcher
{
    private readonly BoundStepsQuery _query;
    private readonly Interpreter _interpreter;
    private readonly LineageTable _lineage;
    private readonly decimal? _maxSpan;
    private readonly IReadOnlyList<IReadOnlyList<object>> _noEvents;

    /// <summary>The positive steps.</summary>
    private readonly IReadOnlyList<BoundStep> _steps;

    /// <summary>By positive step its number in the query.</summary>
    private readonly IReadOnlyList<int> _numbers;

    /// <summary>By positive step what must be missing right before it; last, what must be missing behind all.</summary>
    private readonly IReadOnlyList<IReadOnlyList<BoundStep>> _missing;

    /// <summary>By positive step, but the last, the matches that have come to it.</summary>
    private readonly IReadOnlyList<Dictionary<ValueList, PartialMatch>> _pending;

    /// <summary>Events that must be missing before the first step.</summary>
    private readonly Dictionary<ValueList, List<Occurrence>> _early = [];

    /// <summary>Matches with all positive steps that wait for their deadline, as something must be missing behind them; as they came.</summary>
    private readonly List<PartialMatch> _waiting = [];

    /// <exception cref="ArgumentException">The sequence is not one that binding lets pass.</exception>
    public SequenceMatcher(BoundStepsQuery query, Interpreter interpreter, LineageTable lineage)
    {
        _query = query;
        _interpreter = interpreter;
        _lineage = lineage;
        _maxSpan = (decimal?)query.MaxSpan?.Ticks / TimeSpan.TicksPerMillisecond;
        var steps = new List<BoundStep>();
        var numbers = new List<int>();
        var missing = new List<List<BoundStep>> { new() };
        for (int i = 0; i < query.Steps.Count; i++)
        {
            BoundStep step = query.Steps[i];
            if (step.IsMissing)
                missing[missing.Count - 1].Add(step);
            for (int run = 0; run < step.Runs && !step.IsMissing; run++)
            {
                steps.Add(step);
                numbers.Add(i);
                missing.Add([]);
            }
        }
        if (steps.Count == 0)
            throw new ArgumentException("A sequence needs a step that is not missing.", nameof(query));
        if (_maxSpan is null && query.Steps.Any(step => step.IsMissing))
            throw new ArgumentException("A missing event needs a maxspan.", nameof(query));
        _steps = steps;
        _numbers = numbers;
        _missing = missing;
        _noEvents = [.. query.Steps.Select(_ => Array.Empty<object>())];
        _pending = [.. steps.Skip(1).Select(_ => new Dictionary<ValueList, PartialMatch>())];
    }

    /// <summary>Takes the next event and gives the matches that fire now: those whose deadline it is beyond, then the one it completes.</summary>
    public IReadOnlyList<QueryResult> Offer(Occurrence now)
    {
        List<QueryResult> results = [.. Fire(match => Deadline(match) < now.Time)];
        // The last step comes first, so that an event cannot fill two steps of one match.
        for (int i = _steps.Count - 1; i >= 0; i--)
        {
            if (Fill(i, now) is { } match)
                results.AddRange(Proceed(i, match));
        }
        EndByMissing(now);
        EndByUntil(now);
        RememberEarly(now);
        return results;
    }

    /// <summary>The end of the stream: nothing can come any more that would hinder what waits.</summary>
    public IReadOnlyList<QueryResult> End() => [.. Fire(_ => true)];

    /// <summary>The match that an event makes by filling a step; the pending match it came from is used up.</summary>
    private PartialMatch? Fill(int step, Occurrence now)
    {
        if (step == 0)
            return KeyIfMatches(_steps[0], now) is { } first ? new PartialMatch(first, [now], _numbers, _query.Steps.Count) : null;
        if (PendingAt(step - 1, _steps[step], now) is not { } match || now.Time < match.Last.Time || !Matches(_steps[step], now, match.Events))
            return null;
        _pending[step - 1].Remove(match.Key);
        return _maxSpan is null || now.Time <= Deadline(match) ? match.With(now) : null;
    }

    private IEnumerable<QueryResult> Proceed(int step, PartialMatch match)
    {
        if (step < _steps.Count - 1)
            _pending[step][match.Key] = match;
        else if (_early.TryGetValue(match.Key, out List<Occurrence>? early) && early.Exists(one => IsRightBefore(one, match)))
            return [];
        else if (_missing[_steps.Count].Count > 0)
            _waiting.Add(match);
        else
            return [match.ToResult()];
        return [];
    }

    /// <summary>Whether an event that must be missing came within maxspan before a match's last event, and is no event of the match.</summary>
    private bool IsRightBefore(Occurrence early, PartialMatch match) =>
        early.Time <= match.Last.Time
        && early.Time >= match.Last.Time - _maxSpan
        && !match.Occurrences.Contains(early);

    /// <summary>Ends matches in which an event must be missing that has come. A match whose last event it is has it as its step.</summary>
    private void EndByMissing(Occurrence now)
    {
        for (int i = 1; i < _steps.Count; i++)
        {
            foreach (BoundStep missing in _missing[i])
            {
                if (PendingAt(i - 1, missing, now) is { } match && IsEnded(match, missing, now))
                    _pending[i - 1].Remove(match.Key);
            }
        }
        foreach (BoundStep missing in _missing[_steps.Count])
        {
            ValueList? key = KeyOf(missing, now);
            _waiting.RemoveAll(match => match.Key.Equals(key) && IsEnded(match, missing, now));
        }
    }

    private bool IsEnded(PartialMatch match, BoundStep missing, Occurrence now) =>
        match.Last != now && now.Time >= match.Last.Time && Matches(missing, now, match.Events);

    private void EndByUntil(Occurrence now)
    {
        if (_query.Until is not { } until || KeyIfMatches(until, now) is not { } key)
            return;
        foreach (Dictionary<ValueList, PartialMatch> pending in _pending)
            pending.Remove(key);
    }

    private void RememberEarly(Occurrence now)
    {
        foreach (BoundStep missing in _missing[0])
        {
            if (KeyIfMatches(missing, now) is not { } key)
                continue;
            if (!_early.TryGetValue(key, out List<Occurrence>? early))
                _early.Add(key, early = []);
            early.Add(now);
        }
    }

    /// <summary>Fires matches that wait: by deadline, and of one deadline in the order they came.</summary>
    private IEnumerable<QueryResult> Fire(Func<PartialMatch, bool> isDue)
    {
        List<PartialMatch> due = [.. _waiting.Where(isDue).OrderBy(Deadline)];
        _waiting.RemoveAll(due.Contains);
        return due.Select(match => match.ToResult());
    }

    /// <summary>The last moment that is within maxspan of a match's first event.</summary>
    private decimal Deadline(PartialMatch match) => match.First.Time + _maxSpan!.Value;

    /// <summary>The match that is pending at a step under the key that an event has for another.</summary>
    private PartialMatch? PendingAt(int step, BoundStep other, Occurrence now) =>
        _pending[step].Count > 0 && KeyOf(other, now) is { } key && _pending[step].TryGetValue(key, out PartialMatch? match) ? match : null;

    /// <summary>The key of an event that fits a step which cannot read the events of others.</summary>
    private ValueList? KeyIfMatches(BoundStep step, Occurrence now) => Matches(step, now, _noEvents) ? KeyOf(step, now) : null;

    private bool Matches(BoundStep step, Occurrence now, IReadOnlyList<IReadOnlyList<object>> events) =>
        _interpreter.Matches(step.Filter, now.Event, new History(events, _lineage));

    private ValueList? KeyOf(BoundStep step, Occurrence now) =>
        ValueList.OfKeys(step.Keys, key => _interpreter.Values(key, now.Event, new History(_noEvents, _lineage)));
}
