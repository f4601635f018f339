namespace CallStackRules.Capture.Sources.Etw;

/// <summary>
/// One event as ETW has it, before anything is decoded: the only input of decoder, stack joiner and process model. Live sessions, <c>.etl</c> files and recordings of
/// TraceEvent all produce it.
/// </summary>
/// <remarks>The spans are valid until the next event is read. Source: EVENT_RECORD and EVENT_HEADER of evntcons.h.</remarks>
public readonly ref struct RawEvent
{
    /// <summary>Who wrote the event; for classic kernel events the class of the event (process, image, stack walk ...).</summary>
    public required Guid Provider { get; init; }

    /// <summary>The event's number within its provider; 0 for classic events, which are told apart by <see cref="Opcode"/>.</summary>
    public ushort Id { get; init; }

    /// <summary>Version of the payload's layout.</summary>
    public byte Version { get; init; }

    /// <summary>What happened, for classic events their kind.</summary>
    public byte Opcode { get; init; }

    /// <summary>Task of a manifest event.</summary>
    public ushort Task { get; init; }

    /// <summary>Keywords of a manifest event.</summary>
    public ulong Keywords { get; init; }

    /// <summary>Flags of the event header.</summary>
    public RawEventFlags Flags { get; init; }

    /// <summary>The process; -1 where the record has none.</summary>
    public int ProcessId { get; init; }

    /// <summary>The thread; -1 where the record has none.</summary>
    public int ThreadId { get; init; }

    /// <summary>When it happened, in the units of the trace's clock (see the trace header).</summary>
    public long Timestamp { get; init; }

    /// <summary>The processor that wrote it.</summary>
    public ushort Processor { get; init; }

    /// <summary>The payload.</summary>
    public ReadOnlySpan<byte> Data { get; init; }

    /// <summary>
    /// Addresses of the stack that came within the event (extended data 5 and 6), the innermost first; empty where there is none. Addresses of 32 bits are widened.
    /// </summary>
    public ReadOnlySpan<ulong> Stack { get; init; }

    /// <summary>Joins the stack to its other half, which comes as an event of its own; 0 when the stack is whole.</summary>
    public ulong StackMatchId { get; init; }

    /// <summary>
    /// Names a stack whose addresses come with an event of the kernel's class for stacks, where the session compresses stacks (extended data 17 and 18); 0 when there is none.
    /// </summary>
    public ulong StackKey { get; init; }

    /// <summary>Bytes of a pointer in the payload: 4 or 8.</summary>
    public int PointerSize => (Flags & RawEventFlags.Pointers32) != 0 ? 4 : 8;
}

/// <summary>Flags of an event header that the decoder reads.</summary>
/// <remarks>Source: EVENT_HEADER_FLAG_* of evntcons.h.</remarks>
[Flags]
public enum RawEventFlags : ushort
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>Extended data stands between header and payload; in an event that was read it is behind <see cref="RawEvent.Stack"/>.</summary>
    ExtendedInfo = 0x1,
    /// <summary>A message of WPP: <see cref="RawEvent.Provider"/> names its messages, <see cref="RawEvent.Id"/> is the message's number.</summary>
    Message = 0x8,
    /// <summary>Pointers of the payload have 4 bytes.</summary>
    Pointers32 = 0x20,
    /// <summary>Pointers of the payload have 8 bytes.</summary>
    Pointers64 = 0x40,
    /// <summary>The event has no manifest and is told apart by its opcode.</summary>
    Classic = 0x100,
}
