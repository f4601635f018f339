using CallStackRules.Schema;
using CallStackRules.Generators.Tests.ForeignModel;

[assembly: EqlSchema(typeof(ForeignEvent), Category = "kind", Timestamp = "when")]

namespace CallStackRules.Generators.Tests.ForeignModel;

/// <summary>An event of somebody else's making: plain properties of plain types, none of them ours.</summary>
public sealed class ForeignEvent
{
    /// <summary>What kind of thing happened.</summary>
    [EqlField("kind")]
    public string? Kind { get; set; }

    /// <summary>When it happened, in milliseconds
    /// since 1970-01-01 UTC.</summary>
    [EqlField("when")]
    public long? When { get; set; }

    /// <summary>The name of it; see <see cref="ForeignActor.Name"/> for who did it.</summary>
    [EqlField("name")]
    public string? Name { get; set; }

    /// <summary>A word that is never null.</summary>
    [EqlField("label", Categories = "process file")]
    public string Label { get; set; } = "";

    [EqlField("number")]
    public int? Number { get; set; }

    [EqlField("size")]
    public long Size { get; set; }

    [EqlField("level")]
    public byte Level { get; set; }

    [EqlField("load.average", OperatingSystems = "linux")]
    public double? Load { get; set; }

    [EqlField("ratio")]
    public double Ratio { get; set; }

    [EqlField("elevated")]
    public bool? Elevated { get; set; }

    [EqlField("signed")]
    public bool Signed { get; set; }

    /// <summary>A property named like a keyword.</summary>
    [EqlField("class")]
    public string? @class { get; set; }

    [EqlField("address")]
    public string? Address { get; set; }

    [EqlField("actor", Categories = "process network", OperatingSystems = "windows")]
    public ForeignActor? Actor { get; set; }

    /// <summary>Stands before the home that every actor has.</summary>
    [EqlField("actor.home")]
    public string? ActorHome { get; set; }

    [EqlField("place")]
    public ForeignPlace Place { get; set; } = new();

    [EqlField("args")]
    public string[]? Arguments { get; set; }

    [EqlField("tags")]
    public IReadOnlyList<string> Tags { get; set; } = [];

    [EqlField("codes")]
    public int[] Codes { get; set; } = [];

    [EqlField("modules")]
    public List<ForeignModule>? Modules { get; set; }

    /// <summary>Not a field.</summary>
    public string? Secret { get; set; }
}
