namespace CallStackRules.Capture.Unwinding;

/// <summary>How a frame was found.</summary>
public enum UnwindMethod : byte
{
    /// <summary>It is where the thread was: the instruction pointer.</summary>
    InstructionPointer,

    /// <summary>By the call frame information of the frame it called.</summary>
    Cfi,

    /// <summary>By the frame pointer.</summary>
    FramePointer,

    /// <summary>By taking what the stack pointer points to as a return address: guessed.</summary>
    StackTop,
}
