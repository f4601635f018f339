using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>The sensor an event is from.</summary>
public sealed class AgentInfo : IClearable
{
    /// <summary>Identifier of the sensor.</summary>
    [EqlField("id")]
    public Text Id { get; set; }

    /// <summary>Name of the sensor.</summary>
    [EqlField("name")]
    public Text Name { get; set; }

    /// <summary>Kind of sensor.</summary>
    [EqlField("type")]
    public Text Type { get; set; }

    /// <summary>Version of the sensor.</summary>
    [EqlField("version")]
    public Text Version { get; set; }

    /// <summary>Identifier of the sensor's present run.</summary>
    [EqlField("ephemeral_id")]
    public Text EphemeralId { get; set; }

    /// <inheritdoc/>
    public void Clear()
    {
        Id = default;
        Name = default;
        Type = default;
        Version = default;
        EphemeralId = default;
    }
}
