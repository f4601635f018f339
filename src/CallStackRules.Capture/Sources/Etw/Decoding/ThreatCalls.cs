namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <summary>The events of Microsoft-Windows-Threat-Intelligence that are decoded.</summary>
/// <remarks>
/// Source of numbers and layouts: the provider's manifest since Windows 10 1809, as the OTRF/OSSEM data dictionary and repnz/etw-providers-docs have
/// it. The manifest of 1803 and before had other layouts; events of kernel callers (21 to 28) have no program behind them, and those of drivers (29,
/// 30) and freezing (19, 20) are not of interest here.
/// </remarks>
internal static class ThreatCalls
{
    public const ushort AllocateRemote = 1;
    public const ushort ProtectRemote = 2;
    public const ushort MapRemote = 3;
    public const ushort QueueApcRemote = 4;
    public const ushort SetContextRemote = 5;
    public const ushort AllocateLocal = 6;
    public const ushort ProtectLocal = 7;
    public const ushort MapLocal = 8;
    public const ushort ReadLocal = 11;
    public const ushort WriteLocal = 12;
    public const ushort ReadRemote = 13;
    public const ushort WriteRemote = 14;
    public const ushort SuspendThread = 15;
    public const ushort ResumeThread = 16;
    public const ushort SuspendProcess = 17;
    public const ushort ResumeProcess = 18;

    /// <summary>Whether an event is decoded.</summary>
    public static bool IsDecoded(ushort id) => id is (>= AllocateRemote and <= MapLocal) or (>= ReadLocal and <= ResumeProcess);

    /// <summary>The function that programs call for it.</summary>
    public static string FunctionOf(ushort id) => id switch
    {
        AllocateRemote => "VirtualAllocEx",
        AllocateLocal => "VirtualAlloc",
        ProtectRemote => "VirtualProtectEx",
        ProtectLocal => "VirtualProtect",
        MapRemote => "MapViewOfFile2",
        MapLocal => "MapViewOfFile",
        QueueApcRemote => "NtQueueApcThread",
        SetContextRemote => "SetThreadContext",
        ReadLocal or ReadRemote => "ReadProcessMemory",
        WriteLocal or WriteRemote => "WriteProcessMemory",
        SuspendThread => "SuspendThread",
        ResumeThread => "ResumeThread",
        SuspendProcess => "NtSuspendProcess",
        _ => "NtResumeProcess",
    };
}
