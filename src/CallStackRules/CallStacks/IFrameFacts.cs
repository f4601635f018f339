namespace CallStackRules.CallStacks;

/// <summary>
/// Knows of frames what only the operating system can tell. Asked while the event is valid, and only when a rule or a reader wants the answer; writes what it knows to the
/// frame and leaves the rest missing.
/// </summary>
public interface IFrameFacts
{
    /// <summary>Writes one fact of a frame.</summary>
    void Describe(CallStackFrame frame, FrameFact fact);
}

/// <summary>What only the operating system can tell of a frame.</summary>
[Flags]
public enum FrameFact
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><see cref="CallStackFrame.Protection"/>.</summary>
    Protection = 1,

    /// <summary><see cref="CallStackFrame.AllocationPrivateBytes"/>.</summary>
    PrivateBytes = 2,

    /// <summary><see cref="CallStackFrame.CallSiteLeadingBytes"/> and <see cref="CallStackFrame.CallSiteTrailingBytes"/>.</summary>
    CallSite = 4,

    /// <summary>Digest and signature of <see cref="CallStackFrame.Module"/>.</summary>
    File = 8,

    /// <summary>All of them.</summary>
    All = Protection | PrivateBytes | CallSite | File,
}
