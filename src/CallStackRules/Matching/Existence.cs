using CallStackRules.Events;

namespace CallStackRules.Matching;

/// <summary>Whether a value is there, whatever its type: <c>x != null</c>.</summary>
public static class Existence
{
    /// <summary>Whether there is a text; an empty one is there.</summary>
    public static bool Of(Text value) => !value.IsMissing;

    /// <summary>Whether there is a number.</summary>
    public static bool Of(long? value) => value is not null;

    /// <summary>Whether there is a number.</summary>
    public static bool Of(double? value) => value is not null;

    /// <summary>Whether there is a number.</summary>
    public static bool Of(Number value) => !value.IsMissing;

    /// <summary>Whether there is true or false.</summary>
    public static bool Of(bool? value) => value is not null;

    /// <summary>Whether there is an object.</summary>
    public static bool Of(object? value) => value is not null;
}
