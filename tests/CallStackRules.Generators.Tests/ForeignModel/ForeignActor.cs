using CallStackRules.Schema;

namespace CallStackRules.Generators.Tests.ForeignModel;

/// <summary>Who did something, and on whose behalf.</summary>
public sealed class ForeignActor
{
    /// <summary>A name.</summary>
    [EqlField("name")]
    public string? Name { get; set; }

    [EqlField("id")]
    public int Id { get; set; }

    [EqlField("home")]
    public string? Home { get; set; }

    [EqlField("parent")]
    public ForeignActor? Parent { get; set; }

    [EqlField("groups", IsDecimal = true)]
    public List<string>? Groups { get; set; }

    [EqlField("place")]
    public ForeignPlace Place { get; set; } = new();
}
