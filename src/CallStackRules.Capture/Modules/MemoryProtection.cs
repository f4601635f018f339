namespace CallStackRules.Capture.Modules;

/// <summary>What a page may be used for; the values are those of <c>PROT_READ</c>, <c>PROT_WRITE</c> and <c>PROT_EXEC</c>.</summary>
[Flags]
public enum MemoryProtection : byte
{
    /// <summary>No access.</summary>
    None = 0,

    /// <summary>Readable.</summary>
    Read = 1,

    /// <summary>Writable.</summary>
    Write = 2,

    /// <summary>Executable.</summary>
    Execute = 4,
}
