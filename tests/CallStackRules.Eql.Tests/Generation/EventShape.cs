using CallStackRules.Eql.Schema;
using CsCheck;

namespace CallStackRules.Eql.Tests.Generation;

/// <summary>The properties of an object that events are given, and what those hold: further objects, or values.</summary>
internal sealed class EventShape
{
    private readonly Dictionary<string, (ListKind List, EventShape Shape)> _properties = new(StringComparer.Ordinal);
    private Gen<object>? _value;

    /// <summary>Random objects of this shape.</summary>
    public Gen<Dictionary<string, object>> Objects => _properties.Aggregate(
        Gen.Const(() => new Dictionary<string, object>()),
        (objects, property) => objects.Select(
            property.Value.Shape.Values(property.Value.List),
            (built, value) => value is null ? built : new Dictionary<string, object>(built) { [property.Key] = value }));

    /// <summary>Adds a field. When it was added before, its values may be those of either; an object has no values but its fields.</summary>
    public void Add(EventField field, Gen<object> values)
    {
        EventShape shape = this;
        foreach (AccessStep step in field.Access)
        {
            if (!shape._properties.TryGetValue(step.Property, out (ListKind, EventShape Shape) inner))
                shape._properties.Add(step.Property, inner = (step.List, new EventShape()));
            shape = inner.Shape;
        }
        if (field.Type != FieldType.Object)
            shape._value = shape._value is null ? values : Gen.OneOf(shape._value, values);
    }

    /// <summary>What a property holds: null when it is missing, a list when it is one.</summary>
    private Gen<object?> Values(ListKind list)
    {
        Gen<object> one = _value ?? Objects.Select(built => (object)built);
        Gen<object?> values = list == ListKind.None ? one.Select(value => (object?)value) : one.Array[0, 3].Select(items => (object?)items);
        return Gen.Frequency((9, values), (1, Gen.Const<object?>((object?)null)));
    }
}
