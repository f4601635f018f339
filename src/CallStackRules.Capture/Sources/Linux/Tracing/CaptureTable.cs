namespace CallStackRules.Capture.Sources.Linux.Tracing;

/// <summary>All that can be captured. A record of the kernel names its row by its place here.</summary>
internal static class CaptureTable
{
    private const int WriteOnly = 0x1;
    private const int ReadWrite = 0x2;
    private const int Executable = 0x4;
    private const int Create = 0x40;
    private const int Truncate = 0x200;
    private const int InProgress = -115;

    // ptrace(2): those that change the other process or take hold of it. Debuggers read and go on all the time.
    private static readonly int[] TracesThatChange = [4, 5, 6, 13, 15, 16, 0x4205, 0x4206];

    /// <summary>The flags that make an open one for writing.</summary>
    public const int OpensForWriting = WriteOnly | ReadWrite | Create | Truncate;

    /// <summary>The flag that makes a file where there is none.</summary>
    public const int OpensToCreate = Create;

    /// <summary>The flag that makes a file without a name: the path is that of a folder.</summary>
    public const int OpensUnnamed = 0x400000;

    /// <summary>The row of <c>sched_process_exec</c>.</summary>
    public const int ExecutedRow = 2;

    /// <summary>The rows.</summary>
    public static readonly CaptureRow[] Rows =
    [
        new("execve", CapturedCall.Execute) { Copied = [0], TextList = 1 },
        new("execveat", CapturedCall.Execute) { Copied = [1], TextList = 2, Flags = 4, Folders = [0, -1] },
        new("sched_process_exec", CapturedCall.Executed),
        new("openat", CapturedCall.Open) { Copied = [1], Flags = 2, Folders = [0, -1] },
        new("open", CapturedCall.Open) { Copied = [0], Flags = 1 },
        new("creat", CapturedCall.Open) { Copied = [0] },
        new("openat2", CapturedCall.Open) { Copied = [1], Flags = 2, FlagsAreIndirect = true, Folders = [0, -1] },
        new("rename", CapturedCall.Rename) { Copied = [0, 1] },
        new("renameat", CapturedCall.Rename) { Copied = [1, 3], Folders = [0, 2] },
        new("renameat2", CapturedCall.Rename) { Copied = [1, 3], Folders = [0, 2] },
        new("unlink", CapturedCall.Unlink) { Copied = [0] },
        new("unlinkat", CapturedCall.Unlink) { Copied = [1], Flags = 2, Folders = [0, -1] },
        new("link", CapturedCall.Link) { Copied = [0, 1] },
        new("linkat", CapturedCall.Link) { Copied = [1, 3], Folders = [0, 2] },
        new("symlink", CapturedCall.Link) { Copied = [0, 1] },
        new("symlinkat", CapturedCall.Link) { Copied = [0, 2], Folders = [-1, 1] },
        new("mmap", CapturedCall.Map) { Flags = 2, AnyOfFlags = Executable },
        new("mprotect", CapturedCall.Protect) { Flags = 2, AnyOfFlags = Executable },
        new("pkey_mprotect", CapturedCall.Protect) { Flags = 2, AnyOfFlags = Executable },
        new("mremap", CapturedCall.Move),
        new("memfd_create", CapturedCall.CreateMemoryFile) { Copied = [0], Flags = 1 },
        new("ptrace", CapturedCall.Trace) { FirstArgument = TracesThatChange },
        new("process_vm_writev", CapturedCall.WriteMemory),
        new("connect", CapturedCall.Connect) { Copied = [1], CopiedKind = CopiedArgument.SocketAddress, HarmlessError = InProgress },
        new("accept", CapturedCall.Accept) { Copied = [1], CopiedKind = CopiedArgument.SocketAddress },
        new("accept4", CapturedCall.Accept) { Copied = [1], CopiedKind = CopiedArgument.SocketAddress },
        new("setuid", CapturedCall.SetUser),
        new("setreuid", CapturedCall.SetUser),
        new("setresuid", CapturedCall.SetUser),
        new("setgid", CapturedCall.SetGroup),
        new("setregid", CapturedCall.SetGroup),
        new("setresgid", CapturedCall.SetGroup),
        new("capset", CapturedCall.SetCapabilities) { Copied = [1], CopiedKind = CopiedArgument.Capabilities },
        new("chdir", CapturedCall.ChangeFolder) { Copied = [0] },
        new("fchdir", CapturedCall.ChangeFolder),
        new("setsid", CapturedCall.ChangeSession),
        new("setpgid", CapturedCall.ChangeSession),
        new("io_uring_setup", CapturedCall.SetUpRing),
        new("init_module", CapturedCall.LoadKernelModule),
        new("finit_module", CapturedCall.LoadKernelModule),
    ];

    /// <summary>The row of a system call, by the name it has there.</summary>
    public static int IndexOf(string systemCall) => Array.FindIndex(Rows, row => row.SystemCall == systemCall);
}
