using CallStackRules.Eql.Schema;

namespace CallStackRules.Eql.Tests.Generation;

/// <summary>A field that an expression may name.</summary>
/// <param name="Spelling">As it is written there: <c>process.name</c>, <c>$item.name</c>.</param>
/// <param name="Field">The field.</param>
/// <param name="FirstStep">Where the reading of its access path starts.</param>
public sealed record Reachable(string Spelling, EventField Field, int FirstStep)
{
    /// <summary>Whether there can be several values.</summary>
    public bool HasSeveral => Field.Access.Skip(FirstStep).Any(step => step.List != ListKind.None);
}

/// <summary>The fields in reach of an expression, by what they hold.</summary>
/// <param name="fields">All of them.</param>
/// <param name="variables">How many variables are in reach.</param>
public sealed class Reach(IReadOnlyList<Reachable> fields, int variables)
{
    /// <summary>A name that no variable in reach has.</summary>
    public string NewVariable => $"$item{variables}";

    public IReadOnlyList<Reachable> Fields { get; } = fields;

    public IReadOnlyList<Reachable> Texts { get; } = [.. fields.Where(field => field.Field.Type == FieldType.Text)];

    public IReadOnlyList<Reachable> Numbers { get; } = [.. fields.Where(field => field.Field.Type is FieldType.Integer or FieldType.Float)];

    /// <summary>Texts that may be compared with whole numbers.</summary>
    public IReadOnlyList<Reachable> Decimals { get; } = [.. fields.Where(field => field.Field.IsDecimal)];

    public IReadOnlyList<Reachable> Booleans { get; } = [.. fields.Where(field => field.Field.Type == FieldType.Boolean)];

    public IReadOnlyList<Reachable> Several { get; } = [.. fields.Where(field => field.HasSeveral)];

    /// <summary>What can be searched: lists, and single objects, which count as lists of one.</summary>
    public IReadOnlyList<Reachable> Arrays { get; } = [.. fields.Where(field => field.HasSeveral || field.Field.Type == FieldType.Object)];

    /// <summary>What is in reach of a condition on the items of an array. Every other field is one of the items', so that conditions are about them.</summary>
    public Reach Inside(Reachable array)
    {
        int firstStep = array.Field.Access.Count;
        string prefix = array.Field.Path + ".";
        List<Reachable> inner =
        [
            .. Fields.Select(field => field.Field)
                .Distinct()
                .Where(field => field.Path.StartsWith(prefix, StringComparison.Ordinal) && field.IsBelow(array.Field))
                .Select(field => new Reachable($"{NewVariable}.{field.Path[prefix.Length..]}", field, firstStep)),
        ];
        if (array.Field.Type != FieldType.Object)
            inner.Add(new Reachable(NewVariable, array.Field, firstStep));
        int times = inner.Count == 0 ? 0 : Math.Max(1, Fields.Count / inner.Count);
        return new Reach([.. Fields, .. Enumerable.Repeat(inner, times).SelectMany(fields => fields)], variables + 1);
    }
}
