namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <summary>The events of Microsoft-Windows-Kernel-Audit-API-Calls that are decoded.</summary>
/// <remarks>Source of numbers and layouts: the provider's manifest, as repnz/etw-providers-docs has it (Windows 10 1803).</remarks>
internal static class AuditedCalls
{
    public const ushort SetLoadImageNotifyRoutine = 1;
    public const ushort TerminateProcess = 2;
    public const ushort CreateSymbolicLink = 3;
    public const ushort SetContextThread = 4;
    public const ushort OpenProcess = 5;
    public const ushort OpenThread = 6;

    /// <summary>Whether an event is decoded.</summary>
    public static bool IsDecoded(ushort id) => id is >= SetLoadImageNotifyRoutine and <= OpenThread;

    /// <summary>The function that programs, or drivers, call for it.</summary>
    public static string FunctionOf(ushort id) => id switch
    {
        SetLoadImageNotifyRoutine => "PsSetLoadImageNotifyRoutine",
        TerminateProcess => "TerminateProcess",
        CreateSymbolicLink => "NtCreateSymbolicLinkObject",
        SetContextThread => "SetThreadContext",
        OpenProcess => "OpenProcess",
        _ => "OpenThread",
    };
}
