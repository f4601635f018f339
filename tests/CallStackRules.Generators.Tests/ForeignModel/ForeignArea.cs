using CallStackRules.Schema;

namespace CallStackRules.Generators.Tests.ForeignModel;

/// <summary>What every place has.</summary>
public abstract class ForeignArea
{
    /// <summary>The floor, counted from the street.</summary>
    [EqlField("floor")]
    public short? Floor { get; set; }

    [EqlField("city")]
    public abstract string? City { get; set; }
}
