using System.Globalization;
using System.Text.Json;
using CallStackRules.Schema;

namespace CallStackRules.Generators.Tests.PythonEql;

/// <summary>An event of python-eql's suite, with the fields that its events have and those that queries ask for although no event has them.</summary>
public sealed class PeerEvent
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>What matches keep of every event.</summary>
    [EqlField("process.pid")]
    public long? Number => SerialEventId;

    /// <summary>The identity of a process as a text.</summary>
    [EqlField("process.entity_id")]
    public string? Process => UniquePid?.ToString(CultureInfo.InvariantCulture);

    [EqlField("process.parent.entity_id")]
    public string? Parent => UniquePpid?.ToString(CultureInfo.InvariantCulture);

    /// <summary>The suite counts time in units of 100 ns.</summary>
    [EqlField("@timestamp")]
    public long? Time => Timestamp / TimeSpan.TicksPerMillisecond;

    [EqlField("authentication_id")]
    public long? AuthenticationId { get; init; }

    [EqlField("bytes_written_count")]
    public long? BytesWrittenCount { get; init; }

    [EqlField("bytes_written_string_list")]
    public string[]? BytesWrittenStringList { get; init; }

    [EqlField("command_line")]
    public string? CommandLine { get; init; }

    [EqlField("destination_address")]
    public string? DestinationAddress { get; init; }

    [EqlField("destination_port")]
    public long? DestinationPort { get; init; }

    [EqlField("event_subtype_full")]
    public string? EventSubtypeFull { get; init; }

    [EqlField("event_type")]
    public string? EventType { get; init; }

    [EqlField("event_type_full")]
    public string? EventTypeFull { get; init; }

    [EqlField("exit_code")]
    public long? ExitCode { get; init; }

    [EqlField("file_name")]
    public string? FileName { get; init; }

    [EqlField("file_path")]
    public string? FilePath { get; init; }

    [EqlField("key_path")]
    public string? KeyPath { get; init; }

    [EqlField("key_type")]
    public string? KeyType { get; init; }

    [EqlField("md5")]
    public string? Md5 { get; init; }

    [EqlField("mysterious_field")]
    public Mystery? MysteriousField { get; init; }

    [EqlField("opcode")]
    public long? Opcode { get; init; }

    [EqlField("original_file_name")]
    public string? OriginalFileName { get; init; }

    [EqlField("parent_process_name")]
    public string? ParentProcessName { get; init; }

    [EqlField("parent_process_path")]
    public string? ParentProcessPath { get; init; }

    [EqlField("pid")]
    public long? Pid { get; init; }

    [EqlField("ppid")]
    public long? Ppid { get; init; }

    [EqlField("process_name")]
    public string? ProcessName { get; init; }

    [EqlField("process_path")]
    public string? ProcessPath { get; init; }

    [EqlField("protocol")]
    public string? Protocol { get; init; }

    [EqlField("query_name")]
    public string? QueryName { get; init; }

    [EqlField("registry_key")]
    public string? RegistryKey { get; init; }

    [EqlField("registry_path")]
    public string? RegistryPath { get; init; }

    [EqlField("registry_type")]
    public string? RegistryType { get; init; }

    [EqlField("registry_value")]
    public string? RegistryValue { get; init; }

    [EqlField("serial_event_id")]
    public long? SerialEventId { get; init; }

    [EqlField("source_address")]
    public string? SourceAddress { get; init; }

    [EqlField("source_port")]
    public long? SourcePort { get; init; }

    [EqlField("subtype")]
    public string? Subtype { get; init; }

    [EqlField("timestamp")]
    public long? Timestamp { get; init; }

    [EqlField("unique_pid")]
    public long? UniquePid { get; init; }

    [EqlField("unique_ppid")]
    public long? UniquePpid { get; init; }

    [EqlField("user_domain")]
    public string? UserDomain { get; init; }

    [EqlField("user_name")]
    public string? UserName { get; init; }

    [EqlField("missing_field")]
    public string? MissingField { get; init; }

    [EqlField("null_field")]
    public string? NullField { get; init; }

    [EqlField("bad_field")]
    public string? BadField { get; init; }

    [EqlField("fake_field")]
    public string? FakeField { get; init; }

    [EqlField("invalid_field_name")]
    public string? InvalidFieldName { get; init; }

    public static PeerEvent Read(JsonElement json) => json.Deserialize<PeerEvent>(Options)!;

    /// <summary>An object of no particular meaning.</summary>
    public sealed class Mystery
    {
        [EqlField("num")]
        public long? Num { get; init; }

        [EqlField("outer_cross_match")]
        public string? OuterCrossMatch { get; init; }

        [EqlField("this_is_for_testing_nested_data")]
        public string? ThisIsForTestingNestedData { get; init; }

        [EqlField("subarray")]
        public Outer[]? Subarray { get; init; }
    }

    /// <summary>An item of its list.</summary>
    public sealed class Outer
    {
        [EqlField("a")]
        public string? A { get; init; }

        [EqlField("b")]
        public string[]? B { get; init; }

        [EqlField("cross_match")]
        public string? CrossMatch { get; init; }

        [EqlField("c")]
        public Inner[]? C { get; init; }
    }

    /// <summary>An item of the list in an item.</summary>
    public sealed class Inner
    {
        [EqlField("z")]
        public string? Z { get; init; }

        [EqlField("x")]
        public Innermost? X { get; init; }
    }

    /// <summary>The object in there.</summary>
    public sealed class Innermost
    {
        [EqlField("y")]
        public string? Y { get; init; }
    }
}
