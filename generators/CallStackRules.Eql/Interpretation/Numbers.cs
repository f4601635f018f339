using System.Numerics;
using CallStackRules.Eql.Binding;

namespace CallStackRules.Eql.Interpretation;

/// <summary>
/// Numbers as the language sees them: a <see cref="long"/> or a <see cref="double"/>. What has no result (overflow, division by zero) is null.
/// </summary>
internal static class Numbers
{
    /// <summary>The sign of left minus right, exactly, also between whole numbers and fractions; null when one is not a number (NaN).</summary>
    public static int? Compare(object left, object right) => (left, right) switch
    {
        (long l, long r) => l.CompareTo(r),
        (long l, double r) => Compare(l, r),
        (double l, long r) => -Compare(r, l),
        (double l, double r) => double.IsNaN(l) || double.IsNaN(r) ? null : l.CompareTo(r),
        _ => throw new ArgumentException($"{left} and {right} are not both numbers."),
    };

    public static object? Apply(ArithmeticKind kind, object left, object right) => (left, right) switch
    {
        (long l, long r) => Apply(kind, new BigInteger(l), new BigInteger(r)),
        _ => Apply(kind, ToDouble(left), ToDouble(right)),
    };

    public static object? Negate(object value) => value is long whole ? Narrow(-new BigInteger(whole)) : -(double)value;

    /// <summary>A number that counts something: 2 and 2.0, but not 2.5.</summary>
    public static long? ToWhole(object value) => value switch
    {
        long whole => whole,
        double fraction when fraction == Math.Floor(fraction) && Math.Abs(fraction) < 9223372036854775808.0 => (long)fraction,
        _ => null,
    };

    /// <summary>A whole number of 64 bits; null when it has more.</summary>
    public static object? Narrow(BigInteger value) => value >= long.MinValue && value <= long.MaxValue ? (long)value : null;

    /// <summary>A number with a fraction; null when it is none (NaN) or too large.</summary>
    public static object? Finite(double value) => double.IsNaN(value) || double.IsInfinity(value) ? null : value;

    private static int? Compare(long left, double right)
    {
        if (double.IsNaN(right))
            return null;
        // Every double from 2^63 on is greater than every long, and so on downwards; between, its whole part is a long.
        if (right >= 9223372036854775808.0)
            return -1;
        if (right < -9223372036854775808.0)
            return 1;
        double floor = Math.Floor(right);
        int order = left.CompareTo((long)floor);
        return order == 0 && right > floor ? -1 : order;
    }

    private static object? Apply(ArithmeticKind kind, BigInteger left, BigInteger right)
    {
        if (kind is ArithmeticKind.Divide or ArithmeticKind.Modulo && right.IsZero)
            return null;
        return Narrow(kind switch
        {
            ArithmeticKind.Add => left + right,
            ArithmeticKind.Subtract => left - right,
            ArithmeticKind.Multiply => left * right,
            ArithmeticKind.Divide => FloorDivide(left, right),
            ArithmeticKind.Modulo => left - (FloorDivide(left, right) * right),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        });
    }

    private static BigInteger FloorDivide(BigInteger left, BigInteger right)
    {
        BigInteger quotient = BigInteger.DivRem(left, right, out BigInteger remainder);
        return !remainder.IsZero && remainder.Sign != right.Sign ? quotient - 1 : quotient;
    }

    private static object? Apply(ArithmeticKind kind, double left, double right)
    {
        if (kind is ArithmeticKind.Divide or ArithmeticKind.Modulo && right == 0)
            return null;
        return Finite(kind switch
        {
            ArithmeticKind.Add => left + right,
            ArithmeticKind.Subtract => left - right,
            ArithmeticKind.Multiply => left * right,
            ArithmeticKind.Divide => left / right,
            ArithmeticKind.Modulo => FloorModulo(left, right),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        });
    }

    private static double FloorModulo(double left, double right)
    {
        double remainder = left % right;
        return remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder;
    }

    private static double ToDouble(object value) => value is long whole ? whole : (double)value;
}
