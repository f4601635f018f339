using System.Numerics;
using CallStackRules.Matching;
using CsCheck;

namespace CallStackRules.Tests.Matching;

public sealed class ArithmeticTests
{
    private static readonly Gen<long> Integer = Gen.Frequency(
        (2, Gen.Long), (2, Gen.Long[-10, 10]), (1, Gen.OneOf(long.MinValue, long.MinValue + 1, long.MaxValue, long.MaxValue - 1, (1L << 53) + 1, -(1L << 53) - 1)));

    private static readonly Gen<double> Fraction = Gen.Frequency(
        (2, Gen.Double[-10, 10]), (1, Gen.Double),
        (1, Gen.OneOf(0.0, -0.5, 9223372036854775808.0, -9223372036854775808.0, 9007199254740992.0, 1e300, double.PositiveInfinity, double.NegativeInfinity)),
        (2, Integer.Select(number => (double)number)));

    [Fact]
    public void Integers_are_exact_or_missing() => Gen.Select(Integer, Integer).Check((a, b) =>
    {
        BigInteger left = a;
        BigInteger right = b;
        Assert.Equal(Fitting(left + right), Arithmetic.Add(a, b));
        Assert.Equal(Fitting(left - right), Arithmetic.Subtract(a, b));
        Assert.Equal(Fitting(left * right), Arithmetic.Multiply(a, b));
        Assert.Equal(b == 0 ? null : Fitting(FloorDivide(left, right)), Arithmetic.Divide(a, b));
        Assert.Equal(b == 0 ? null : Fitting(left - (FloorDivide(left, right) * right)), Arithmetic.Modulo(a, b));
        Assert.Equal(Fitting(-left), Arithmetic.Negate(a));
    }, iter: 20_000);

    [Theory]
    [InlineData(7, 2, 3, 1)]
    [InlineData(-7, 2, -4, 1)]
    [InlineData(7, -2, -4, -1)]
    [InlineData(-7, -2, 3, -1)]
    public void Division_rounds_down(long left, long right, long quotient, long rest)
    {
        Assert.Equal(quotient, Arithmetic.Divide(left, right));
        Assert.Equal(rest, Arithmetic.Modulo(left, right));
        Assert.Equal((double)left / right, Arithmetic.Divide((double)left, right));
        Assert.Equal(rest, Arithmetic.Modulo((double)left, right));
    }

    [Fact]
    public void A_result_that_is_no_number_is_missing()
    {
        Assert.Null(Arithmetic.Divide(1.0, 0.0));
        Assert.Null(Arithmetic.Divide(0.0, 0.0));
        Assert.Null(Arithmetic.Modulo(1.0, 0.0));
        Assert.Null(Arithmetic.Add(double.MaxValue, double.MaxValue));
        Assert.Null(Arithmetic.Subtract(double.MinValue, double.MaxValue));
        Assert.Null(Arithmetic.Multiply(1e200, 1e200));
        Assert.Null(Arithmetic.Divide(1e200, 1e-200));
    }

    [Fact]
    public void Arithmetic_with_something_missing_is_missing()
    {
        Assert.All<Func<long?, long?, long?>>(
            [Arithmetic.Add, Arithmetic.Subtract, Arithmetic.Multiply, Arithmetic.Divide, Arithmetic.Modulo],
            function => Assert.All([function(null, 1), function(1, null), function(null, null)], result => Assert.Null(result)));
        Assert.All<Func<double?, double?, double?>>(
            [Arithmetic.Add, Arithmetic.Subtract, Arithmetic.Multiply, Arithmetic.Divide, Arithmetic.Modulo],
            function => Assert.All([function(null, 1), function(1, null), function(null, null)], result => Assert.Null(result)));
        Assert.Null(Arithmetic.Negate((long?)null));
        Assert.Null(Arithmetic.Negate((double?)null));
    }

    [Fact]
    public void Integers_and_fractions_compare_exactly() => Gen.Select(Integer, Fraction).Check((a, b) =>
    {
        int order = double.IsPositiveInfinity(b) ? -1 : double.IsNegativeInfinity(b) ? 1 : Exact(a, b);
        Assert.Equal(order == 0, Arithmetic.Equal((long?)a, (double?)b));
        Assert.Equal(order == 0, Arithmetic.Equal((double?)b, (long?)a));
        Assert.Equal(order < 0, Arithmetic.Less((long?)a, (double?)b));
        Assert.Equal(order > 0, Arithmetic.Less((double?)b, (long?)a));
        Assert.Equal(order <= 0, Arithmetic.LessOrEqual((long?)a, (double?)b));
        Assert.Equal(order >= 0, Arithmetic.LessOrEqual((double?)b, (long?)a));
        Assert.Equal(order > 0, Arithmetic.Greater((long?)a, (double?)b));
        Assert.Equal(order < 0, Arithmetic.Greater((double?)b, (long?)a));
        Assert.Equal(order >= 0, Arithmetic.GreaterOrEqual((long?)a, (double?)b));
        Assert.Equal(order <= 0, Arithmetic.GreaterOrEqual((double?)b, (long?)a));
    }, iter: 20_000);

    [Fact]
    public void Precision_is_not_lost_in_a_comparison()
    {
        Assert.False(Arithmetic.Equal((1L << 53) + 1, (double?)(1L << 53)));
        Assert.True(Arithmetic.Greater((1L << 53) + 1, (double?)(1L << 53)));
        Assert.False(Arithmetic.Equal(long.MaxValue, (double?)9223372036854775808.0));
        Assert.True(Arithmetic.Equal(long.MinValue, (double?)-9223372036854775808.0));
        Assert.True(Arithmetic.Equal(1L, (double?)1.0));
    }

    [Fact]
    public void A_comparison_with_something_missing_is_false()
    {
        Assert.All<Func<long?, long?, bool>>(
            [Arithmetic.Equal, Arithmetic.Less, Arithmetic.LessOrEqual, Arithmetic.Greater, Arithmetic.GreaterOrEqual],
            compare => Assert.False(compare(null, 1) || compare(1, null) || compare(null, null)));
        Assert.All<Func<double?, double?, bool>>(
            [Arithmetic.Equal, Arithmetic.Less, Arithmetic.LessOrEqual, Arithmetic.Greater, Arithmetic.GreaterOrEqual],
            compare => Assert.False(compare(null, 1) || compare(1, null) || compare(null, null) || compare(double.NaN, double.NaN)));
        Assert.All<Func<long?, double?, bool>>(
            [Arithmetic.Equal, Arithmetic.Less, Arithmetic.LessOrEqual, Arithmetic.Greater, Arithmetic.GreaterOrEqual],
            compare => Assert.False(compare(null, 1) || compare(1, null) || compare(null, null) || compare(1, double.NaN)));
        Assert.All<Func<double?, long?, bool>>(
            [Arithmetic.Equal, Arithmetic.Less, Arithmetic.LessOrEqual, Arithmetic.Greater, Arithmetic.GreaterOrEqual],
            compare => Assert.False(compare(null, 1) || compare(1, null) || compare(null, null) || compare(double.NaN, 1)));
    }

    private static long? Fitting(BigInteger value) => value >= long.MinValue && value <= long.MaxValue ? (long)value : null;

    private static BigInteger FloorDivide(BigInteger left, BigInteger right)
    {
        BigInteger quotient = BigInteger.DivRem(left, right, out BigInteger rest);
        return !rest.IsZero && rest.Sign != right.Sign ? quotient - 1 : quotient;
    }

    /// <summary>Compares as fractions of whole numbers: every double is a whole number over a power of two.</summary>
    private static int Exact(long left, double right)
    {
        BigInteger scale = BigInteger.One;
        while (right != Math.Floor(right))
        {
            right *= 2;
            scale *= 2;
        }
        return (left * scale).CompareTo(new BigInteger(right));
    }
}
