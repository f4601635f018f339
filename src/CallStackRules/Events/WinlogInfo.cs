using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>A record in the Windows event log.</summary>
public sealed class WinlogInfo : IClearable
{
    /// <summary>Log the record is in.</summary>
    [EqlField("channel")]
    public Text Channel { get; set; }

    /// <summary>Machine that wrote the record.</summary>
    [EqlField("computer_name")]
    public Text ComputerName { get; set; }

    /// <summary>Number of the record's kind.</summary>
    [EqlField("event_id")]
    public Text EventId { get; set; }

    /// <summary>Who wrote the record.</summary>
    [EqlField("provider_name")]
    public Text ProviderName { get; set; }

    /// <summary>Identifier of who wrote the record.</summary>
    [EqlField("provider_guid")]
    public Text ProviderGuid { get; set; }

    /// <summary>Number of the record.</summary>
    [EqlField("record_id")]
    public Text RecordId { get; set; }

    /// <summary>Operation within the task.</summary>
    [EqlField("opcode")]
    public Text Opcode { get; set; }

    /// <summary>Task within the provider.</summary>
    [EqlField("task")]
    public Text Task { get; set; }

    /// <summary>Identifier that joins records of one activity.</summary>
    [EqlField("activity_id")]
    public Text ActivityId { get; set; }

    /// <summary>Keywords of the record.</summary>
    [EqlField("keywords")]
    public TextList Keywords { get; } = new();

    /// <summary>Version of the record's form.</summary>
    [EqlField("version")]
    public long? Version { get; set; }

    /// <summary>Logon session.</summary>
    [EqlField("logon.id")]
    public Text LogonId { get; set; }

    /// <summary>How the session was logged on, in words.</summary>
    [EqlField("logon.type")]
    public Text LogonType { get; set; }

    /// <summary>Number of the writing process.</summary>
    [EqlField("process.pid")]
    public long? ProcessPid { get; set; }

    /// <summary>Number of the writing thread.</summary>
    [EqlField("process.thread.id")]
    public long? ProcessThreadId { get; set; }

    /// <summary>SID of the writing account.</summary>
    [EqlField("user.identifier")]
    public Text UserIdentifier { get; set; }

    /// <summary>Named values of the record.</summary>
    [EqlField("event_data")]
    public WinlogEventData EventData { get; } = new();

    /// <inheritdoc/>
    public void Clear()
    {
        Channel = default;
        ComputerName = default;
        EventId = default;
        ProviderName = default;
        ProviderGuid = default;
        RecordId = default;
        Opcode = default;
        Task = default;
        ActivityId = default;
        Keywords.Clear();
        Version = null;
        LogonId = default;
        LogonType = default;
        ProcessPid = null;
        ProcessThreadId = null;
        UserIdentifier = default;
        EventData.Clear();
    }
}
