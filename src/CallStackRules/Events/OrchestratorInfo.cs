using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>The cluster and the resource an event is from.</summary>
public sealed class OrchestratorInfo : IClearable
{
    /// <summary>What orchestrates.</summary>
    [EqlField("type")]
    public Text Type { get; set; }

    /// <summary>Name space.</summary>
    [EqlField("namespace")]
    public Text Namespace { get; set; }

    /// <summary>Cluster.</summary>
    [EqlField("cluster.id")]
    public Text ClusterId { get; set; }

    /// <summary>Name of the cluster.</summary>
    [EqlField("cluster.name")]
    public Text ClusterName { get; set; }

    /// <summary>Name of the resource.</summary>
    [EqlField("resource.name")]
    public Text ResourceName { get; set; }

    /// <summary>Kind of resource.</summary>
    [EqlField("resource.type")]
    public Text ResourceType { get; set; }

    /// <summary>Addresses of the resource.</summary>
    [EqlField("resource.ip")]
    public TextList ResourceIp { get; } = new();

    /// <summary>Kind of what controls the resource.</summary>
    [EqlField("resource.parent.type")]
    public Text ResourceParentType { get; set; }

    /// <inheritdoc/>
    public void Clear()
    {
        Type = default;
        Namespace = default;
        ClusterId = default;
        ClusterName = default;
        ResourceName = default;
        ResourceType = default;
        ResourceIp.Clear();
        ResourceParentType = default;
    }
}
