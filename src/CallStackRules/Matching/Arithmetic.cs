namespace CallStackRules.Matching;

/// <summary>
/// The language's arithmetic and comparisons of numbers. Results are missing when an operand is, on division by zero, and when the result does not fit;
/// comparisons with a missing number are false. Integers compare exactly with numbers that have a fraction: 2^53 + 1 is not 2^53.
/// </summary>
public static partial class Arithmetic
{
    /// <summary>The sum.</summary>
    public static long? Add(long? left, long? right)
    {
        if (left is not { } a || right is not { } b)
            return null;
        long sum = unchecked(a + b);
        return ((a ^ sum) & (b ^ sum)) < 0 ? null : sum;
    }

    /// <summary>The sum.</summary>
    public static double? Add(double? left, double? right) => Finite(left + right);

    /// <summary>The difference.</summary>
    public static long? Subtract(long? left, long? right)
    {
        if (left is not { } a || right is not { } b)
            return null;
        long difference = unchecked(a - b);
        return ((a ^ b) & (a ^ difference)) < 0 ? null : difference;
    }

    /// <summary>The difference.</summary>
    public static double? Subtract(double? left, double? right) => Finite(left - right);

    /// <summary>The product.</summary>
    public static long? Multiply(long? left, long? right)
    {
        if (left is not { } a || right is not { } b)
            return null;
        long high = Math.BigMul(a, b, out long low);
        return high == low >> 63 ? low : null;
    }

    /// <summary>The product.</summary>
    public static double? Multiply(double? left, double? right) => Finite(left * right);

    /// <summary>The quotient of integers, rounded down: -7 / 2 is -4.</summary>
    public static long? Divide(long? left, long? right)
    {
        if (left is not { } a || right is not { } b || b == 0 || (a == long.MinValue && b == -1))
            return null;
        long quotient = a / b;
        return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
    }

    /// <summary>The quotient, with its fraction: 7 / 2.0 is 3.5.</summary>
    public static double? Divide(double? left, double? right) => right == 0 ? null : Finite(left / right);

    /// <summary>What division rounded down leaves; it has the sign of the divisor: -7 % 2 is 1.</summary>
    public static long? Modulo(long? left, long? right)
    {
        if (left is not { } a || right is not { } b || b == 0)
            return null;
        // The processor cannot divide the smallest integer by -1.
        if (b == -1)
            return 0;
        long rest = a % b;
        return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
    }

    /// <summary>What division rounded down leaves; it has the sign of the divisor.</summary>
    public static double? Modulo(double? left, double? right)
    {
        if (left is not { } a || right is not { } b || b == 0)
            return null;
        double rest = a % b;
        return Finite(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest);
    }

    /// <summary>The number with the other sign.</summary>
    public static long? Negate(long? value) => value == long.MinValue ? null : -value;

    /// <summary>The number with the other sign.</summary>
    public static double? Negate(double? value) => -value;

    /// <summary>Whether both are the same number.</summary>
    public static bool Equal(long? left, long? right) => left is { } a && right is { } b && a == b;

    /// <summary>Whether both are the same number.</summary>
    public static bool Equal(double? left, double? right) => left is { } a && right is { } b && a == b;

    /// <summary>Whether both are the same number.</summary>
    public static bool Equal(long? left, double? right) => Order(left, right) == 0;

    /// <summary>Whether both are the same number.</summary>
    public static bool Equal(double? left, long? right) => Order(right, left) == 0;

    /// <summary>Whether the left number is smaller.</summary>
    public static bool Less(long? left, long? right) => left < right;

    /// <summary>Whether the left number is smaller.</summary>
    public static bool Less(double? left, double? right) => left < right;

    /// <summary>Whether the left number is smaller.</summary>
    public static bool Less(long? left, double? right) => Order(left, right) < 0;

    /// <summary>Whether the left number is smaller.</summary>
    public static bool Less(double? left, long? right) => Order(right, left) > 0;

    /// <summary>Whether the left number is smaller or the same.</summary>
    public static bool LessOrEqual(long? left, long? right) => left <= right;

    /// <summary>Whether the left number is smaller or the same.</summary>
    public static bool LessOrEqual(double? left, double? right) => left <= right;

    /// <summary>Whether the left number is smaller or the same.</summary>
    public static bool LessOrEqual(long? left, double? right) => Order(left, right) <= 0;

    /// <summary>Whether the left number is smaller or the same.</summary>
    public static bool LessOrEqual(double? left, long? right) => Order(right, left) >= 0;

    /// <summary>Whether the left number is larger.</summary>
    public static bool Greater(long? left, long? right) => left > right;

    /// <summary>Whether the left number is larger.</summary>
    public static bool Greater(double? left, double? right) => left > right;

    /// <summary>Whether the left number is larger.</summary>
    public static bool Greater(long? left, double? right) => Order(left, right) > 0;

    /// <summary>Whether the left number is larger.</summary>
    public static bool Greater(double? left, long? right) => Order(right, left) < 0;

    /// <summary>Whether the left number is larger or the same.</summary>
    public static bool GreaterOrEqual(long? left, long? right) => left >= right;

    /// <summary>Whether the left number is larger or the same.</summary>
    public static bool GreaterOrEqual(double? left, double? right) => left >= right;

    /// <summary>Whether the left number is larger or the same.</summary>
    public static bool GreaterOrEqual(long? left, double? right) => Order(left, right) >= 0;

    /// <summary>Whether the left number is larger or the same.</summary>
    public static bool GreaterOrEqual(double? left, long? right) => Order(right, left) <= 0;

    /// <summary>The sign of left minus right, without rounding either; null when there is no order.</summary>
    private static int? Order(long? left, double? right)
    {
        const double twoTo63 = 9223372036854775808.0;
        if (left is not { } a || right is not { } b || double.IsNaN(b))
            return null;
        if (b >= twoTo63)
            return -1;
        if (b < -twoTo63)
            return 1;
        // Now the integer part of b fits, and both parts are exact.
        double integer = Math.Floor(b);
        int order = a.CompareTo((long)integer);
        return order != 0 ? order : b > integer ? -1 : 0;
    }

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
