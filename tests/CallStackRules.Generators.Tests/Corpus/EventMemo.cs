using CallStackRules.Eql.Interpretation;
using CallStackRules.Eql.Schema;

namespace CallStackRules.Generators.Tests.Corpus;

/// <summary>Reads each field of the event at hand once, however many rules ask for it.</summary>
internal sealed class EventMemo(IEventReader reader) : IEventReader
{
    // Fields of one schema are the same objects; comparing their content would cost more than reading.
    private readonly Dictionary<EventField, IReadOnlyList<object>> _values = new(ReferenceEqualityComparer.Instance);
    private object? _event;

    /// <summary>Takes the next event.</summary>
    public void Begin(object next)
    {
        _values.Clear();
        _event = next;
    }

    public IReadOnlyList<object> Read(object root, EventField field, int firstStep)
    {
        if (!ReferenceEquals(root, _event) || firstStep != 0)
            return reader.Read(root, field, firstStep);
        if (!_values.TryGetValue(field, out IReadOnlyList<object>? values))
            _values.Add(field, values = reader.Read(root, field, firstStep));
        return values;
    }
}
