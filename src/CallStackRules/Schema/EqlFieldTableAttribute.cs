namespace CallStackRules.Schema;

/// <summary>
/// Makes a property of the event a bag of fields that have no property of their own. The property's class has the methods <c>Text</c>, <c>Texts</c>, <c>Long</c>,
/// <c>Double</c> and <c>Bool</c>, which take a field's name and give its value or values.
/// </summary>
/// <param name="table">
/// A line for each group of fields: the prefixes of their names, separated by <c>|</c> and <c>-</c> for none, then <c>text</c>, <c>texts</c> (several values),
/// <c>long</c>, <c>double</c> or <c>bool</c>, then names, separated by blanks. A line that begins with a blank goes on with the line before; one that begins with
/// <c>#</c> says something. A field that a property has too is the property.
/// </param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EqlFieldTableAttribute(string table) : Attribute
{
    /// <summary>The fields.</summary>
    public string Table { get; } = table;
}
