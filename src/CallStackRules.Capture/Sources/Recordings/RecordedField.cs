using CallStackRules.Capture.Sources.Ecs;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Recordings;

/// <summary>How the values of a field are written; the numbers are part of the format.</summary>
internal enum RecordedKind : byte
{
    /// <summary>A text.</summary>
    Text = 1,
    /// <summary>A count, and so many texts.</summary>
    Texts = 2,
    /// <summary>A signed whole number.</summary>
    Whole = 3,
    /// <summary>The 8 bytes of a double.</summary>
    Fraction = 4,
    /// <summary>A byte, 0 or 1.</summary>
    Boolean = 5,
    /// <summary>Ticks of UTC less those of the event before.</summary>
    Time = 6,
    /// <summary>A count, and so many objects.</summary>
    Objects = 7,
    /// <summary>A count, and so many frames, each an object or a reference to an earlier one.</summary>
    Frames = 8,
}

/// <summary>A field with its number in the file.</summary>
/// <param name="Number">From 1; 0 ends an object.</param>
/// <param name="Path">Its name from the root; behind <c>[]</c> come the fields of the objects of a list.</param>
/// <param name="Kind">How its values are written.</param>
/// <param name="Field">The property.</param>
/// <param name="Prefix">The part of the path that leads to the list whose objects hold it; empty for a field of the event itself.</param>
/// <param name="Item">Of a list, what its objects hold.</param>
internal sealed record RecordedField(int Number, string Path, RecordedKind Kind, EcsField Field, string Prefix, RecordedObject? Item)
{
    /// <summary>All fields of the event model, by number less 1; those of the objects in a list stand before the list.</summary>
    public static IReadOnlyList<RecordedField> All { get; }

    /// <summary>The event.</summary>
    public static RecordedObject Root { get; }

    static RecordedField()
    {
        var all = new List<RecordedField>();
        Root = Build(EcsNode.Root, "", all);
        All = all;
    }

    private static RecordedObject Build(EcsNode root, string prefix, List<RecordedField> all)
    {
        var plan = new RecordedObject { Prefix = prefix };
        Add(root);
        return plan;

        void Add(EcsNode node)
        {
            if (node.Field is { } field)
            {
                RecordedObject? item = field is EcsListField list ? Build(list.Item, $"{prefix}{node.Path}[].", all) : null;
                var recorded = new RecordedField(all.Count + 1, prefix + node.Path, KindOf(field), field, prefix, item);
                all.Add(recorded);
                RecordedObject holder = plan.Find(field.Way);
                holder.Fields.Add(recorded);
                holder.ByName.TryAdd(recorded.Path, recorded);
            }
            foreach (EcsNode child in node.Children)
                Add(child);
        }
    }

    private static RecordedKind KindOf(EcsField field) => field switch
    {
        EcsField<Text> => RecordedKind.Text,
        EcsField<TextList> => RecordedKind.Texts,
        EcsField<long?> => RecordedKind.Whole,
        EcsField<double?> => RecordedKind.Fraction,
        EcsField<bool?> => RecordedKind.Boolean,
        EcsTimeField => RecordedKind.Time,
        EcsListField { IsCallStack: true } => RecordedKind.Frames,
        _ => RecordedKind.Objects,
    };
}

/// <summary>An object of the model: its fields, and the objects it has, so that each is fetched once however many fields it holds.</summary>
internal sealed class RecordedObject
{
    /// <summary>Of an object of a list, <see cref="RecordedField.Prefix"/> of its fields.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Its own fields.</summary>
    public List<RecordedField> Fields { get; } = [];

    /// <summary>Its own fields by their paths.</summary>
    public Dictionary<string, RecordedField> ByName { get; } = new(StringComparer.Ordinal);

    /// <summary>The objects it has, and how to get them.</summary>
    public List<(EcsProperty<object?> Property, RecordedObject Object)> Children { get; } = [];

    /// <summary>The object at the end of a way.</summary>
    public RecordedObject Find(ReadOnlySpan<EcsStep> way)
    {
        RecordedObject place = this;
        foreach (EcsStep step in way)
        {
            RecordedObject? known = null;
            foreach ((EcsProperty<object?> property, RecordedObject child) in place.Children)
            {
                if (property == step.Object)
                    known = child;
            }
            if (known is null)
            {
                known = new RecordedObject();
                place.Children.Add((step.Object, known));
            }
            place = known;
        }
        return place;
    }
}
