using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>An address on the web.</summary>
public sealed class UrlInfo : IClearable
{
    /// <summary>The whole address.</summary>
    [EqlField("full")]
    public Text Full { get; set; }

    /// <summary>The address as it was seen.</summary>
    [EqlField("original")]
    public Text Original { get; set; }

    /// <summary>Scheme, as in <c>https</c>.</summary>
    [EqlField("scheme")]
    public Text Scheme { get; set; }

    /// <summary>Machine.</summary>
    [EqlField("domain")]
    public Text Domain { get; set; }

    /// <summary>Port.</summary>
    [EqlField("port")]
    public long? Port { get; set; }

    /// <summary>Path.</summary>
    [EqlField("path")]
    public Text Path { get; set; }

    /// <summary>What follows the question mark.</summary>
    [EqlField("query")]
    public Text Query { get; set; }

    /// <summary>What follows the number sign.</summary>
    [EqlField("fragment")]
    public Text Fragment { get; set; }

    /// <summary>Extension of the path's last part.</summary>
    [EqlField("extension")]
    public Text Extension { get; set; }

    /// <inheritdoc/>
    public void Clear()
    {
        Full = default;
        Original = default;
        Scheme = default;
        Domain = default;
        Port = null;
        Path = default;
        Query = default;
        Fragment = default;
        Extension = default;
    }
}
