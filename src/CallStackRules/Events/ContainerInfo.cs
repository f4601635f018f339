using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>The container an event is from.</summary>
public sealed class ContainerInfo : IClearable
{
    /// <summary>Identifier of the container.</summary>
    [EqlField("id")]
    public Text Id { get; set; }

    /// <summary>Name of the container.</summary>
    [EqlField("name")]
    public Text Name { get; set; }

    /// <summary>What runs the container.</summary>
    [EqlField("runtime")]
    public Text Runtime { get; set; }

    /// <summary>Name of the image.</summary>
    [EqlField("image.name")]
    public Text ImageName { get; set; }

    /// <summary>Tags of the image.</summary>
    [EqlField("image.tag")]
    public TextList ImageTag { get; } = new();

    /// <summary>Digests of the image.</summary>
    [EqlField("image.hash.all")]
    public TextList ImageHash { get; } = new();

    /// <summary>Whether the container is privileged.</summary>
    [EqlField("security_context.privileged")]
    public bool? Privileged { get; set; }

    /// <inheritdoc/>
    public void Clear()
    {
        Id = default;
        Name = default;
        Runtime = default;
        ImageName = default;
        ImageTag.Clear();
        ImageHash.Clear();
        Privileged = null;
    }
}
