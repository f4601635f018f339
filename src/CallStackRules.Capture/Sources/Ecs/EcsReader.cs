using System.Text;
using System.Text.Json;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Ecs;

/// <summary>Fills events from JSON objects in the shape of the Elastic Common Schema: nested, with dotted names, or mixed.</summary>
/// <remarks>
/// A single value where a list is expected is a list of one. Of several values where one is expected the first counts. Numbers and truth values are taken as text
/// where text is expected, as Elasticsearch does; any other value of a wrong type leaves the field missing. What is left out is counted.
/// The processes of an event are objects that are filled anew with the next one.
/// </remarks>
/// <param name="statistics">Where values that are left out are counted.</param>
public sealed class EcsReader(SourceStatistics statistics)
{
    /// <summary>Values of one list that are read; a recording with more is not of this world, and must not fill the memory.</summary>
    public const int MostValues = 64 * 1024;

    /// <summary>Objects of one list that are read: more frames than a call stack has.</summary>
    public const int MostObjects = 1024;

    private const int LongestName = 256;

    private readonly EcsProcesses _processes = new();
    private readonly EcsCallStacks _callStacks = new(statistics);
    private EndpointEvent _event = new();
    private long _fields;

    /// <summary>Clears an event and fills it from one JSON object.</summary>
    /// <returns>How many values were taken over; 0 when the object has nothing of an event.</returns>
    /// <exception cref="JsonException">The text is not one JSON object. The event may be filled in part.</exception>
    public long Read(ReadOnlySpan<byte> json, EndpointEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        e.Clear();
        _processes.Clear();
        _event = e;
        _fields = 0;
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("the text is JSON but no object");
        ReadObject(ref reader, EcsNode.Root, e);
        // Finds what stands after the object, which the parser does not allow.
        reader.Read();
        _callStacks.FindModules(e.Thread.CallStack);
        _callStacks.FindModules(e.ParentThread.CallStack);
        _callStacks.FindModules(e.TargetThread.CallStack);
        return _fields;
    }

    private void ReadObject(ref Utf8JsonReader reader, EcsNode node, object root)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            EcsNode? child = FindChild(ref reader, node);
            // A hit as Elasticsearch exports it: the event is one level down.
            bool isSource = child is null && node == EcsNode.Root && reader.ValueTextEquals("_source"u8);
            reader.Read();
            if (isSource && reader.TokenType == JsonTokenType.StartObject)
            {
                ReadObject(ref reader, node, root);
            }
            else if (child is null)
            {
                statistics.UnknownFields++;
                reader.Skip();
            }
            else
            {
                ReadValue(ref reader, child, root);
            }
        }
    }

    private static EcsNode? FindChild(ref Utf8JsonReader reader, EcsNode node)
    {
        ReadOnlySpan<byte> name = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
            return node.Find(name);
        if (name.Length > LongestName)
            return null;
        Span<char> characters = stackalloc char[LongestName];
        Span<byte> bytes = stackalloc byte[LongestName * 3];
        int length = JsonText.Unescape(name, characters);
        return node.Find(bytes[..Encoding.UTF8.GetBytes(characters[..length], bytes)]);
    }

    private void ReadValue(ref Utf8JsonReader reader, EcsNode node, object root)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                break;
            case JsonTokenType.StartObject when node.Field is EcsListField list:
                ReadItem(ref reader, node, list, root);
                break;
            case JsonTokenType.StartObject when node.Children.Count > 0:
                ReadObject(ref reader, node, root);
                break;
            case JsonTokenType.StartArray when node.Field is EcsListField or EcsField<TextList>:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    ReadValue(ref reader, node, root);
                break;
            case JsonTokenType.StartArray:
                ReadFirst(ref reader, node, root);
                break;
            default:
                ReadScalar(ref reader, node, root);
                break;
        }
    }

    private void ReadFirst(ref Utf8JsonReader reader, EcsNode node, object root)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndArray)
            return;
        ReadValue(ref reader, node, root);
        bool isOnly = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            isOnly = false;
            reader.Skip();
        }
        if (!isOnly)
            Refuse(ref reader, node.MoreThanOneValue);
    }

    private void ReadItem(ref Utf8JsonReader reader, EcsNode node, EcsListField list, object root)
    {
        var items = (IObjectList)list.Property.Get(list.MakeOwner(root, _processes))!;
        if (items.Count < MostObjects)
            ReadObject(ref reader, list.Item, items.AddItem());
        else
            Refuse(ref reader, node.TooManyValues);
    }

    private void ReadScalar(ref Utf8JsonReader reader, EcsNode node, object root)
    {
        if (node.Field is EcsField<TextList?> list && list.Property.Get(list.MakeOwner(root, _processes))?.Count == MostValues)
            Refuse(ref reader, node.TooManyValues);
        else if (TryTake(ref reader, node.Field, root))
            _fields++;
        else
            Refuse(ref reader, node.WrongType);
    }

    private bool TryTake(ref Utf8JsonReader reader, EcsField? field, object root)
    {
        switch (field)
        {
            case EcsField<Text> text when TryText(ref reader, out Text value):
                text.Property.Set(text.MakeOwner(root, _processes), value);
                return true;
            case EcsField<TextList> list when TryText(ref reader, out Text value):
                list.Property.Fill(list.MakeOwner(root, _processes))!.Add(value);
                return true;
            case EcsField<long?> integer when TryInteger(ref reader, out long value):
                integer.Property.Set(integer.MakeOwner(root, _processes), value);
                return true;
            case EcsField<double?> number when reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double value):
                number.Property.Set(number.MakeOwner(root, _processes), value);
                return true;
            case EcsField<bool?> boolean when reader.TokenType is JsonTokenType.True or JsonTokenType.False:
                boolean.Property.Set(boolean.MakeOwner(root, _processes), reader.TokenType == JsonTokenType.True);
                return true;
            case EcsTimeField when TryTime(ref reader, out long ticks):
                _event.UtcTicks = ticks;
                return true;
            default:
                return false;
        }
    }

    private bool TryText(ref Utf8JsonReader reader, out Text text)
    {
        text = default;
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                ReadOnlySpan<byte> bytes = reader.ValueSpan;
                Span<char> room = _event.Buffer.Reserve(bytes.Length);
                text = _event.Buffer.Commit(reader.ValueIsEscaped ? JsonText.Unescape(bytes, room) : JsonText.Transcode(bytes, room));
                return true;
            case JsonTokenType.Number:
                text = _event.Buffer.Commit(JsonText.Transcode(reader.ValueSpan, _event.Buffer.Reserve(reader.ValueSpan.Length)));
                return true;
            case JsonTokenType.True:
                text = "true";
                return true;
            case JsonTokenType.False:
                text = "false";
                return true;
            default:
                return false;
        }
    }

    private static bool TryInteger(ref Utf8JsonReader reader, out long value)
    {
        value = 0;
        if (reader.TokenType != JsonTokenType.Number)
            return false;
        if (reader.TryGetInt64(out value))
            return true;
        // Addresses and masks beyond 2^63 keep their bits.
        if (reader.TryGetUInt64(out ulong unsigned))
        {
            value = unchecked((long)unsigned);
            return true;
        }
        if (!reader.TryGetDouble(out double number) || number != Math.Floor(number) || Math.Abs(number) >= 1L << 53)
            return false;
        value = (long)number;
        return true;
    }

    private static bool TryTime(ref Utf8JsonReader reader, out long utcTicks)
    {
        utcTicks = 0;
        if (reader.TokenType == JsonTokenType.String && reader.TryGetDateTime(out DateTime time))
        {
            // Without a zone it is UTC, as everywhere in ECS.
            utcTicks = (time.Kind == DateTimeKind.Unspecified ? time : time.ToUniversalTime()).Ticks;
            return true;
        }
        const long latest = 253_402_300_799_999;
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long milliseconds) || milliseconds is < 0 or > latest)
            return false;
        utcTicks = DateTime.UnixEpoch.Ticks + (milliseconds * TimeSpan.TicksPerMillisecond);
        return true;
    }

    private void Refuse(ref Utf8JsonReader reader, string problem)
    {
        statistics.CountFieldProblem(problem);
        reader.Skip();
    }
}
