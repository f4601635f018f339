using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>The detection rule that made an alert.</summary>
public sealed class RuleReference : IClearable
{
    /// <summary>Identifier of the rule.</summary>
    [EqlField("id")]
    public Text Id { get; set; }

    /// <summary>Name of the rule.</summary>
    [EqlField("name")]
    public Text Name { get; set; }

    /// <summary>What the rule finds.</summary>
    [EqlField("description")]
    public Text Description { get; set; }

    /// <summary>Category of the rule.</summary>
    [EqlField("category")]
    public Text Category { get; set; }

    /// <summary>Set the rule is from.</summary>
    [EqlField("ruleset")]
    public Text Ruleset { get; set; }

    /// <summary>Version of the rule.</summary>
    [EqlField("version")]
    public Text Version { get; set; }

    /// <inheritdoc/>
    public void Clear()
    {
        Id = default;
        Name = default;
        Description = default;
        Category = default;
        Ruleset = default;
        Version = default;
    }
}
