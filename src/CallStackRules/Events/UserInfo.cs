using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>An account, as far as an event names it.</summary>
public sealed class UserInfo : IClearable
{
    /// <summary>Identifier of the account: a number, or a SID on Windows.</summary>
    [EqlField("id", IsDecimal = true)]
    public Text Id { get; set; }

    /// <summary>Name the account logs in with.</summary>
    [EqlField("name")]
    public Text Name { get; set; }

    /// <summary>Directory or machine the account belongs to.</summary>
    [EqlField("domain")]
    public Text Domain { get; set; }

    /// <summary>Display name of the account's owner.</summary>
    [EqlField("full_name")]
    public Text FullName { get; set; }

    /// <summary>Mail address of the account.</summary>
    [EqlField("email")]
    public Text Email { get; set; }

    /// <summary>Primary group of the account.</summary>
    [EqlField("group")]
    public GroupInfo Group { get; } = new();

    /// <summary>Takes all values of another.</summary>
    public void CopyFrom(UserInfo other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Id = other.Id;
        Name = other.Name;
        Domain = other.Domain;
        FullName = other.FullName;
        Email = other.Email;
        Group.CopyFrom(other.Group);
    }

    /// <inheritdoc/>
    public void Clear()
    {
        Id = default;
        Name = default;
        Domain = default;
        FullName = default;
        Email = default;
        Group.Clear();
    }
}
