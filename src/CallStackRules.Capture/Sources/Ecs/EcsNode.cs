using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text;
using System.Text.Json;
using CallStackRules.CallStacks;
using CallStackRules.Events;
using CallStackRules.Eql.Schema;
using CallStackRules.Schema;

namespace CallStackRules.Capture.Sources.Ecs;

/// <summary>
/// The fields of the event model as a tree by the parts of their names: the shape that ECS events have in JSON. Built from the model's own attributes, so that a
/// property that is added is read and written without a change here.
/// </summary>
internal sealed class EcsNode
{
    private readonly Dictionary<byte[], EcsNode> _byName;
    private readonly Dictionary<byte[], EcsNode>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    private EcsNode(string path)
    {
        Path = path;
        Name = JsonEncodedText.Encode(path[(path.LastIndexOf('.') + 1)..]);
        _byName = new Dictionary<byte[], EcsNode>(new Utf8Names());
        _lookup = _byName.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>All fields of <see cref="EndpointEvent"/>.</summary>
    public static EcsNode Root { get; } = Build();

    /// <summary>The whole name from the root, or from the item of the list it is in.</summary>
    public string Path { get; }

    /// <summary>The last part of the name.</summary>
    public JsonEncodedText Name { get; }

    /// <summary>What is said of a value of a wrong type.</summary>
    public string WrongType => field ??= $"{Path}: wrong type";

    /// <summary>What is said of several values where one is expected.</summary>
    public string MoreThanOneValue => field ??= $"{Path}: more than one value";

    /// <summary>What is said of a list without end.</summary>
    public string TooManyValues => field ??= $"{Path}: too many values";

    /// <summary>The field of this name; null for a mere object.</summary>
    public EcsField? Field { get; private set; }

    /// <summary>For the name of a process: the way to it and the link itself. When the link is null, only <see cref="ChildrenOutsideProcess"/> can have values.</summary>
    public EcsField<ProcessInfo?>? Process { get; private set; }

    /// <summary>Whether all fields here and below are in <see cref="EndpointEvent.Further"/>.</summary>
    public bool IsFurther { get; private set; }

    /// <summary>The names one part longer.</summary>
    public List<EcsNode> Children { get; } = [];

    /// <summary>Those of <see cref="Children"/> that lead to fields held by other objects than <see cref="Process"/>.</summary>
    public List<EcsNode> ChildrenOutsideProcess { get; } = [];

    /// <summary>The node under a name, which may have dots.</summary>
    public EcsNode? Find(ReadOnlySpan<byte> name)
    {
        EcsNode node = this;
        while (true)
        {
            int dot = name.IndexOf((byte)'.');
            if (!node._lookup.TryGetValue(dot < 0 ? name : name[..dot], out EcsNode? child))
                return null;
            if (dot < 0)
                return child;
            node = child;
            name = name[(dot + 1)..];
        }
    }

    private static EcsNode Build()
    {
        var root = new EcsNode("");
        root.Expand(typeof(EndpointEvent), [], [typeof(EndpointEvent)]);
        root.Add("@timestamp", new EcsTimeField { Way = [] });
        root.AddFurtherFields();
        root.FindFieldsOutsideProcesses();
        return root;
    }

    private void Expand(Type type, EcsStep[] way, List<Type> open)
    {
        // Longest names first, and a class inside itself once: the rules by which EQL resolves a path.
        foreach ((PropertyInfo property, string name) in type.GetProperties()
            .Select(property => (property, property.GetCustomAttribute<EqlFieldAttribute>()?.Name ?? ""))
            .Where(pair => pair.Item2.Length > 0 && pair.Item2 != "@timestamp")
            .OrderByDescending(pair => pair.Item2.Length))
        {
            Type declared = property.PropertyType;
            if (FieldOf(property, way) is { } field)
                Add(name, field);
            else if (open.Count(inside => inside == declared) < 2)
                AddObject(property, name, way, open);
        }
    }

    private void AddObject(PropertyInfo property, string name, EcsStep[] way, List<Type> open)
    {
        EcsNode node = Make(name);
        EcsProperty<ProcessInfo?>? process = property.PropertyType == typeof(ProcessInfo) ? EcsProperty<ProcessInfo?>.Of(property) : null;
        if (process is not null)
            node.Process = new EcsField<ProcessInfo?> { Way = way, Property = process };
        node.Expand(property.PropertyType, [.. way, new EcsStep(EcsProperty<object?>.Of(property), process)], [.. open, property.PropertyType]);
    }

    private static EcsField? FieldOf(PropertyInfo property, EcsStep[] way)
    {
        Type type = property.PropertyType;
        if (type == typeof(Text))
            return new EcsField<Text> { Way = way, Property = EcsProperty<Text>.Of(property) };
        if (type == typeof(TextList))
            return new EcsField<TextList?> { Way = way, Property = EcsProperty<TextList?>.Of(property) };
        if (type == typeof(long?))
            return new EcsField<long?> { Way = way, Property = EcsProperty<long?>.Of(property) };
        if (type == typeof(double?))
            return new EcsField<double?> { Way = way, Property = EcsProperty<double?>.Of(property) };
        if (type == typeof(bool?))
            return new EcsField<bool?> { Way = way, Property = EcsProperty<bool?>.Of(property) };
        if (!type.IsAssignableTo(typeof(IObjectList)))
            return null;
        var item = new EcsNode("");
        Type itemType = type.GetProperty("Item", [typeof(int)])!.PropertyType;
        item.Expand(itemType, [], [itemType]);
        return new EcsListField { Way = way, Property = EcsProperty<object?>.Of(property), Item = item, IsCallStack = type == typeof(CallStack) };
    }

    /// <summary>Adds the fields that have no property of their own. Where one is as long as an object, the object is it; what a list of objects has is in its items.</summary>
    private void AddFurtherFields()
    {
        EcsStep[] way = [new EcsStep(EcsProperty<object?>.Of(typeof(EndpointEvent).GetProperty(nameof(EndpointEvent.Further))!), Process: null)];
        foreach ((string name, string type) in FieldTableText.Read(FurtherFieldNames.Table))
        {
            if (IsInList(name))
                continue;
            EcsNode node = Make(name);
            if (node.Children.Count == 0)
                node.Field ??= FurtherField(name, type, way);
        }
        foreach (EcsNode child in Children)
            child.FindFurther(way);
    }

    private bool IsInList(string name)
    {
        EcsNode node = this;
        foreach (string part in name.Split('.'))
        {
            if (node.Field is EcsListField)
                return true;
            if (!node._byName.TryGetValue(Encoding.UTF8.GetBytes(part), out EcsNode? child))
                return false;
            node = child;
        }
        return false;
    }

    private bool FindFurther(EcsStep[] way)
    {
        int further = Children.Count(child => child.FindFurther(way));
        IsFurther = Field is null ? further == Children.Count : Field.Way == way;
        return IsFurther;
    }

    private static EcsField FurtherField(string name, string type, EcsStep[] way) => type switch
    {
        "texts" => new EcsField<TextList?> { Way = way, Property = EcsProperty<TextList?>.OfList(static (bag, name) => bag.Texts(name), static (bag, name) => bag.FillTexts(name), name) },
        "long" => new EcsField<long?> { Way = way, Property = EcsProperty<long?>.Of(static (bag, name) => bag.Long(name), static (bag, name, value) => bag.Set(name, value), name) },
        "double" => new EcsField<double?> { Way = way, Property = EcsProperty<double?>.Of(static (bag, name) => bag.Double(name), static (bag, name, value) => bag.Set(name, value), name) },
        "bool" => new EcsField<bool?> { Way = way, Property = EcsProperty<bool?>.Of(static (bag, name) => bag.Bool(name), static (bag, name, value) => bag.Set(name, value), name) },
        _ => new EcsField<Text> { Way = way, Property = EcsProperty<Text>.Of(static (bag, name) => bag.Text(name), static (bag, name, value) => bag.Set(name, value), name) },
    };

    private void Add(string name, EcsField field)
    {
        EcsNode node = Make(name);
        node.Field ??= field;
    }

    private EcsNode Make(string name)
    {
        EcsNode node = this;
        foreach (string part in name.Split('.'))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(part);
            if (!node._byName.TryGetValue(bytes, out EcsNode? child))
            {
                child = new EcsNode(node.Path.Length == 0 ? part : $"{node.Path}.{part}");
                node._byName.Add(bytes, child);
                node.Children.Add(child);
            }
            node = child;
        }
        return node;
    }

    private void FindFieldsOutsideProcesses()
    {
        foreach (EcsNode child in Children)
        {
            child.FindFieldsOutsideProcesses();
            if (Process is not null && child.HasFieldOutside(Process.Property))
                ChildrenOutsideProcess.Add(child);
        }
    }

    private bool HasFieldOutside(EcsProperty<ProcessInfo?> process) =>
        (Field is not null && !Field.Way.Any(step => step.Process == process)) || Children.Any(child => child.HasFieldOutside(process));

    /// <summary>Names as UTF-8, so that a name in a JSON text is looked up as it stands there.</summary>
    private sealed class Utf8Names : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] byte[] name) => GetHashCode(name.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
