namespace CallStackRules.Sequences;

/// <summary>Matches that are held back to the end, in the order in which they came. Only recordings have an end, so this may allocate.</summary>
internal sealed class HeldMatches<TEvent>(int most)
{
    private readonly Queue<(StepsMatch<TEvent> Match, Snapshot Values, string Key)> _matches = new();

    /// <summary>How many had to go because there were too many.</summary>
    public long Dropped { get; private set; }

    /// <summary>All that are held.</summary>
    public IEnumerable<(StepsMatch<TEvent> Match, Snapshot Values, string Key)> All => _matches;

    public void Add(StepsMatch<TEvent> match, Snapshot values, string key)
    {
        if (_matches.Count == most)
        {
            _matches.Dequeue();
            Dropped++;
        }
        _matches.Enqueue((match.TakeOver(), values, key));
    }
}

/// <summary><c>| tail</c>.</summary>
internal sealed class TailStage<TEvent>(long count) : PipeStage<TEvent>
{
    private readonly HeldMatches<TEvent> _held = new((int)Math.Min(count, MostHeld));

    /// <summary>All but the last are meant to go.</summary>
    public override long Evicted => count > MostHeld ? _held.Dropped : 0;

    public override void Take(StepsMatch<TEvent> match, List<StepsMatch<TEvent>> passed) => _held.Add(match, new Snapshot(), "");

    public override void End(List<StepsMatch<TEvent>> passed) => passed.AddRange(_held.All.Select(static held => held.Match));
}

/// <summary><c>| sort</c>.</summary>
internal sealed class SortStage<TEvent>(PipeValues<TEvent> values) : PipeStage<TEvent>
{
    private readonly HeldMatches<TEvent> _held = new(MostHeld);

    public override long Evicted => _held.Dropped;

    public override void Take(StepsMatch<TEvent> match, List<StepsMatch<TEvent>> passed)
    {
        values.Read(match);
        _held.Add(match, values.TakeValues(), "");
    }

    public override void End(List<StepsMatch<TEvent>> passed) =>
        passed.AddRange(_held.All.OrderBy(static held => held.Values, SnapshotOrder.Instance).Select(static held => held.Match));
}

/// <summary><c>| window</c>.</summary>
internal sealed class WindowStage<TEvent>(PipeValues<TEvent> values, long length) : PipeStage<TEvent>
{
    private readonly HeldMatches<TEvent> _held = new(MostHeld);

    public override long Evicted => _held.Dropped;

    public override void Take(StepsMatch<TEvent> match, List<StepsMatch<TEvent>> passed)
    {
        values.Read(match);
        _held.Add(match, values.TakeValues(), values.Key.ToString());
    }

    public override void End(List<StepsMatch<TEvent>> passed)
    {
        var latest = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach ((StepsMatch<TEvent> match, _, string key) in _held.All)
            latest[key] = Math.Max(match.Time, latest.GetValueOrDefault(key, long.MinValue));
        passed.AddRange(_held.All.Where(held => latest[held.Key] - held.Match.Time <= length).Select(static held => held.Match));
    }
}

/// <summary><c>| count</c>, which gives numbers alone, and <c>| unique_count</c>, which gives the first match of each value with its number.</summary>
internal sealed class CountStage<TEvent>(StepsRule<TEvent> rule, PipeValues<TEvent> values, bool keepsFirst) : PipeStage<TEvent>
{
    private readonly Dictionary<string, Group> _byKey = new(StringComparer.Ordinal);
    private readonly List<Group> _groups = [];
    private long _total;
    private long _dropped;

    public override long Evicted => _dropped;

    public override void Take(StepsMatch<TEvent> match, List<StepsMatch<TEvent>> passed)
    {
        _total++;
        values.Read(match);
        string key = values.Key.ToString();
        if (!_byKey.TryGetValue(key, out Group? group))
        {
            if (_groups.Count == MostHeld)
            {
                _dropped++;
                return;
            }
            long time = match.Time;
            group = new Group(keepsFirst ? match.TakeOver() : new StepsMatch<TEvent>(rule, 0), values.TakeValues());
            group.Values.Time = time;
            _byKey.Add(key, group);
            _groups.Add(group);
        }
        else
        {
            group.Values.Time = Math.Max(group.Values.Time, match.Time);
        }
        group.Count++;
    }

    public override void End(List<StepsMatch<TEvent>> passed)
    {
        foreach (Group group in _groups)
        {
            group.Match.Count = new MatchCount(group.Count, group.Count / (double)_total, group.Values);
            passed.Add(group.Match);
        }
    }

    private sealed class Group(StepsMatch<TEvent> match, Snapshot values)
    {
        public StepsMatch<TEvent> Match { get; } = match;

        public Snapshot Values { get; } = values;

        public long Count { get; set; }
    }
}
