namespace CallStackRules.Capture.Sources.Sysmon;

/// <summary>Which of Sysmon's event ids become events.</summary>
internal static class SysmonEventIds
{
    /// <summary>Null for an id that has a place among events, otherwise why it has none.</summary>
    public static string? WhyUnmapped(long id) => id switch
    {
        1 or 2 or 3 or 5 or 6 or 7 or 8 or 10 or 11 or 12 or 13 or 14 or 15 or 17 or 18 or 22 or 23 or 26 => null,
        4 => "event id 4 (service state) has no mapping",
        9 => "event id 9 (raw disk read) has no mapping",
        16 => "event id 16 (configuration change) has no mapping",
        19 => "event id 19 (WMI filter) has no mapping",
        20 => "event id 20 (WMI consumer) has no mapping",
        21 => "event id 21 (WMI binding) has no mapping",
        24 => "event id 24 (clipboard) has no mapping",
        25 => "event id 25 (process tampering) has no mapping",
        27 => "event id 27 (executable file blocked) has no mapping",
        28 => "event id 28 (file shredding blocked) has no mapping",
        29 => "event id 29 (executable file detected) has no mapping",
        255 => "event id 255 (error) has no mapping",
        _ => "event id unknown to Sysmon",
    };
}
