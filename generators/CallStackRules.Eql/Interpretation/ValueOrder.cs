namespace CallStackRules.Eql.Interpretation;

/// <summary>
/// The order in which <c>| sort</c> puts values: by the first expression, then the next. Missing comes first, then false, true, numbers, texts
/// by their units. Of several values the first decides, then the next; fewer come first.
/// </summary>
internal sealed class ValueOrder : IComparer<IReadOnlyList<IReadOnlyList<object>>>
{
    public static ValueOrder Instance { get; } = new();

    public int Compare(IReadOnlyList<IReadOnlyList<object>>? x, IReadOnlyList<IReadOnlyList<object>>? y) =>
        CompareLists(x!, y!, CompareValues);

    private static int CompareValues(IReadOnlyList<object> x, IReadOnlyList<object> y) => CompareLists(x, y, CompareValue);

    private static int CompareLists<T>(IReadOnlyList<T> x, IReadOnlyList<T> y, Func<T, T, int> compare)
    {
        for (int i = 0; i < x.Count && i < y.Count; i++)
        {
            int order = compare(x[i], y[i]);
            if (order != 0)
                return order;
        }
        return x.Count.CompareTo(y.Count);
    }

    private static int CompareValue(object x, object y) => (x, y) switch
    {
        (bool left, bool right) => left.CompareTo(right),
        (string left, string right) => string.CompareOrdinal(left, right),
        (long or double, long or double) => Numbers.Compare(x, y) ?? 0,
        _ => Rank(x).CompareTo(Rank(y)),
    };

    private static int Rank(object value) => value switch
    {
        bool => 0,
        long or double => 1,
        string => 2,
        _ => throw new ArgumentException($"A {value.GetType().Name} is an object, and objects have no order.", nameof(value)),
    };
}
