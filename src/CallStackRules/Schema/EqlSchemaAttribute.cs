namespace CallStackRules.Schema;

/// <summary>
/// Names the C# type that EQL rules of this assembly, or of assemblies that reference it, are compiled against.
/// Every property of that type with an <see cref="EqlFieldAttribute"/> is a field of the language, and so on through its properties' types.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class EqlSchemaAttribute(Type root) : Attribute
{
    /// <summary>The event type: the argument of every matcher.</summary>
    public Type Root { get; } = root;

    /// <summary>Path of the field that holds an event's category (the word before <c>where</c>). Text, one value or several.</summary>
    public string Category { get; init; } = "event.category";

    /// <summary>Path of the field that holds an event's time, in milliseconds since 1970-01-01 UTC.</summary>
    public string Timestamp { get; init; } = "@timestamp";

    /// <summary>Path of the field that identifies the event's process over its life, for lineage. Text.</summary>
    public string Process { get; init; } = "process.entity_id";

    /// <summary>Path of the field that identifies the parent of the event's process, for lineage. Text.</summary>
    public string Parent { get; init; } = "process.parent.entity_id";

    /// <summary>
    /// EQL query for the events with which their process ends: some time later lineage forgets the process. Where it does not fit the model, processes are only
    /// forgotten when there are too many.
    /// </summary>
    public string ProcessEnd { get; init; } = "process where event.type == \"end\"";
}
