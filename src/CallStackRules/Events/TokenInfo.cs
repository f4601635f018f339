using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>The access token a process or thread acts with.</summary>
public sealed class TokenInfo : IClearable
{
    /// <summary>Whether the token is elevated.</summary>
    [EqlField("elevation")]
    public bool? Elevation { get; set; }

    /// <summary>Kind of elevation: <c>default</c>, <c>full</c> or <c>limited</c>.</summary>
    [EqlField("elevation_level")]
    public Text ElevationLevel { get; set; }

    /// <summary>How the elevation came about.</summary>
    [EqlField("elevation_type")]
    public Text ElevationType { get; set; }

    /// <summary>Integrity level as a number.</summary>
    [EqlField("integrity_level")]
    public long? IntegrityLevel { get; set; }

    /// <summary>Integrity level in a word: <c>low</c>, <c>medium</c>, <c>high</c>, <c>system</c> ...</summary>
    [EqlField("integrity_level_name")]
    public Text IntegrityLevelName { get; set; }

    /// <summary>How far the token may act for its user.</summary>
    [EqlField("impersonation_level")]
    public Text ImpersonationLevel { get; set; }

    /// <summary>Whether the token confines its process to an app container.</summary>
    [EqlField("is_appcontainer")]
    public bool? IsAppContainer { get; set; }

    /// <summary>Security attributes of the token.</summary>
    [EqlField("security_attributes")]
    public TextList SecurityAttributes { get; } = new();

    /// <summary>Names of the privileges in the token.</summary>
    [EqlField("privileges.name")]
    public TextList Privileges { get; } = new();

    /// <summary>SID of the token's user.</summary>
    [EqlField("sid")]
    public Text Sid { get; set; }

    /// <summary>Name of the token's user.</summary>
    [EqlField("user")]
    public Text User { get; set; }

    /// <summary>Domain of the token's user.</summary>
    [EqlField("domain")]
    public Text Domain { get; set; }

    /// <summary><c>tokenPrimary</c> or <c>tokenImpersonation</c>.</summary>
    [EqlField("type")]
    public Text Type { get; set; }

    /// <inheritdoc/>
    public void Clear()
    {
        Elevation = null;
        ElevationLevel = default;
        ElevationType = default;
        IntegrityLevel = null;
        IntegrityLevelName = default;
        ImpersonationLevel = default;
        IsAppContainer = null;
        SecurityAttributes.Clear();
        Privileges.Clear();
        Sid = default;
        User = default;
        Domain = default;
        Type = default;
    }
}
