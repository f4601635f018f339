namespace CallStackRules.Capture.Unwinding;

/// <summary>One frame of an unwound stack.</summary>
/// <param name="Address">The instruction pointer, or the address that the frame's call returns to.</param>
/// <param name="MappingIndex">Place of the frame's mapping in the address space, until that changes; -1 when none is known.</param>
/// <param name="IsReturnAddress">Whether the frame has made a call. The instruction behind a call can belong to another function.</param>
/// <param name="Method">How the frame was found.</param>
public readonly record struct UnwoundFrame(ulong Address, int MappingIndex, bool IsReturnAddress, UnwindMethod Method)
{
    /// <summary>The address by which module and symbol are looked up: the call, not what is behind it.</summary>
    public ulong LookupAddress => IsReturnAddress ? Address - 1 : Address;
}
