namespace CallStackRules.Capture.Unwinding;

/// <summary>How unwinding a stack ended.</summary>
public enum UnwindStatus
{
    /// <summary>At the function that the thread began with.</summary>
    Complete,

    /// <summary>At the end of the copy, which was too short for the stack.</summary>
    Truncated,

    /// <summary>Somewhere else: <see cref="StackUnwinder.BrokenReason"/> says why.</summary>
    Broken,

    /// <summary>At as many frames as there was room for.</summary>
    FrameLimit,
}
