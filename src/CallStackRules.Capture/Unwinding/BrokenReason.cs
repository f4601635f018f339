namespace CallStackRules.Capture.Unwinding;

/// <summary>Why a stack could not be followed to its end.</summary>
public enum BrokenReason
{
    /// <summary>It could.</summary>
    None,

    /// <summary>The last frame's address is in no executable mapping that is known. It is among the frames.</summary>
    NoMapping,

    /// <summary>
    /// What should have been a return address is none: it is in no executable mapping, and was found without call frame information. It is not among the
    /// frames.
    /// </summary>
    GarbageReturnAddress,

    /// <summary>The caller's frame would not be above this one.</summary>
    CfaNotIncreasing,

    /// <summary>The frame goes on outside the stack whose copy this is: an alternate signal stack, or a stack pointer that was turned elsewhere.</summary>
    OtherStack,

    /// <summary>The code here has no call frame information and keeps no frame pointer.</summary>
    NoFramePointer,

    /// <summary>The last frame is in memory of no file, and its caller could not be found.</summary>
    AfterUnbacked,

    /// <summary>Call frame information is there but could not be evaluated.</summary>
    BadCallFrameInformation,
}
