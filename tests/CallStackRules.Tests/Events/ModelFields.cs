using System.Reflection;
using CallStackRules.Events;
using CallStackRules.Schema;

namespace CallStackRules.Tests.Events;

/// <summary>The fields of a model, found the way the schema says: by attributes, a type inside itself once.</summary>
internal static class ModelFields
{
    public static IEnumerable<PropertyInfo> Of(Type type) =>
        type.GetProperties().Where(property => property.GetCustomAttribute<EqlFieldAttribute>() is not null);

    public static string NameOf(PropertyInfo property) => property.GetCustomAttribute<EqlFieldAttribute>()!.Name;

    /// <summary>The last property on the way to a path, or null when the path is no field.</summary>
    public static PropertyInfo? Resolve(Type type, string path)
    {
        foreach (PropertyInfo property in Of(type).OrderByDescending(property => NameOf(property).Length))
        {
            string name = NameOf(property);
            if (name == path)
                return property;
            if (path.StartsWith(name + ".", StringComparison.Ordinal)
                && Resolve(ItemType(property.PropertyType), path[(name.Length + 1)..]) is { } found)
            {
                return found;
            }
        }
        return null;
    }

    /// <summary>The type of a property's values: of a list its items, of a nullable what it can hold.</summary>
    public static Type ItemType(Type type) =>
        Nullable.GetUnderlyingType(type) ?? (IsList(type) ? type.GetProperty("Item", [typeof(int)])!.PropertyType : type);

    public static bool IsList(Type type) => type.GetProperty("Count") is not null && type.GetProperty("Item", [typeof(int)]) is not null;

    public static bool IsValue(Type type) => type == typeof(Text) || type == typeof(TextList) || Nullable.GetUnderlyingType(type) is not null;

    /// <summary>All classes with fields that can be reached from a type.</summary>
    public static HashSet<Type> Classes(Type root)
    {
        HashSet<Type> found = [];
        var open = new Queue<Type>([root]);
        while (open.TryDequeue(out Type? type))
        {
            if (!found.Add(type))
                continue;
            foreach (PropertyInfo property in Of(type))
            {
                if (!IsValue(property.PropertyType))
                    open.Enqueue(ItemType(property.PropertyType));
            }
        }
        return found;
    }
}
