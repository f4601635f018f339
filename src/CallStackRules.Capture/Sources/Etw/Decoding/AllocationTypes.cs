namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <summary>Kinds of allocation in words. Source: MEM_* of winnt.h.</summary>
internal static class AllocationTypes
{
    private const uint Commit = 0x1000;
    private const uint Reserve = 0x2000;
    private const uint Decommit = 0x4000;
    private const uint Release = 0x8000;

    /// <summary>The kind, without the flags that say how it is done; null when it is none of these.</summary>
    public static string? Text(uint type) => (type & (Commit | Reserve | Decommit | Release)) switch
    {
        Commit => "COMMIT",
        Reserve => "RESERVE",
        Commit | Reserve => "COMMIT|RESERVE",
        Decommit => "DECOMMIT",
        Release => "RELEASE",
        _ => null,
    };
}
