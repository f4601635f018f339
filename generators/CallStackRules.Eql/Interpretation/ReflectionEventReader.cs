using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using CallStackRules.Eql.Schema;

namespace CallStackRules.Eql.Interpretation;

/// <summary>
/// Reads C# objects by the properties that a schema names. It knows no event model: a text is a string or a struct with an <c>IsMissing</c> property that
/// renders itself, a list is an array or anything with <c>Count</c> and an indexer.
/// </summary>
public sealed class ReflectionEventReader : IEventReader
{
    private readonly ConcurrentDictionary<(Type Type, string Name), PropertyInfo?> _properties = new();

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An object has no property of the name that the field's access path asks for.</exception>
    public IReadOnlyList<object> Read(object root, EventField field, int firstStep)
    {
        List<object> values = [root];
        for (int i = firstStep; i < field.Access.Count; i++)
        {
            AccessStep step = field.Access[i];
            var next = new List<object>();
            foreach (object owner in values)
            {
                object? value = step.Key is { } key ? Asked(owner, step.Property, key) : Required(owner, step.Property).GetValue(owner);
                if (value is not null && step.List == ListKind.None)
                    next.Add(value);
                else if (value is not null)
                    next.AddRange(Items(value));
            }
            values = next;
        }
        return [.. values.Where(value => !IsMissing(value)).Select(value => Convert(value, field.Type))];
    }

    private static object? Asked(object owner, string method, string key) => (owner.GetType().GetMethod(method, [typeof(string)])
        ?? throw new ArgumentException($"{owner.GetType()} has no method '{method}' that the schema's access path names.")).Invoke(owner, [key]);

    private IEnumerable<object> Items(object list)
    {
        if (list is IList known)
            return known.Cast<object?>().OfType<object>();
        PropertyInfo indexer = Required(list, "Item");
        int count = (int)Required(list, "Count").GetValue(list)!;
        return Enumerable.Range(0, count).Select(i => indexer.GetValue(list, [i])).OfType<object>();
    }

    private bool IsMissing(object value) =>
        value.GetType().IsValueType && Property(value.GetType(), "IsMissing")?.GetValue(value) is true;

    private static object Convert(object value, FieldType type) => type switch
    {
        FieldType.Text => value.ToString()!,
        FieldType.Integer => System.Convert.ToInt64(value, CultureInfo.InvariantCulture),
        FieldType.Float => System.Convert.ToDouble(value, CultureInfo.InvariantCulture),
        _ => value,
    };

    private PropertyInfo Required(object owner, string name) => Property(owner.GetType(), name)
        ?? throw new ArgumentException($"{owner.GetType()} has no property '{name}' that the schema's access path names.");

    private PropertyInfo? Property(Type type, string name) => _properties.GetOrAdd((type, name), key => key.Type.GetProperty(key.Name));
}
