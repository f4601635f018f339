using CallStackRules.Schema;

namespace CallStackRules.Generators.Tests.ForeignModel;

/// <summary>A thing of which an event has several, with several things in it.</summary>
public sealed class ForeignModule
{
    [EqlField("name")]
    public string? Name { get; set; }

    [EqlField("base")]
    public long? Base { get; set; }

    [EqlField("trusted")]
    public bool? Trusted { get; set; }

    [EqlField("exports")]
    public string[] Exports { get; set; } = [];

    [EqlField("signers")]
    public IReadOnlyList<ForeignActor>? Signers { get; set; }

    [EqlField("place")]
    public ForeignPlace? Place { get; set; }
}
