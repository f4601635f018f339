namespace CallStackRules.Schema;

/// <summary>
/// Makes a property a field of EQL. The property's XML summary is the field's documentation.
/// </summary>
/// <remarks>
/// Types: <see cref="string"/> or <see cref="Events.Text"/> (text), integers up to 64 bits and <see cref="double"/> (numbers), <see cref="bool"/>, nullable
/// forms of numbers and <see cref="bool"/>, a class whose properties are fields (an object), and lists of all of these: arrays, or any type with an <see cref="int"/>
/// <c>Count</c> and an indexer. A null reference, an empty nullable, a missing <see cref="Events.Text"/> and an empty list are all a missing field.
/// </remarks>
/// <param name="name">
/// The field's name relative to its declaring object, as in <c>name</c> or <c>Ext.token.elevation</c>. A path is resolved by the longest names first, so
/// <c>process.parent.thread</c> on the root may stand beside <c>process</c>.
/// </param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EqlFieldAttribute(string name) : Attribute
{
    /// <summary>The field's name relative to the object that declares it; dots allowed.</summary>
    public string Name { get; } = name;

    /// <summary>
    /// Categories of events that can fill the field, separated by spaces; empty: those of the object that holds it, and at the root any.
    /// </summary>
    public string Categories { get; init; } = "";

    /// <summary>
    /// Operating systems that can fill the field (<c>windows</c>, <c>linux</c>, <c>macos</c>), separated by spaces; empty: those of the object that holds it,
    /// and at the root any.
    /// </summary>
    public string OperatingSystems { get; init; } = "";

    /// <summary>
    /// Whether a text is mostly a number in decimal digits, as ids of users are, and so may also be compared with whole numbers. A text that is no number
    /// satisfies no such comparison.
    /// </summary>
    public bool IsDecimal { get; init; }
}
