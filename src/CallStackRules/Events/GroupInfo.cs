using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>A group of users.</summary>
public sealed class GroupInfo : IClearable
{
    /// <summary>Identifier of the group: a number, or a SID on Windows.</summary>
    [EqlField("id", IsDecimal = true)]
    public Text Id { get; set; }

    /// <summary>Name of the group.</summary>
    [EqlField("name")]
    public Text Name { get; set; }

    /// <summary>Directory or machine the group belongs to.</summary>
    [EqlField("domain")]
    public Text Domain { get; set; }

    /// <summary>Takes all values of another.</summary>
    public void CopyFrom(GroupInfo other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Id = other.Id;
        Name = other.Name;
        Domain = other.Domain;
    }

    /// <inheritdoc/>
    public void Clear()
    {
        Id = default;
        Name = default;
        Domain = default;
    }
}
