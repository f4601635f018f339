namespace CallStackRules.Capture.Memory;

/// <summary>Protection of pages. The values are those of PAGE_* in winnt.h.</summary>
[Flags]
public enum PageProtection : uint
{
    /// <summary>Not known, or no memory.</summary>
    None = 0,
    /// <summary>No access.</summary>
    NoAccess = 0x01,
    /// <summary>Reading.</summary>
    ReadOnly = 0x02,
    /// <summary>Reading and writing.</summary>
    ReadWrite = 0x04,
    /// <summary>Reading, and writing to a copy.</summary>
    WriteCopy = 0x08,
    /// <summary>Execution.</summary>
    Execute = 0x10,
    /// <summary>Execution and reading.</summary>
    ExecuteRead = 0x20,
    /// <summary>Execution, reading and writing.</summary>
    ExecuteReadWrite = 0x40,
    /// <summary>Execution, reading, and writing to a copy.</summary>
    ExecuteWriteCopy = 0x80,
    /// <summary>The first touch raises an exception.</summary>
    Guard = 0x100,
    /// <summary>Not cached.</summary>
    NoCache = 0x200,
    /// <summary>Writes may be combined.</summary>
    WriteCombine = 0x400,
    /// <summary>Calls into the pages are not allowed by Control Flow Guard.</summary>
    TargetsInvalid = 0x40000000,
}

/// <summary>Protections in words and questions about them.</summary>
public static class PageProtectionText
{
    private const PageProtection Executable =
        PageProtection.Execute | PageProtection.ExecuteRead | PageProtection.ExecuteReadWrite | PageProtection.ExecuteWriteCopy;

    /// <summary>Whether code in the pages can run.</summary>
    public static bool IsExecutable(this PageProtection protection) => (protection & Executable) != 0;

    /// <summary>Whether the pages are executable and can be written to in place.</summary>
    public static bool IsWritableAndExecutable(this PageProtection protection) => (protection & PageProtection.ExecuteReadWrite) != 0;

    /// <summary>
    /// The protection as rules write it: <c>R--</c>, <c>RW-</c>, <c>R-X</c>, <c>RWX</c>; <c>RC-</c> and <c>RCX</c> where a write makes a copy, <c>---</c> for no access. Null
    /// when not known.
    /// </summary>
    public static string? Text(this PageProtection protection) => (protection & (PageProtection)0xff) switch
    {
        PageProtection.NoAccess => "---",
        PageProtection.ReadOnly => "R--",
        PageProtection.ReadWrite => "RW-",
        PageProtection.WriteCopy => "RC-",
        PageProtection.Execute => "--X",
        PageProtection.ExecuteRead => "R-X",
        PageProtection.ExecuteReadWrite => "RWX",
        PageProtection.ExecuteWriteCopy => "RCX",
        _ => null,
    };
}
