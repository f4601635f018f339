namespace CallStackRules.Capture.Sources.Linux.Tracing;

/// <summary>Where a call of the 32-bit table has its arguments.</summary>
internal enum CompatArguments
{
    /// <summary>In registers, as numbers of 32 bits.</summary>
    Registers,
    /// <summary>In registers, of which 16 bits count: users and groups of old.</summary>
    Halves,
    /// <summary>In memory, one behind the other, where the first register points.</summary>
    Memory,
    /// <summary>The same, but the second register points there: the first says which of the calls about sockets it is (socketcall).</summary>
    SocketMemory,
}

/// <summary>
/// System calls by the table for 32-bit programs, which <c>int 0x80</c> of a 64-bit program uses, too. The tracepoints of the single calls do not see them; those of all calls do.
/// </summary>
/// <remarks>Numbers are those of <c>arch/x86/entry/syscalls/syscall_32.tbl</c>, for calls about sockets those of <c>include/uapi/linux/net.h</c>.</remarks>
internal static class CompatCalls
{
    /// <summary>The number of socketcall.</summary>
    public const int SocketCall = 102;

    /// <summary>Numbers are below this.</summary>
    public const int MostNumbers = 512;

    /// <summary>Numbers of calls about sockets are below this.</summary>
    public const int MostSocketCalls = 32;

    /// <summary>The calls, by the name that their row in <see cref="CaptureTable"/> has.</summary>
    public static readonly (int Number, string SystemCall, CompatArguments Arguments)[] Calls =
    [
        (11, "execve", CompatArguments.Registers), (358, "execveat", CompatArguments.Registers),
        (295, "openat", CompatArguments.Registers), (5, "open", CompatArguments.Registers), (8, "creat", CompatArguments.Registers), (437, "openat2", CompatArguments.Registers),
        (38, "rename", CompatArguments.Registers), (302, "renameat", CompatArguments.Registers), (353, "renameat2", CompatArguments.Registers),
        (10, "unlink", CompatArguments.Registers), (301, "unlinkat", CompatArguments.Registers),
        (9, "link", CompatArguments.Registers), (303, "linkat", CompatArguments.Registers),
        (83, "symlink", CompatArguments.Registers), (304, "symlinkat", CompatArguments.Registers),
        (163, "mremap", CompatArguments.Registers), (192, "mmap", CompatArguments.Registers), (90, "mmap", CompatArguments.Memory),
        (125, "mprotect", CompatArguments.Registers), (380, "pkey_mprotect", CompatArguments.Registers),
        (356, "memfd_create", CompatArguments.Registers), (26, "ptrace", CompatArguments.Registers), (348, "process_vm_writev", CompatArguments.Registers),
        (362, "connect", CompatArguments.Registers), (3, "connect", CompatArguments.SocketMemory),
        (5, "accept", CompatArguments.SocketMemory), (18, "accept4", CompatArguments.SocketMemory), (364, "accept4", CompatArguments.Registers),
        (213, "setuid", CompatArguments.Registers), (203, "setreuid", CompatArguments.Registers), (208, "setresuid", CompatArguments.Registers),
        (214, "setgid", CompatArguments.Registers), (204, "setregid", CompatArguments.Registers), (210, "setresgid", CompatArguments.Registers),
        (23, "setuid", CompatArguments.Halves), (70, "setreuid", CompatArguments.Halves), (164, "setresuid", CompatArguments.Halves),
        (46, "setgid", CompatArguments.Halves), (71, "setregid", CompatArguments.Halves), (170, "setresgid", CompatArguments.Halves),
        (185, "capset", CompatArguments.Registers), (12, "chdir", CompatArguments.Registers), (133, "fchdir", CompatArguments.Registers),
        (66, "setsid", CompatArguments.Registers), (57, "setpgid", CompatArguments.Registers),
        (425, "io_uring_setup", CompatArguments.Registers), (128, "init_module", CompatArguments.Registers), (350, "finit_module", CompatArguments.Registers),
    ];
}
