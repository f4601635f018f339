namespace CallStackRules.Matching;

/// <content>Numbers whose kind the event decides: two whole numbers stay whole, anything else has a fraction.</content>
public static partial class Arithmetic
{
    /// <summary>The sum.</summary>
    public static Number Add(Number left, Number right) => AreWhole(left, right) ? Add(left.Integer, right.Integer) : Add(left.AsFraction, right.AsFraction);

    /// <summary>The difference.</summary>
    public static Number Subtract(Number left, Number right) =>
        AreWhole(left, right) ? Subtract(left.Integer, right.Integer) : Subtract(left.AsFraction, right.AsFraction);

    /// <summary>The product.</summary>
    public static Number Multiply(Number left, Number right) =>
        AreWhole(left, right) ? Multiply(left.Integer, right.Integer) : Multiply(left.AsFraction, right.AsFraction);

    /// <summary>The quotient.</summary>
    public static Number Divide(Number left, Number right) =>
        AreWhole(left, right) ? Divide(left.Integer, right.Integer) : Divide(left.AsFraction, right.AsFraction);

    /// <summary>What division rounded down leaves.</summary>
    public static Number Modulo(Number left, Number right) =>
        AreWhole(left, right) ? Modulo(left.Integer, right.Integer) : Modulo(left.AsFraction, right.AsFraction);

    /// <summary>The number with the other sign.</summary>
    public static Number Negate(Number value) => value.Integer is not null ? Negate(value.Integer) : Negate(value.Fraction);

    /// <summary>Whether both are the same number.</summary>
    public static bool Equal(Number left, Number right) => Order(left, right) == 0;

    /// <summary>Whether the left number is smaller.</summary>
    public static bool Less(Number left, Number right) => Order(left, right) < 0;

    /// <summary>Whether the left number is smaller or the same.</summary>
    public static bool LessOrEqual(Number left, Number right) => Order(left, right) <= 0;

    /// <summary>Whether the left number is larger.</summary>
    public static bool Greater(Number left, Number right) => Order(left, right) > 0;

    /// <summary>Whether the left number is larger or the same.</summary>
    public static bool GreaterOrEqual(Number left, Number right) => Order(left, right) >= 0;

    /// <summary>Whether both are true, or both are false; false when one is missing.</summary>
    public static bool Equal(bool? left, bool? right) => left is { } a && right is { } b && a == b;

    /// <summary>The number if it is whole; missing if it has a fraction.</summary>
    public static long? Whole(long? value) => value;

    /// <summary>The number if it is whole and fits 64 bits; otherwise missing.</summary>
    public static long? Whole(double? value)
    {
        const double twoTo63 = 9223372036854775808.0;
        return value is { } number && number >= -twoTo63 && number < twoTo63 && Math.Floor(number) == number ? (long)number : null;
    }

    /// <summary>The number if it is whole and fits 64 bits; otherwise missing.</summary>
    public static long? Whole(Number value) => value.Integer ?? Whole(value.Fraction);

    private static bool AreWhole(Number left, Number right) => left.Integer is not null && right.Integer is not null;

    private static int? Order(Number left, Number right) => (left.Integer, right.Integer) switch
    {
        ({ } a, { } b) => a.CompareTo(b),
        (not null, null) => Order(left.Integer, right.Fraction),
        (null, not null) => -Order(right.Integer, left.Fraction),
        _ => left.Fraction is { } a && right.Fraction is { } b ? a.CompareTo(b) : null,
    };
}
