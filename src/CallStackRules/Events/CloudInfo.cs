using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>The cloud machine an event is from.</summary>
public sealed class CloudInfo : IClearable
{
    /// <summary>Who runs the cloud.</summary>
    [EqlField("provider")]
    public Text Provider { get; set; }

    /// <summary>Region.</summary>
    [EqlField("region")]
    public Text Region { get; set; }

    /// <summary>Zone.</summary>
    [EqlField("availability_zone")]
    public Text AvailabilityZone { get; set; }

    /// <summary>Account.</summary>
    [EqlField("account.id")]
    public Text AccountId { get; set; }

    /// <summary>Name of the account.</summary>
    [EqlField("account.name")]
    public Text AccountName { get; set; }

    /// <summary>Project.</summary>
    [EqlField("project.id")]
    public Text ProjectId { get; set; }

    /// <summary>Name of the project.</summary>
    [EqlField("project.name")]
    public Text ProjectName { get; set; }

    /// <summary>Machine.</summary>
    [EqlField("instance.id")]
    public Text InstanceId { get; set; }

    /// <summary>Name of the machine.</summary>
    [EqlField("instance.name")]
    public Text InstanceName { get; set; }

    /// <summary>Size of the machine.</summary>
    [EqlField("machine.type")]
    public Text MachineType { get; set; }

    /// <summary>Cloud service.</summary>
    [EqlField("service.name")]
    public Text ServiceName { get; set; }

    /// <inheritdoc/>
    public void Clear()
    {
        Provider = default;
        Region = default;
        AvailabilityZone = default;
        AccountId = default;
        AccountName = default;
        ProjectId = default;
        ProjectName = default;
        InstanceId = default;
        InstanceName = default;
        MachineType = default;
        ServiceName = default;
    }
}
