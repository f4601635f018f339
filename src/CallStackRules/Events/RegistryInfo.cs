using CallStackRules.Schema;

namespace CallStackRules.Events;

/// <summary>The registry key or value an event is about.</summary>
public sealed class RegistryInfo : IClearable
{
    /// <summary>Full path: hive, key and value.</summary>
    [EqlField("path")]
    public Text Path { get; set; }

    /// <summary>Hive in its short form, as in <c>HKLM</c>.</summary>
    [EqlField("hive")]
    public Text Hive { get; set; }

    /// <summary>Path of the key below the hive.</summary>
    [EqlField("key")]
    public Text Key { get; set; }

    /// <summary>Name of the value.</summary>
    [EqlField("value")]
    public Text Value { get; set; }

    /// <summary>Content of a text value; numbers as decimal text.</summary>
    [EqlField("data.strings")]
    public TextList Strings { get; } = new();

    /// <summary>Type of the value, as in <c>REG_SZ</c>.</summary>
    [EqlField("data.type")]
    public Text DataType { get; set; }

    /// <summary>Content of a binary value, base64.</summary>
    [EqlField("data.bytes")]
    public Text Bytes { get; set; }

    /// <inheritdoc/>
    public void Clear()
    {
        Path = default;
        Hive = default;
        Key = default;
        Value = default;
        Strings.Clear();
        DataType = default;
        Bytes = default;
    }
}
