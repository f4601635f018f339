namespace CallStackRules.Capture.Sources.Procmon;

/// <summary>One event of a log as it is stored. The spans are valid until the next event is read.</summary>
/// <remarks>
/// <code>
/// offset type   field
///   0x00 u32    number of the process in the process table
///   0x04 u32    thread
///   0x08 u32    class
///   0x0C u16    operation
///   0x14 u64    duration, 100 ns
///   0x1C u64    when, FILETIME
///   0x24 u32    result, NTSTATUS
///   0x28 u16    frames of the stack
///   0x2C u32    bytes of the details
///   0x30 u32    offset of further details from here, 0 for none; there: u16 bytes, then the details
///   0x34        the stack's addresses, then the details
/// </code>
/// </remarks>
internal readonly ref struct PmlEvent
{
    /// <summary>Bytes before the stack.</summary>
    public const int HeaderSize = 0x34;

    /// <summary>Number of the process in the process table.</summary>
    public required uint Process { get; init; }

    /// <summary>The thread; 0 when it is not known.</summary>
    public required uint Thread { get; init; }

    /// <summary>What kind of thing happened.</summary>
    public required PmlClass Class { get; init; }

    /// <summary>What happened; see <see cref="PmlOperation"/>.</summary>
    public required ushort Operation { get; init; }

    /// <summary>When, in ticks of <see cref="DateTime"/>.</summary>
    public required long UtcTicks { get; init; }

    /// <summary>NTSTATUS of the operation.</summary>
    public required uint Result { get; init; }

    /// <summary>Addresses of the stack, the innermost first, as they are stored.</summary>
    public required ReadOnlySpan<byte> Stack { get; init; }

    /// <summary>What the operation was about.</summary>
    public required ReadOnlySpan<byte> Details { get; init; }

    /// <summary>What came of it; empty where nothing is kept.</summary>
    public ReadOnlySpan<byte> ExtraDetails { get; init; }

    /// <summary>Whether the operation failed: NTSTATUS with the severity of an error.</summary>
    public bool IsFailed => Result >> 30 == 3;
}

/// <summary>Kinds of events.</summary>
internal enum PmlClass : uint
{
    Unknown = 0,
    Process = 1,
    Registry = 2,
    FileSystem = 3,
    Profiling = 4,
    Network = 5,
}

/// <summary>The operations that become events, by class.</summary>
internal static class PmlOperation
{
    public const ushort ProcessCreate = 1;
    public const ushort ProcessExit = 2;
    public const ushort ThreadCreate = 3;
    public const ushort ThreadExit = 4;
    public const ushort LoadImage = 5;
    public const ushort ProcessStart = 7;

    public const ushort RegOpenKey = 0;
    public const ushort RegCreateKey = 1;
    public const ushort RegQueryKey = 3;
    public const ushort RegSetValue = 4;
    public const ushort RegQueryValue = 5;
    public const ushort RegEnumValue = 6;
    public const ushort RegEnumKey = 7;
    public const ushort RegDeleteKey = 9;
    public const ushort RegDeleteValue = 10;
    public const ushort RegRenameKey = 14;

    public const ushort CreateFile = 20;
    public const ushort CreatePipe = 21;
    public const ushort WriteFile = 24;
    public const ushort SetInformationFile = 26;

    public const ushort NetworkAccept = 4;
    public const ushort NetworkConnect = 5;
    public const ushort NetworkDisconnect = 6;
}
