namespace CallStackRules.Eql.Schema;

/// <summary>What a field holds.</summary>
public enum FieldType
{
    /// <summary>UTF-16 text.</summary>
    Text,
    /// <summary>A whole number of up to 64 bits.</summary>
    Integer,
    /// <summary>A number with a fraction.</summary>
    Float,
    /// <summary>True or false.</summary>
    Boolean,
    /// <summary>An object with fields of its own; one that is in a list can be searched with <c>_arraysearch</c>.</summary>
    Object,
}

/// <summary>How many values a step of an access path has.</summary>
public enum ListKind
{
    /// <summary>One value.</summary>
    None,
    /// <summary>An array: <c>Length</c> and an indexer.</summary>
    Array,
    /// <summary>A list: <c>Count</c> and an indexer.</summary>
    List,
}

/// <summary>One property on the way from the event to a field's value.</summary>
/// <param name="Property">The C# property.</param>
/// <param name="List">Whether the property is a list, and how it is read.</param>
/// <param name="IsNullable">Whether the property is a reference that can be null, so that reading on needs <c>?.</c>. Items of lists are never null.</param>
public sealed record AccessStep(string Property, ListKind List, bool IsNullable)
{
    /// <summary>For a field without a property of its own: its name, and then <see cref="Property"/> is the method that is asked for it; null otherwise.</summary>
    public string? Key { get; init; }
}

/// <summary>One field of the event schema.</summary>
/// <param name="Path">The whole path, as in <c>process.parent.name</c>; for fields of list items too, as in <c>process.thread.Ext.call_stack.symbol_info</c>.</param>
/// <param name="Type">What one value is.</param>
/// <param name="Access">The properties to read, from the event on.</param>
public sealed record EventField(string Path, FieldType Type, EquatableArray<AccessStep> Access)
{
    /// <summary>Categories of events that can fill the field; empty: any.</summary>
    public EquatableArray<string> Categories { get; init; }

    /// <summary>Operating systems that can fill the field; empty: any.</summary>
    public EquatableArray<string> OperatingSystems { get; init; }

    /// <summary>Whether a text is mostly a number in decimal digits, so that it can be compared with whole numbers too.</summary>
    public bool IsDecimal { get; init; }

    /// <summary>The field's documentation, one paragraph; empty where the reader has none (a compiler sees no documentation of compiled references).</summary>
    public string Summary { get; init; } = "";

    /// <summary>
    /// Whether the value is read through another field. A path below it need not be: the model can name <c>process.thread</c> beside <c>process</c>, and then the
    /// thread is not part of the process object.
    /// </summary>
    public bool IsBelow(EventField other)
    {
        if (Access.Count <= other.Access.Count)
            return false;
        for (int i = 0; i < other.Access.Count; i++)
        {
            if (Access[i] != other.Access[i])
                return false;
        }
        return true;
    }

    /// <summary>Whether an event can have several values: a step of the access path is a list.</summary>
    public bool IsMultiValued
    {
        get
        {
            foreach (AccessStep step in Access)
            {
                if (step.List != ListKind.None)
                    return true;
            }
            return false;
        }
    }
}

/// <summary>
/// The fields of an event model, as the language sees them. A value: it holds no symbols and no reflection, so it can be cached and compared.
/// </summary>
/// <param name="EventType">Full name of the C# event type, as in <c>CallStackRules.Events.EndpointEvent</c>.</param>
/// <param name="CategoryPath">Path of the field with the event's category.</param>
/// <param name="TimestampPath">Path of the field with the event's time.</param>
/// <param name="Fields">All fields, by path in ordinal order.</param>
public sealed record EventSchema(string EventType, string CategoryPath, string TimestampPath, EquatableArray<EventField> Fields)
{
    /// <summary>Path of the field that identifies the event's process, for lineage.</summary>
    public string ProcessPath { get; init; } = "process.entity_id";

    /// <summary>Path of the field that identifies the parent of the event's process, for lineage.</summary>
    public string ParentPath { get; init; } = "process.parent.entity_id";

    /// <summary>A query for events with which their process ends, for lineage.</summary>
    public string ProcessEnd { get; init; } = "process where event.type == \"end\"";

    /// <summary>What is wrong with the event model, a sentence each; such properties are left out of <see cref="Fields"/>.</summary>
    public EquatableArray<string> Problems { get; init; }

    private Dictionary<string, EventField>? _byPath;

    /// <summary>The field with a path, or null. Paths are case-sensitive.</summary>
    public EventField? Find(string path)
    {
        Dictionary<string, EventField>? byPath = _byPath;
        if (byPath is null)
        {
            byPath = new Dictionary<string, EventField>(StringComparer.Ordinal);
            foreach (EventField field in Fields)
                byPath[field.Path] = field;
            _byPath = byPath;
        }
        return byPath.TryGetValue(path, out EventField? found) ? found : null;
    }

    /// <inheritdoc/>
    public bool Equals(EventSchema? other) =>
        other is not null && EventType == other.EventType && CategoryPath == other.CategoryPath && TimestampPath == other.TimestampPath
        && ProcessPath == other.ProcessPath && ParentPath == other.ParentPath && ProcessEnd == other.ProcessEnd && Fields == other.Fields && Problems == other.Problems;

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((EventType.GetHashCode() * 31) + Fields.GetHashCode());
}
