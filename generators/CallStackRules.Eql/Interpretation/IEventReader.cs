using CallStackRules.Eql.Schema;

namespace CallStackRules.Eql.Interpretation;

/// <summary>Reads field values of events, whatever the events are made of: C# objects, JSON.</summary>
public interface IEventReader
{
    /// <summary>
    /// All values of a field: none when it is missing, several when lists are on the way. Values that are missing inside a list are left out.
    /// </summary>
    /// <param name="root">The event, or an item that an earlier call gave for a list of objects.</param>
    /// <param name="field">The field.</param>
    /// <param name="firstStep">
    /// The step of <see cref="EventField.Access"/> that is read from <paramref name="root"/>; when there is no such step any more, the root is the value.
    /// </param>
    /// <returns>
    /// By <see cref="EventField.Type"/> a <see cref="string"/>, <see cref="long"/>, <see cref="double"/> or <see cref="bool"/> each; for objects what this
    /// reader takes as a root.
    /// </returns>
    IReadOnlyList<object> Read(object root, EventField field, int firstStep);
}
