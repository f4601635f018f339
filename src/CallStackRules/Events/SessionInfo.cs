using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>The logon session a process belongs to.</summary>
public sealed class SessionInfo : IClearable
{
    /// <summary>Number of the session.</summary>
    [EqlField("id")]
    public long? Id { get; set; }

    /// <summary>How the session was logged on: <c>Interactive</c>, <c>Network</c>, <c>Service</c> ...</summary>
    [EqlField("logon_type")]
    public Text LogonType { get; set; }

    /// <summary>Address the logon came from.</summary>
    [EqlField("client_address")]
    public Text ClientAddress { get; set; }

    /// <summary>Package that checked the credentials, such as NTLM.</summary>
    [EqlField("authentication_package")]
    public Text AuthenticationPackage { get; set; }

    /// <summary>Seconds from the logon to the start of the process.</summary>
    [EqlField("relative_logon_time")]
    public double? RelativeLogonTime { get; set; }

    /// <summary>Seconds from the last change of the password to the start of the process.</summary>
    [EqlField("relative_password_age")]
    public double? RelativePasswordAge { get; set; }

    /// <summary>Flags of the session's user.</summary>
    [EqlField("user_flags")]
    public TextList UserFlags { get; } = new();

    /// <inheritdoc/>
    public void Clear()
    {
        Id = null;
        LogonType = default;
        ClientAddress = default;
        AuthenticationPackage = default;
        RelativeLogonTime = null;
        RelativePasswordAge = null;
        UserFlags.Clear();
    }
}
