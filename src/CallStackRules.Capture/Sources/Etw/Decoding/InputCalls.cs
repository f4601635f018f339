namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <summary>
/// The events of Microsoft-Windows-Win32k about calls that get at what is typed, and their arguments in words: the names of the headers without their beginnings, as rules write them.
/// </summary>
/// <remarks>
/// Sources of numbers and layouts: the provider's manifest as nasbench/EVTX-ETW-Resources has it (Windows 10 22H2) and ETW_Win32kAPIMonitor prints it; airbus-cert/etl-parser for the
/// older form of 1001, which has the result only. When 1003 is written: repnz/etw-providers-docs. Names: winuser.h, hidusage.h.
/// </remarks>
internal static class InputCalls
{
    public const ushort RegisterRawInputDevices = 1001;
    public const ushort SetWindowsHook = 1002;
    public const ushort GetAsyncKeyState = 1003;

    /// <summary>The page whose usages have names here.</summary>
    public const ushort GenericPage = 1;

    private const int FirstHook = -1;

    private static readonly string[] Hooks =
    [
        "WH_MSGFILTER", "WH_JOURNALRECORD", "WH_JOURNALPLAYBACK", "WH_KEYBOARD", "WH_GETMESSAGE", "WH_CALLWNDPROC", "WH_CBT", "WH_SYSMSGFILTER", "WH_MOUSE", "WH_HARDWARE",
        "WH_DEBUG", "WH_SHELL", "WH_FOREGROUNDIDLE", "WH_CALLWNDPROCRET", "WH_KEYBOARD_LL", "WH_MOUSE_LL",
    ];

    // From the narrowest: NOLEGACY has the bits of the two others.
    private static readonly (uint Mask, uint Bits, string Name)[] Flags =
    [
        (0x1, 0x1, "REMOVE"), (0x30, 0x10, "EXCLUDE"), (0x30, 0x20, "PAGEONLY"), (0x30, 0x30, "NOLEGACY"), (0x100, 0x100, "INPUTSINK"), (0x200, 0x200, "NOHOTKEYS"),
        (0x400, 0x400, "APPKEYS"), (0x1000, 0x1000, "EXINPUTSINK"), (0x2000, 0x2000, "DEVNOTIFY"),
    ];

    /// <summary>Room for all flags.</summary>
    public const int LongestFlags = 128;

    /// <summary>Whether an event is decoded.</summary>
    public static bool IsDecoded(ushort id) => id is >= RegisterRawInputDevices and <= GetAsyncKeyState;

    /// <summary>The kind of a hook; null when it has no name.</summary>
    public static string? HookOf(int type) => type >= FirstHook && type - FirstHook < Hooks.Length ? Hooks[type - FirstHook] : null;

    /// <summary>The page of a device; null when it has no name here.</summary>
    public static string? PageOf(ushort page) => page switch
    {
        GenericPage => "GENERIC",
        0x2 => "SIMULATION",
        0x3 => "VR",
        0x4 => "SPORT",
        0x5 => "GAME",
        0x7 => "KEYBOARD",
        0x8 => "LED",
        0x9 => "BUTTON",
        0xA => "ORDINAL",
        0xB => "TELEPHONY",
        0xC => "CONSUMER",
        0xD => "DIGITIZER",
        _ => null,
    };

    /// <summary>The device of the generic page; null when it has no name here.</summary>
    public static string? UsageOf(ushort usage) => usage switch
    {
        0x1 => "POINTER",
        0x2 => "MOUSE",
        0x4 => "JOYSTICK",
        0x5 => "GAMEPAD",
        0x6 => "KEYBOARD",
        0x7 => "KEYPAD",
        0x80 => "SYSTEM_CTL",
        _ => null,
    };

    /// <summary>Writes flags of a registration, with bars between them.</summary>
    /// <returns>The characters written.</returns>
    public static int WriteFlags(uint flags, Span<char> room)
    {
        int length = 0;
        foreach ((uint mask, uint bits, string name) in Flags)
        {
            if ((flags & mask) != bits)
                continue;
            if (length > 0)
                room[length++] = '|';
            name.CopyTo(room[length..]);
            length += name.Length;
        }
        return length;
    }
}
