using CallStackRules.Events;

namespace CallStackRules.Matching;

/// <summary>
/// A number that is whole or not as the event decides: what <c>number(text)</c> yields. Fields and literals have fixed types and need none of this.
/// </summary>
public readonly struct Number
{
    private Number(long? integer, double? fraction)
    {
        Integer = integer;
        Fraction = fraction;
    }

    /// <summary>The number if it is whole; otherwise null.</summary>
    public long? Integer { get; }

    /// <summary>The number if it has a fraction or is too large to be whole; otherwise null.</summary>
    public double? Fraction { get; }

    /// <summary>Whether there is no number.</summary>
    public bool IsMissing => Integer is null && Fraction is null;

    /// <summary>Reads a text: an integer if it is one, else decimal digits with a point. Missing when it is neither.</summary>
    public static Number Parse(Text text) => Of(TextFunctions.ToNumber(text), TextFunctions.ToFloat(text));

    /// <summary>Reads a text in base 10 or 16. Missing when it is no number of that base.</summary>
    public static Number Parse(Text text, long? numberBase) =>
        Of(TextFunctions.ToNumber(text, numberBase), TextFunctions.ToFloat(text, numberBase));

    /// <summary>A whole number.</summary>
    public static implicit operator Number(long? value) => new(value, null);

    /// <summary>A number with a fraction.</summary>
    public static implicit operator Number(double? value) => new(null, value);

    internal double? AsFraction => Fraction ?? Integer;

    private static Number Of(long? integer, double? fraction) => integer is not null ? new(integer, null) : new(null, fraction);
}
