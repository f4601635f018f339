namespace CallStackRules.Eql.Interpretation;

/// <summary>Events that fill the first steps of a sequence.</summary>
internal sealed class PartialMatch
{
    private readonly IReadOnlyList<int> _steps;
    private readonly IReadOnlyList<IReadOnlyList<object>> _events;

    /// <param name="key">What joins the events.</param>
    /// <param name="occurrences">The events in order.</param>
    /// <param name="steps">By place in the sequence, runs written out, the step of the query.</param>
    /// <param name="stepCount">How many steps the query has.</param>
    public PartialMatch(ValueList key, IReadOnlyList<Occurrence> occurrences, IReadOnlyList<int> steps, int stepCount)
    {
        _steps = steps;
        Key = key;
        Occurrences = occurrences;
        var events = Enumerable.Range(0, stepCount).Select(_ => new List<object>()).ToList();
        for (int i = 0; i < occurrences.Count; i++)
            events[steps[i]].Add(occurrences[i].Keep());
        _events = events;
    }

    public ValueList Key { get; }

    public IReadOnlyList<Occurrence> Occurrences { get; }

    public Occurrence First => Occurrences[0];

    public Occurrence Last => Occurrences[Occurrences.Count - 1];

    /// <summary>By step of the query its events so far.</summary>
    public IReadOnlyList<IReadOnlyList<object>> Events => _events;

    public PartialMatch With(Occurrence next) => new(Key, [.. Occurrences, next], _steps, _events.Count);

    public QueryResult ToResult() => new(Events, Key.Values) { Time = Occurrences.Max(occurrence => occurrence.Time) };
}
