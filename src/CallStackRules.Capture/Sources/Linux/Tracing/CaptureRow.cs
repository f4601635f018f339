namespace CallStackRules.Capture.Sources.Linux.Tracing;

/// <summary>What a captured system call means to the decoder, whichever of its variants was used.</summary>
internal enum CapturedCall
{
    /// <summary>A thread asks for another program. Captured on entry, because the caller's stack is gone on return.</summary>
    Execute,
    /// <summary>The new program is in place.</summary>
    Executed,
    /// <summary>A file was opened.</summary>
    Open,
    /// <summary>A file got another path.</summary>
    Rename,
    /// <summary>A path was taken away.</summary>
    Unlink,
    /// <summary>A file got a further path, or a path was made that leads to another.</summary>
    Link,
    /// <summary>Executable memory was mapped.</summary>
    Map,
    /// <summary>Memory became executable.</summary>
    Protect,
    /// <summary>Memory got other addresses. Keeps the model right; no event comes of it.</summary>
    Move,
    /// <summary>A file without a path was made.</summary>
    CreateMemoryFile,
    /// <summary>A process took hold of another.</summary>
    Trace,
    /// <summary>A process wrote to another's memory.</summary>
    WriteMemory,
    /// <summary>A connection was asked for.</summary>
    Connect,
    /// <summary>A connection was taken that another asked for.</summary>
    Accept,
    /// <summary>A process changed its user.</summary>
    SetUser,
    /// <summary>A process changed its group.</summary>
    SetGroup,
    /// <summary>A thread changed which rights of root it has.</summary>
    SetCapabilities,
    /// <summary>A process changed the folder that relative paths begin at. Keeps the model right; no event comes of it.</summary>
    ChangeFolder,
    /// <summary>A process began a session or changed process groups. Keeps the model right; no event comes of it.</summary>
    ChangeSession,
    /// <summary>A queue was made through which further calls go unseen.</summary>
    SetUpRing,
    /// <summary>Code is loaded into the kernel.</summary>
    LoadKernelModule,
}

/// <summary>What a program copies of the memory that an argument points to.</summary>
internal enum CopiedArgument
{
    /// <summary>Text up to its closing zero.</summary>
    Text,
    /// <summary>A socket address; only calls with one of IPv4 or IPv6 are let through, and where none need be given, those without.</summary>
    SocketAddress,
    /// <summary>The two sets of bits of capset(2).</summary>
    Capabilities,
}

/// <summary>One row of the table that capture is made from: a system call, what is copied of it, and which calls of it matter.</summary>
/// <param name="SystemCall">Its name, as in <c>sys_enter_NAME</c>.</param>
/// <param name="Call">What it means.</param>
internal sealed record CaptureRow(string SystemCall, CapturedCall Call)
{
    /// <summary>Whether it is captured before it is carried out: the caller's stack, or the caller, is gone on return.</summary>
    public bool IsCapturedOnEntry => Call is CapturedCall.Execute or CapturedCall.Executed;

    /// <summary>The tracepoint it is captured at, as tracefs has it.</summary>
    public string Tracepoint { get; } = Call switch
    {
        CapturedCall.Executed => $"sched/{SystemCall}",
        CapturedCall.Execute => $"syscalls/sys_enter_{SystemCall}",
        _ => $"syscalls/sys_exit_{SystemCall}",
    };

    /// <summary>The arguments that point to something to copy, at most two.</summary>
    public int[] Copied { get; init; } = [];

    /// <summary>Whether the call may be made without what they point to.</summary>
    public bool IsCopiedOptional => Call == CapturedCall.Accept;

    /// <summary>What the first of them points to.</summary>
    public CopiedArgument CopiedKind { get; init; }

    /// <summary>The argument that points to a list of texts, ended by 0, which become the second copy; or -1.</summary>
    public int TextList { get; init; } = -1;

    /// <summary>The argument with flags, or -1.</summary>
    public int Flags { get; init; } = -1;

    /// <summary>Whether that argument points to the flags instead of holding them.</summary>
    public bool FlagsAreIndirect { get; init; }

    /// <summary>Only calls with one of these flags matter; 0: all.</summary>
    public int AnyOfFlags { get; init; }

    /// <summary>Only calls whose first argument is one of these matter; empty: all.</summary>
    public int[] FirstArgument { get; init; } = [];

    /// <summary>Whether only calls matter whose result is not their first argument.</summary>
    public bool MustDiffer => Call == CapturedCall.Move;

    /// <summary>An error that is as good as success, negative; 0: none.</summary>
    public int HarmlessError { get; init; }

    /// <summary>The argument that says which open folder a path begins at, or -1 for the current one. One for each path.</summary>
    public int[] Folders { get; init; } = [-1, -1];
}
