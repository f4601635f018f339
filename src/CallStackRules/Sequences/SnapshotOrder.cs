using CallStackRules.Matching;

namespace CallStackRules.Sequences;

/// <summary>
/// The order in which <c>| sort</c> puts values: by the first field, then the next. Missing comes first, then false, true, numbers, texts by their units. Of several
/// values the first decides, then the next; fewer come first.
/// </summary>
internal sealed class SnapshotOrder : IComparer<Snapshot>
{
    public static SnapshotOrder Instance { get; } = new();

    public int Compare(Snapshot? x, Snapshot? y)
    {
        for (int field = 0; field < x!.FieldCount; field++)
        {
            int order = Compare(x, y!, field);
            if (order != 0)
                return order;
        }
        return 0;
    }

    private static int Compare(Snapshot x, Snapshot y, int field)
    {
        for (int i = 0; i < x.Count(field) && i < y.Count(field); i++)
        {
            int order = Compare(x, y, field, i);
            if (order != 0)
                return order;
        }
        return x.Count(field).CompareTo(y.Count(field));
    }

    private static int Compare(Snapshot x, Snapshot y, int field, int index) => (Rank(x.Kind(field, index)), Rank(y.Kind(field, index))) switch
    {
        (BooleanRank, BooleanRank) => x.Boolean(field, index)!.Value.CompareTo(y.Boolean(field, index)!.Value),
        (NumberRank, NumberRank) => Compare(x.Number(field, index), y.Number(field, index)),
        (TextRank, TextRank) => x.Text(field, index).Span.SequenceCompareTo(y.Text(field, index).Span),
        var (left, right) => left.CompareTo(right),
    };

    private static int Compare(Number x, Number y) => Arithmetic.Less(x, y) ? -1 : Arithmetic.Less(y, x) ? 1 : 0;

    private const int BooleanRank = 0;
    private const int NumberRank = 1;
    private const int TextRank = 2;

    private static int Rank(ValueKind kind) => kind switch
    {
        ValueKind.Boolean => BooleanRank,
        ValueKind.Text => TextRank,
        _ => NumberRank,
    };
}
