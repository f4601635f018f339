using System.Globalization;
using System.Text.Json;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Ecs;

/// <summary>Writes events as nested JSON objects in the shape of the Elastic Common Schema, which <see cref="EcsSource"/> reads back.</summary>
public sealed class EcsWriter
{
    // The names that lead to the place in the tree. Objects begin when their first field is found, so that none is written empty: the first few have begun.
    private readonly List<EcsNode> _path = [];
    private int _begun;

    // The object that held the last field: neighbours in the tree mostly lie in the same one.
    private EcsStep[]? _lastWay;
    private object? _lastOwner;

    // Most fields are those of other products, of which the events of a sensor have none.
    private bool _hasFurther;

    /// <summary>Whether the frames of call stacks are written; their summaries always are.</summary>
    public bool WritesCallStacks { get; init; } = true;

    /// <summary>Writes one object with all fields that the event has.</summary>
    public void Write(Utf8JsonWriter writer, EndpointEvent e)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(e);
        _hasFurther = e.Further.Any;
        WriteObject(writer, EcsNode.Root, e);
    }

    private void WriteObject(Utf8JsonWriter writer, EcsNode node, object root)
    {
        writer.WriteStartObject();
        _lastWay = null;
        foreach (EcsNode child in node.Children)
            WriteNode(writer, child, root);
        _lastWay = null;
        writer.WriteEndObject();
    }

    private void WriteNode(Utf8JsonWriter writer, EcsNode node, object root)
    {
        if (node.IsFurther && !_hasFurther)
            return;
        if (node.Field is { } field)
        {
            if (_lastWay != field.Way)
            {
                _lastWay = field.Way;
                _lastOwner = field.FindOwner(root);
            }
            if (_lastOwner is { } owner)
                WriteField(writer, node, field, owner);
            return;
        }
        int depth = _path.Count;
        _path.Add(node);
        foreach (EcsNode child in ChildrenToWrite(node, root))
            WriteNode(writer, child, root);
        _path.RemoveAt(depth);
        if (_begun > depth)
        {
            writer.WriteEndObject();
            _begun = depth;
        }
    }

    private static List<EcsNode> ChildrenToWrite(EcsNode node, object root) =>
        node.Process is not { } link || (link.FindOwner(root) is { } owner && link.Property.Get(owner) is not null) ? node.Children : node.ChildrenOutsideProcess;

    private void WriteField(Utf8JsonWriter writer, EcsNode node, EcsField field, object owner)
    {
        switch (field)
        {
            case EcsField<Text> text when text.Property.Get(owner) is { IsMissing: false } value:
                Begin(writer);
                writer.WriteString(node.Name, value.Span);
                break;
            case EcsField<TextList> list when list.Property.Get(owner) is { Count: > 0 } values:
                Begin(writer);
                writer.WriteStartArray(node.Name);
                for (int i = 0; i < values.Count; i++)
                    writer.WriteStringValue(values[i].Span);
                writer.WriteEndArray();
                break;
            case EcsField<long?> integer when integer.Property.Get(owner) is { } value:
                Begin(writer);
                writer.WriteNumber(node.Name, value);
                break;
            case EcsField<double?> number when number.Property.Get(owner) is { } value && double.IsFinite(value):
                Begin(writer);
                writer.WriteNumber(node.Name, value);
                break;
            case EcsField<bool?> boolean when boolean.Property.Get(owner) is { } value:
                Begin(writer);
                writer.WriteBoolean(node.Name, value);
                break;
            case EcsListField list when (WritesCallStacks || !list.IsCallStack) && list.Property.Get(owner) is IObjectList { Count: > 0 } items:
                Begin(writer);
                writer.WriteStartArray(node.Name);
                for (int i = 0; i < items.Count; i++)
                    WriteObject(writer, list.Item, items.ItemAt(i));
                writer.WriteEndArray();
                break;
            case EcsTimeField when ((EndpointEvent)owner).UtcTicks is { } ticks:
                Begin(writer);
                WriteTime(writer, node, ticks);
                break;
        }
    }

    private static void WriteTime(Utf8JsonWriter writer, EcsNode node, long utcTicks)
    {
        Span<char> text = stackalloc char[32];
        new DateTime(utcTicks, DateTimeKind.Utc).TryFormat(text, out int length, "O", CultureInfo.InvariantCulture);
        writer.WriteString(node.Name, text[..length]);
    }

    private void Begin(Utf8JsonWriter writer)
    {
        for (; _begun < _path.Count; _begun++)
            writer.WriteStartObject(_path[_begun].Name);
    }
}
