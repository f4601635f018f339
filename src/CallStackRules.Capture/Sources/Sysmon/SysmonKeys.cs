namespace CallStackRules.Capture.Sources.Sysmon;

/// <summary>
/// How exporters spell the values of a Sysmon record, and the objects they nest them in. A small hash table over the bytes of property names.
/// </summary>
internal static class SysmonKeys
{
    /// <summary>One more than the greatest <see cref="SysmonKey"/>.</summary>
    public static readonly int Count = Enum.GetValues<SysmonKey>().Length;

    private const int Slots = 512;

    private static readonly (string Name, SysmonKey Key)[] OtherSpellings =
    [
        ("EventID", SysmonKey.EventId),
        ("event_id", SysmonKey.EventId),
        ("Hostname", SysmonKey.Computer),
        ("computer_name", SysmonKey.Computer),
        ("channel", SysmonKey.Channel),
        ("SourceModuleType", SysmonKey.CollectorModule),
        ("SourceProcessGUID", SysmonKey.ProcessGuid),
        ("SourceProcessGuid", SysmonKey.ProcessGuid),
        ("SourceProcessId", SysmonKey.ProcessId),
        ("SourceThreadId", SysmonKey.ThreadId),
        ("SourceImage", SysmonKey.Image),
        ("SourceUser", SysmonKey.User),
        ("Hash", SysmonKey.Hashes),
        ("TargetProcessGUID", SysmonKey.TargetProcessGuid),
    ];

    private static readonly byte[]?[] Names = new byte[Slots][];
    private static readonly SysmonKey[] KeyOfSlot = new SysmonKey[Slots];

    static SysmonKeys()
    {
        foreach (SysmonKey key in Enum.GetValues<SysmonKey>())
            Add(key.ToString(), key);
        foreach ((string name, SysmonKey key) in OtherSpellings)
            Add(name, key);
    }

    /// <summary>The key of a property name, exactly as exporters write it.</summary>
    public static bool TryFind(ReadOnlySpan<byte> name, out SysmonKey key)
    {
        for (int slot = SlotOf(name); Names[slot] is { } candidate; slot = (slot + 1) % Slots)
        {
            if (name.SequenceEqual(candidate))
            {
                key = KeyOfSlot[slot];
                return true;
            }
        }
        key = default;
        return false;
    }

    /// <summary>
    /// Whether a property holds an object with more of the record: <c>winlog</c> and <c>event_data</c> of Winlogbeat, <c>Event</c>, <c>System</c> and
    /// <c>EventData</c> of the event's own XML, <c>_source</c> of an Elasticsearch hit.
    /// </summary>
    public static bool IsContainer(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("winlog"u8) || name.SequenceEqual("event_data"u8) || name.SequenceEqual("Event"u8)
        || name.SequenceEqual("System"u8) || name.SequenceEqual("EventData"u8) || name.SequenceEqual("_source"u8);

    private static void Add(string name, SysmonKey key)
    {
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(name);
        int slot = SlotOf(bytes);
        while (Names[slot] is not null)
            slot = (slot + 1) % Slots;
        Names[slot] = bytes;
        KeyOfSlot[slot] = key;
    }

    private static int SlotOf(ReadOnlySpan<byte> name) =>
        name.IsEmpty ? 0 : (int)((uint)(name.Length * 37 + name[0] * 5 + name[name.Length / 2] * 17 + name[^1] * 101) % Slots);
}
