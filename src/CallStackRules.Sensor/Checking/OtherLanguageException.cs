namespace CallStackRules.Sensor.Checking;

/// <summary>A published rule is in another language than EQL, which is no mistake: public collections hold several.</summary>
/// <param name="language">How the rule calls it: <c>kuery</c>, <c>esql</c>, <c>lucene</c>, or <c>machine_learning</c> for a rule without a query.</param>
internal sealed class OtherLanguageException(string language) : Exception($"(1,1): The rule is in '{language}', not in EQL.")
{
    /// <summary>The language.</summary>
    public string Language { get; } = language;
}
