namespace CallStackRules.Eql.Schema;

/// <summary>
/// Which fields of an event model tell how processes descend from each other, for <c>descendant of</c>, <c>child of</c> and <c>event of</c>. It is
/// a property of the event model: whoever evaluates lineage, interpreted or compiled, reads these fields and no others.
/// </summary>
/// <param name="EntityId">Path of the identifier of the process that the event is about: one value, unlike that of any other process.</param>
/// <param name="ParentEntityId">Path of the identifier of the process that started it.</param>
/// <param name="StartCategory">The category of events that can be the start of a process.</param>
/// <param name="Starts">What marks an event of that category as the start of its process: one of these fields has the text as a value.</param>
public sealed record LineagePaths(string EntityId, string ParentEntityId, string StartCategory, EquatableArray<FieldText> Starts)
{
    /// <summary>The fields of endpoint events, as in the Elastic Common Schema.</summary>
    public static LineagePaths Endpoint { get; } = new(
        "process.entity_id",
        "process.parent.entity_id",
        "process",
        new FieldText[]
        {
            new("event.type", "start"), new("event.action", "start"), new("event.action", "fork"), new("event.action", "exec"),
        }.ToEquatableArray());
}

/// <summary>A field and a text it can have.</summary>
/// <param name="Path">Path of the field.</param>
/// <param name="Text">The text; case matters.</param>
public sealed record FieldText(string Path, string Text);
