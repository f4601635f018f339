using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>The machine an event is from.</summary>
public sealed class HostInfo : IClearable
{
    /// <summary>Identifier of the machine.</summary>
    [EqlField("id")]
    public Text Id { get; set; }

    /// <summary>Name of the machine.</summary>
    [EqlField("name")]
    public Text Name { get; set; }

    /// <summary>Name the machine calls itself.</summary>
    [EqlField("hostname")]
    public Text Hostname { get; set; }

    /// <summary>Domain the machine is in.</summary>
    [EqlField("domain")]
    public Text Domain { get; set; }

    /// <summary>Processor of the machine.</summary>
    [EqlField("architecture")]
    public Text Architecture { get; set; }

    /// <summary>Kind of machine.</summary>
    [EqlField("type")]
    public Text Type { get; set; }

    /// <summary>Addresses of the machine.</summary>
    [EqlField("ip")]
    public TextList Ip { get; } = new();

    /// <summary>Hardware addresses of the machine.</summary>
    [EqlField("mac")]
    public TextList Mac { get; } = new();

    /// <summary>Seconds since the machine started.</summary>
    [EqlField("uptime")]
    public long? Uptime { get; set; }

    /// <summary><c>windows</c>, <c>linux</c> or <c>macos</c>.</summary>
    [EqlField("os.type")]
    public Text OsType { get; set; }

    /// <summary>Family of the operating system.</summary>
    [EqlField("os.family")]
    public Text OsFamily { get; set; }

    /// <summary>Name of the operating system.</summary>
    [EqlField("os.name")]
    public Text OsName { get; set; }

    /// <summary>Name and version of the operating system.</summary>
    [EqlField("os.full")]
    public Text OsFull { get; set; }

    /// <summary>Version of the operating system.</summary>
    [EqlField("os.version")]
    public Text OsVersion { get; set; }

    /// <summary>Version of the kernel.</summary>
    [EqlField("os.kernel")]
    public Text OsKernel { get; set; }

    /// <summary>Platform word of the operating system.</summary>
    [EqlField("os.platform")]
    public Text OsPlatform { get; set; }

    /// <summary>Edition of the operating system.</summary>
    [EqlField("os.Ext.variant")]
    public Text OsVariant { get; set; }

    /// <inheritdoc/>
    public void Clear()
    {
        Id = default;
        Name = default;
        Hostname = default;
        Domain = default;
        Architecture = default;
        Type = default;
        Ip.Clear();
        Mac.Clear();
        Uptime = null;
        OsType = default;
        OsFamily = default;
        OsName = default;
        OsFull = default;
        OsVersion = default;
        OsKernel = default;
        OsPlatform = default;
        OsVariant = default;
    }
}
