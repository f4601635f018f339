namespace CallStackRules.Capture.Unwinding;

/// <summary>A frame that was unwound.</summary>
/// <param name="Address">Where control is, or returns to.</param>
/// <param name="IsReturnAddress">Whether it is behind a call, so that the byte before belongs to the caller for certain.</param>
internal readonly record struct UnwoundFrame(ulong Address, bool IsReturnAddress);

/// <summary>How a stack ended.</summary>
internal enum UnwindStatus
{
    /// <summary>At the start of its thread.</summary>
    Complete,
    /// <summary>At the end of what was copied of it.</summary>
    Truncated,
    /// <summary>There was no room for more frames.</summary>
    FrameLimit,
    /// <summary>A return address leads to nothing executable.</summary>
    NoCode,
    /// <summary>A caller's frame would lie below that of whom it called.</summary>
    NotIncreasing,
    /// <summary>A frame lies outside the stack.</summary>
    OutsideStack,
    /// <summary>The unwind information is malformed.</summary>
    BadInformation,
}
