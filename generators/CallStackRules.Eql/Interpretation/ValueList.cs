using System.Globalization;
using CallStackRules.Eql.Binding;

namespace CallStackRules.Eql.Interpretation;

/// <summary>
/// The values of several expressions as one key: a list of values for each. Keys are equal when all lists are, value by value in order: texts
/// exactly, 1 like 1.0, a number never like a text, missing only like missing.
/// </summary>
internal sealed class ValueList(IReadOnlyList<IReadOnlyList<object>> values) : IEquatable<ValueList>
{
    private readonly string _identity = string.Join(";", values.Select(several => string.Join(",", several.Select(Identity))));

    /// <summary>By expression its values.</summary>
    public IReadOnlyList<IReadOnlyList<object>> Values { get; } = values;

    /// <summary>The key of an event; null when a value is missing that is not optional.</summary>
    public static ValueList? OfKeys(IReadOnlyList<BoundKey> keys, Func<BoundExpression, IReadOnlyList<object>> read)
    {
        var values = new List<IReadOnlyList<object>>();
        foreach (BoundKey key in keys)
        {
            IReadOnlyList<object> several = read(key.Expression);
            if (several.Count == 0 && !key.IsOptional)
                return null;
            values.Add(several);
        }
        return new ValueList(values);
    }

    public bool Equals(ValueList? other) => other is not null && _identity == other._identity;

    public override bool Equals(object? obj) => Equals(obj as ValueList);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_identity);

    /// <summary>A text that equal values have in common and no others. Texts carry their length, so nothing in them reads as a separator.</summary>
    private static string Identity(object value) => value switch
    {
        string text => $"t{text.Length}:{text}",
        bool truth => truth ? "true" : "false",
        long whole => whole.ToString(CultureInfo.InvariantCulture),
        double fraction when fraction == Math.Floor(fraction) && fraction is >= -9223372036854775808.0 and < 9223372036854775808.0 =>
            ((long)fraction).ToString(CultureInfo.InvariantCulture),
        double fraction => fraction.ToString("R", CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"A {value.GetType().Name} is an object, and objects are no keys.", nameof(value)),
    };
}
