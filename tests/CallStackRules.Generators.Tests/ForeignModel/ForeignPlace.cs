using CallStackRules.Schema;

namespace CallStackRules.Generators.Tests.ForeignModel;

/// <summary>Where something is.</summary>
public sealed class ForeignPlace : ForeignArea
{
    [EqlField("town")]
    public override string? City { get; set; }

    [EqlField("owner", Categories = "file")]
    public Owner? Keeper { get; set; }

    /// <summary>A class inside another.</summary>
    public sealed class Owner
    {
        /// <summary>What they are called.</summary>
        [EqlField("name")]
        public string? Name { get; set; }
    }
}
