namespace CallStackRules.Sequences;

/// <summary>What kind a kept value is of.</summary>
public enum ValueKind
{
    /// <summary>No value.</summary>
    Missing,
    /// <summary>Text.</summary>
    Text,
    /// <summary>A whole number.</summary>
    Whole,
    /// <summary>A number with a fraction.</summary>
    Fraction,
    /// <summary>True or false.</summary>
    Boolean,
}
