using System.Globalization;
using System.Text.Json;
using CallStackRules.Eql.Automata;
using CallStackRules.Eql.Binding;
using CallStackRules.Eql.Schema;
using CsCheck;

namespace CallStackRules.Eql.Tests.Generation;

/// <summary>
/// Random events for a rule, as JSON with the schema's C# properties for names. They have the fields that the rule reads, with values near those it compares them
/// with, so that matches are neither rare nor certain; now and then a field is missing.
/// </summary>
public static class EventGen
{
    private static readonly Gen<object> AnyText = Gen.OneOf(Words.All).Select(word => (object)word);
    private static readonly Gen<object> AnyNumber = Gen.OneOf<object>(0L, 1L, 2L, 3L, 5L, 7L, -1L, -7L, 9007199254740993L, long.MaxValue, long.MinValue);
    private static readonly Gen<object> AnyFraction = Gen.OneOf<object>(0.0, 0.5, 1.0, 2.0, 2.5, -0.5, 9007199254740992.0, 1e300);

    /// <summary>Events for a filter that was bound against the schema.</summary>
    public static Gen<string> For(EventSchema schema, BoundFilter filter)
    {
        ILookup<EventField, Gen<object>> near = Near(filter.Condition).ToLookup(pair => pair.Field, pair => pair.Value);
        var root = new EventShape();
        foreach (IGrouping<EventField, Gen<object>> values in near)
            root.Add(values.Key, Gen.Frequency((6, Gen.OneOf(values.ToArray())), (1, Any(values.Key.Type))));
        if (schema.Find(schema.CategoryPath) is { } category)
            root.Add(category, Gen.Frequency((6, Gen.Const<object>(filter.Category ?? "process")), (1, Gen.OneOf<object>("process", "file", "Process"))));
        return root.Objects.Select(@object => JsonSerializer.Serialize(@object));
    }

    /// <summary>Pairs of a field and values that the rule may compare it with.</summary>
    private static IEnumerable<(EventField Field, Gen<object> Value)> Near(BoundExpression condition)
    {
        foreach (BoundExpression predicate in BoundParts.Predicates(condition))
        {
            BoundExpression[] parts = [.. BoundParts.All(predicate)];
            Gen<string>[] texts = [.. parts.SelectMany(Texts)];
            long[] numbers = [.. parts.OfType<BoundConstant>().Select(constant => constant.Value).OfType<long>()];
            double[] fractions = [.. parts.OfType<BoundConstant>().Select(constant => constant.Value).OfType<double>()];
            foreach (EventField field in parts.OfType<BoundField>().Select(part => part.Field).Distinct())
            {
                yield return (field, field.Type switch
                {
                    FieldType.Text when field.IsDecimal && numbers.Length > 0 =>
                        Gen.OneOf(numbers).Select(Gen.Int[-1, 1], (number, step) => (object)unchecked(number + step).ToString(CultureInfo.InvariantCulture)),
                    FieldType.Text when texts.Length > 0 => Gen.OneOf(texts).SelectMany(Varied).Select(text => (object)text),
                    // Fields that are compared with each other meet on few words.
                    FieldType.Text => Gen.OneOf<object>("a", "A", "ab", "é", "7"),
                    FieldType.Integer when numbers.Length > 0 => Gen.OneOf(numbers).Select(Gen.Int[-1, 1], (number, step) => (object)unchecked(number + step)),
                    FieldType.Float when fractions.Length > 0 => Gen.OneOf(fractions).Select(number => (object)number),
                    FieldType.Float when numbers.Length > 0 => Gen.OneOf(numbers).Select(number => (object)(double)number),
                    _ => Any(field.Type),
                });
            }
        }
    }

    /// <summary>Texts that the parts of a predicate are made for.</summary>
    private static IEnumerable<Gen<string>> Texts(BoundExpression part) => part switch
    {
        BoundConstant { Value: string text } => [Gen.Const(text)],
        BoundMatch { Kind: MatchKind.Wildcard } match => match.Patterns.Select(pattern => Patterns.FittingWildcard(pattern.Text)),
        BoundMatch { Kind: MatchKind.Regex } match => match.Patterns.Select(pattern =>
            RegexSyntax.TryParse(pattern.Text, out RegexNode? node, out _) ? Patterns.FittingRegex(node) : Gen.Const(pattern.Text)),
        BoundMatch match => match.Patterns.Select(pattern => Gen.Const(pattern.Text)),
        BoundNetworkMatch match => match.Networks.Select(network => Gen.Const(network.Text.Split('/')[0])),
        _ => [],
    };

    /// <summary>A text as it is, in another case, or as a part of a longer one.</summary>
    private static Gen<string> Varied(string text) => Gen.Frequency(
        (6, Gen.Const(text)),
        (1, Gen.Const(text.ToUpperInvariant())),
        (1, Gen.Const(text.ToLowerInvariant())),
        (1, Gen.OneOf(Words.All).Select(word => word + text)),
        (1, Gen.OneOf(Words.All).Select(word => text + word)));

    private static Gen<object> Any(FieldType type) => type switch
    {
        FieldType.Text => AnyText,
        FieldType.Integer => AnyNumber,
        FieldType.Float => AnyFraction,
        FieldType.Boolean => Gen.Bool.Select(truth => (object)truth),
        _ => Gen.Const<object>(new Dictionary<string, object>()),
    };
}
