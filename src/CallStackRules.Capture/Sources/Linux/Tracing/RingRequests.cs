namespace CallStackRules.Capture.Sources.Linux.Tracing;

/// <summary>
/// Requests through io_uring that do what a system call does, without being one: they are captured when they are handed in, with the stack of who does so. What comes of them is not known then.
/// </summary>
/// <remarks>
/// Operations are those of <c>include/uapi/linux/io_uring.h</c>. Where a request has what the call has as arguments, say <c>struct io_open</c>, <c>io_rename</c>, <c>io_link</c>, <c>io_unlink</c>
/// and <c>io_connect</c> of <c>io_uring/*.c</c>, which stand at the beginning of <c>struct io_kiocb</c>: each with a pointer to the open file at 0, then
/// <code>
/// io_open     8 s32 folder  12 u32 slot    16 struct filename*  24 u64 flags
/// io_rename   8 s32 folder  12 s32 folder  16 struct filename*  24 struct filename*
/// io_link     8 s32 folder  12 s32 folder  16 struct filename*  24 struct filename*; of a symbolic link, 12 is the folder and 16 what it leads to
/// io_unlink   8 s32 folder  12 s32 flags   16 struct filename*
/// io_connect  8 struct sockaddr*, of the program's memory
/// </code>
/// </remarks>
internal static class RingRequests
{
    /// <summary>The tracepoint that requests pass (Linux 6.3 or newer).</summary>
    public const string Tracepoint = "io_uring_submit_req";

    /// <summary>Where <c>struct io_kiocb</c> has its operation: behind 64 bytes for what the operation needs.</summary>
    public const int OperationOffset = 64;

    /// <summary>Operations are below this.</summary>
    public const int MostOperations = 256;

    private static readonly RingField[] OfOpen = [new(0, 8, 4), new(1, 16, 8), new(2, 24, 8)];

    /// <summary>The requests, by the name that their row in <see cref="CaptureTable"/> has.</summary>
    public static readonly (int Operation, string SystemCall, RingField[] Fields)[] Requests =
    [
        (18, "openat", OfOpen), (28, "openat", OfOpen),
        (35, "renameat", [new(0, 8, 4), new(1, 16, 8), new(2, 12, 4), new(3, 24, 8)]),
        (39, "linkat", [new(0, 8, 4), new(1, 16, 8), new(2, 12, 4), new(3, 24, 8)]), (38, "symlinkat", [new(0, 16, 8), new(1, 12, 4), new(2, 24, 8)]),
        (36, "unlinkat", [new(0, 8, 4), new(1, 16, 8), new(2, 12, 4)]),
        (16, "connect", [new(1, 8, 8)]),
    ];
}

/// <summary>Where a request has what a system call has as an argument.</summary>
/// <param name="Argument">The argument.</param>
/// <param name="Offset">Its place in the request.</param>
/// <param name="Size">Its bytes.</param>
internal readonly record struct RingField(int Argument, int Offset, int Size);
