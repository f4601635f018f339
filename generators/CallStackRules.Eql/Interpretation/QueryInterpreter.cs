using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Schema;

namespace CallStackRules.Eql.Interpretation;

/// <summary>
/// Runs a whole query over a stream of events, slowly and plainly: sequences, samples, joins, lineage and pipes. What it says is what the
/// language means, and compiled rules are held against it. Its state grows with the stream.
/// </summary>
/// <remarks>
/// Events are taken in the order in which they arrive; their own time only measures distances, and tells what is older than what.
/// </remarks>
public sealed class QueryInterpreter
{
    private readonly EventClock _clock;
    private readonly LineageTable _lineage;
    private readonly Func<object, object> _snapshot;
    private readonly Func<Occurrence, IReadOnlyList<QueryResult>> _offer;
    private readonly Func<IReadOnlyList<QueryResult>> _end;
    private readonly IReadOnlyList<Pipe> _pipes;
    private long _arrived;

    /// <summary>An interpreter at the start of a stream.</summary>
    /// <param name="query">A query without errors, folded or not.</param>
    /// <param name="schema">The schema it was bound against.</param>
    /// <param name="reader">Reads the schema's fields from events.</param>
    /// <param name="snapshot">
    /// Makes of an event what can be kept beyond <see cref="Push"/>, for streams that reuse one object. It is called for events of pending matches
    /// and results only, at most once for each. By default events are kept as they are.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The schema lacks the field it names as category or time, or, for a query with lineage, one of the entity ids; or the query has errors.
    /// </exception>
    public QueryInterpreter(BoundQuery query, EventSchema schema, IEventReader reader, Func<object, object>? snapshot = null)
    {
        var interpreter = new Interpreter(schema, reader);
        _clock = new EventClock(schema, reader);
        _lineage = new LineageTable(BoundTree.All(query).OfType<BoundLineage>(), schema, reader, interpreter);
        _snapshot = snapshot ?? (static @event => @event);
        _pipes = [.. query.Pipes.Select(pipe => new Pipe(pipe, interpreter, _lineage))];
        _end = static () => [];
        switch (query)
        {
            case BoundEventQuery one:
                var history = new History([[]], _lineage);
                _offer = now => interpreter.Matches(one.Filter, now.Event, history)
                    ? [new QueryResult([[now.Keep()]], []) { Time = now.Time }]
                    : [];
                break;
            case BoundStepsQuery { Kind: StepsKind.Sequence } steps:
                var sequence = new SequenceMatcher(steps, interpreter, _lineage);
                _offer = sequence.Offer;
                _end = sequence.End;
                break;
            case BoundStepsQuery steps:
                _offer = new UnorderedMatcher(steps, interpreter, _lineage).Offer;
                break;
            default:
                throw new ArgumentException($"Unknown query {query.GetType()}.", nameof(query));
        }
    }

    /// <summary>Takes the next event of the stream.</summary>
    /// <param name="event">What the reader takes as an event.</param>
    /// <returns>
    /// The results that come of it, in order: those that were only waiting for time to pass, then those that the event completes.
    /// </returns>
    public IReadOnlyList<QueryResult> Push(object @event)
    {
        var now = new Occurrence(@event, _arrived++, _clock.Read(@event), _snapshot);
        _lineage.Observe(@event);
        IReadOnlyList<QueryResult> results = Through(_offer(now), from: 0);
        _lineage.Commit();
        return results;
    }

    /// <summary>
    /// Ends the stream: missing last events cannot come any more, and pipes that wait for the end give what they hold. Nothing may be pushed after.
    /// </summary>
    public IReadOnlyList<QueryResult> End()
    {
        List<QueryResult> results = [.. Through(_end(), from: 0)];
        for (int i = 0; i < _pipes.Count; i++)
            results.AddRange(Through(_pipes[i].End(), from: i + 1));
        return results;
    }

    private IReadOnlyList<QueryResult> Through(IReadOnlyList<QueryResult> results, int from)
    {
        for (int i = from; i < _pipes.Count; i++)
            results = [.. results.SelectMany(_pipes[i].Take)];
        return results;
    }
}
