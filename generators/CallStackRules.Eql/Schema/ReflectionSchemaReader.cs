using System.Reflection;
using System.Xml;

namespace CallStackRules.Eql.Schema;

/// <summary>Reads the schema of a loaded event model: for tools, which run beside it. The generator reads the same attributes from symbols.</summary>
public sealed class ReflectionSchemaReader
{
    private const string AttributeNamespace = "CallStackRules.Schema.";
    private const string TextType = "CallStackRules.Events.Text";

    private readonly Dictionary<string, string> _summaries = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];

    private ReflectionSchemaReader(string? documentation)
    {
        if (documentation is not null)
            ReadSummaries(documentation);
    }

    /// <summary>The schema that an assembly names with <c>[assembly: EqlSchema(typeof(T))]</c>.</summary>
    /// <param name="assembly">The assembly of the event model.</param>
    /// <param name="documentation">Text of its XML documentation file, from which summaries are taken; null: no summaries.</param>
    /// <exception cref="ArgumentException">The assembly names no schema.</exception>
    public static EventSchema Read(Assembly assembly, string? documentation = null)
    {
        CustomAttributeData attribute = Find(assembly.CustomAttributes, "EqlSchemaAttribute")
            ?? throw new ArgumentException($"{assembly.GetName().Name} has no [assembly: EqlSchema(typeof(...))].", nameof(assembly));
        var reader = new ReflectionSchemaReader(documentation);
        var type = (Type)attribute.ConstructorArguments[0].Value!;
        EventSchema schema = SchemaBuilder.Build(
            reader.Class(type), Tables(type), Named(attribute, "Category") ?? "event.category", Named(attribute, "Timestamp") ?? "@timestamp", reader._problems);
        return schema with
        {
            ProcessPath = Named(attribute, "Process") ?? schema.ProcessPath,
            ParentPath = Named(attribute, "Parent") ?? schema.ParentPath,
            ProcessEnd = Named(attribute, "ProcessEnd") ?? schema.ProcessEnd,
        };
    }

    private static IEnumerable<FieldTable> Tables(Type type) =>
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        let attribute = Find(property.CustomAttributes, "EqlFieldTableAttribute")
        where attribute is not null
        select new FieldTable(property.Name, (string)attribute.ConstructorArguments[0].Value!);

    private SchemaClass Class(Type type) => new(Name(type), () => Properties(type));

    /// <summary>The full name as C# spells it: nested types behind a dot.</summary>
    private static string Name(Type type) => type.FullName!.Replace('+', '.');

    private List<SchemaProperty> Properties(Type type)
    {
        var found = new List<SchemaProperty>();
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (Find(property.CustomAttributes, "EqlFieldAttribute") is not { } attribute)
                continue;
            (Type item, ListKind list) = Item(property.PropertyType);
            Type value = Nullable.GetUnderlyingType(item) is { } number && number.FullName != TextType ? number : item;
            if (Scalar(value) is not { } scalar)
            {
                _problems.Add(SchemaBuilder.UnusableType(Name(type), property.Name));
                continue;
            }
            _summaries.TryGetValue($"P:{Name(property.DeclaringType!)}.{property.Name}", out string? summary);
            found.Add(new SchemaProperty(
                property.Name,
                (string)attribute.ConstructorArguments[0].Value!,
                scalar,
                list,
                IsNullable(property),
                scalar == FieldType.Object ? Class(value) : null,
                Named(attribute, "Categories") ?? "",
                Named(attribute, "OperatingSystems") ?? "",
                IsSet(attribute, "IsDecimal"),
                summary ?? ""));
        }
        return found;
    }

    private static (Type Item, ListKind List) Item(Type type)
    {
        if (type == typeof(string))
            return (type, ListKind.None);
        if (type.IsArray)
            return (type.GetElementType()!, ListKind.Array);
        PropertyInfo[] members = [.. PublicProperties(type)];
        PropertyInfo? indexer = Array.Find(members, static member => member.GetIndexParameters() is [{ ParameterType: { } index }] && index == typeof(int));
        bool hasCount = Array.Exists(members, static member => member.Name == "Count" && member.PropertyType == typeof(int));
        return indexer is not null && hasCount ? (indexer.PropertyType, ListKind.List) : (type, ListKind.None);
    }

    /// <summary>What can be read of an object of a type: properties of its base classes too, and of an interface's own interfaces.</summary>
    private static IEnumerable<PropertyInfo> PublicProperties(Type type) => ((IEnumerable<Type>)[type, .. type.IsInterface ? type.GetInterfaces() : []])
        .SelectMany(static declaring => declaring.GetProperties(BindingFlags.Public | BindingFlags.Instance));

    private static FieldType? Scalar(Type type)
    {
        if (type == typeof(string) || type.FullName == TextType)
            return FieldType.Text;
        if (type.IsEnum || type.IsArray || type == typeof(object) || typeof(Delegate).IsAssignableFrom(type))
            return null;
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => FieldType.Boolean,
            TypeCode.SByte or TypeCode.Byte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Int32 or TypeCode.UInt32 or TypeCode.Int64 => FieldType.Integer,
            TypeCode.Single or TypeCode.Double => FieldType.Float,
            TypeCode.Object when type.IsClass || type.IsInterface => FieldType.Object,
            _ => null,
        };
    }

    /// <summary>What the compiler recorded of <c>?</c>: on the property, or once for all members of a type or of the type around it.</summary>
    private static bool IsNullable(PropertyInfo property)
    {
        if (property.PropertyType.IsValueType)
            return false;
        if (Flag(property.CustomAttributes, "NullableAttribute") is { } own)
            return own != NotNull;
        for (Type? type = property.DeclaringType; type is not null; type = type.DeclaringType)
        {
            if (Flag(type.CustomAttributes, "NullableContextAttribute") is { } context)
                return context != NotNull;
        }
        return true;
    }

    private const byte NotNull = 1;

    private static byte? Flag(IEnumerable<CustomAttributeData> attributes, string name)
    {
        foreach (CustomAttributeData attribute in attributes)
        {
            if (attribute.AttributeType.FullName != "System.Runtime.CompilerServices." + name)
                continue;
            // One flag, or one a type argument with the property's own first.
            return attribute.ConstructorArguments[0].Value is IList<CustomAttributeTypedArgument> flags ? (byte)flags[0].Value! : (byte)attribute.ConstructorArguments[0].Value!;
        }
        return null;
    }

    private static CustomAttributeData? Find(IEnumerable<CustomAttributeData> attributes, string name)
    {
        foreach (CustomAttributeData attribute in attributes)
        {
            if (attribute.AttributeType.FullName == AttributeNamespace + name)
                return attribute;
        }
        return null;
    }

    private static string? Named(CustomAttributeData attribute, string name)
    {
        foreach (CustomAttributeNamedArgument argument in attribute.NamedArguments)
        {
            if (argument.MemberName == name)
                return argument.TypedValue.Value as string;
        }
        return null;
    }

    private static bool IsSet(CustomAttributeData attribute, string name) =>
        attribute.NamedArguments.Any(argument => argument.MemberName == name && argument.TypedValue.Value is true);

    private void ReadSummaries(string documentation)
    {
        var document = new XmlDocument { XmlResolver = null };
        document.LoadXml(documentation);
        foreach (XmlNode member in document.SelectNodes("/doc/members/member")!)
        {
            if (member.SelectSingleNode("summary") is { } summary)
                _summaries[member.Attributes!["name"]!.Value] = DocumentationText.Plain(summary);
        }
    }
}
