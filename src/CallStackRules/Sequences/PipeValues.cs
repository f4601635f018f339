namespace CallStackRules.Sequences;

/// <summary>Reads what a pipe asks of a match: its condition, or the values of its arguments and the key that equal values have in common.</summary>
internal sealed class PipeValues<TEvent>
{
    private StepsRule<TEvent> _rule;
    private readonly int _pipe;
    private readonly PendingPool _pool;
    private readonly Snapshot[] _nothing;
    private readonly Snapshot[] _steps;
    private readonly JoinKey _key = new();
    private Snapshot _values = new();

    public PipeValues(StepsRule<TEvent> rule, int pipe, PendingPool pool)
    {
        _pool = pool;
        _rule = rule;
        _pipe = pipe;
        _nothing = [.. rule.Plan.KeptFields.Select(fields => Missing(fields.Count))];
        _steps = [.. _nothing];
    }

    /// <summary>What equal values have in common. Valid until the next match is read.</summary>
    public ReadOnlySpan<char> Key => _key.Span;

    /// <summary>Goes on with another form of the same query.</summary>
    public void Continue(StepsRule<TEvent> rule) => _rule = rule;

    /// <summary>Whether the condition of <c>filter</c> holds.</summary>
    public bool Pass(StepsMatch<TEvent> match)
    {
        Arrange(match);
        return _rule.PassesPipe(_pipe, _steps);
    }

    /// <summary>Reads the values of the arguments.</summary>
    public void Read(StepsMatch<TEvent> match)
    {
        Arrange(match);
        _pool.Writer.Clear();
        _rule.ReadPipe(_pipe, _steps, _pool.Writer);
        _values.Set(_pool.Writer, _pool.Texts);
        _key.Clear();
        for (int field = 0; field < _values.FieldCount; field++)
            AddToKey(field);
    }

    /// <summary>The values that were read, to be kept.</summary>
    public Snapshot TakeValues()
    {
        Snapshot values = _values;
        _values = new Snapshot();
        return values;
    }

    /// <summary>Puts the events where their steps are written; a repeated step is known by its first event, and a missing one has no values.</summary>
    private void Arrange(StepsMatch<TEvent> match)
    {
        _nothing.CopyTo(_steps, 0);
        for (int i = match.Snapshots.Length - 1; i >= 0; i--)
            _steps[match.StepOf(i)] = match.Snapshots[i];
    }

    private void AddToKey(int field)
    {
        int count = _values.Count(field);
        for (int i = 0; i < count; i++)
        {
            switch (_values.Kind(field, i))
            {
                case ValueKind.Text:
                    _key.Add(_values.Text(field, i), isOptional: true);
                    break;
                case ValueKind.Boolean:
                    _key.Add(_values.Boolean(field, i), isOptional: true);
                    break;
                default:
                    _key.Add(_values.Number(field, i), isOptional: true);
                    break;
            }
        }
        _key.EndList(count, isOptional: true);
    }

    private Snapshot Missing(int fields)
    {
        _pool.Writer.Clear();
        for (int i = 0; i < fields; i++)
            _pool.Writer.EndField();
        var snapshot = new Snapshot();
        snapshot.Set(_pool.Writer, _pool.Texts);
        return snapshot;
    }
}
