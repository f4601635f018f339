using System.Runtime.InteropServices;

namespace CallStackRules.Capture.Sources.Linux.Interop;

/// <summary>The system calls that capture makes, x86-64. All of them; nothing else in this folder's parent calls the system by itself.</summary>
/// <remarks>
/// Numbers are those of <c>arch/x86/entry/syscalls/syscall_64.tbl</c>. <c>syscall(2)</c> is variadic in C; on x86-64 a call with fixed integer arguments passes
/// them in the same registers.
/// </remarks>
internal static unsafe partial class LinuxSystem
{
    public const int ErrorPermission = 1;
    public const int ErrorAccess = 13;
    public const int ErrorInvalid = 22;
    public const int ErrorNoSystemCall = 38;

    public const int ProtectionRead = 1;
    public const int ProtectionWrite = 2;
    public const int MapShared = 1;

    private const long PerfEventOpenNumber = 298;
    private const long BpfNumber = 321;
    private const long TimerCreateNumber = 222;
    private const long TimerSetTimeNumber = 223;
    private const long TimerDeleteNumber = 226;
    private const long CurrentThreadNumber = 186;
    private const long PidfdOpenNumber = 434;
    private const long PidfdGetDescriptorNumber = 438;
    private const ulong PerfFlagCloseOnExec = 8;
    private const int CurrentFolder = -100;
    private const int DoNotSynchronize = 0x4000;

    /// <summary>Opens a counter or tracepoint.</summary>
    /// <returns>A descriptor, or the negative error number.</returns>
    public static int PerfEventOpen(in PerfEventAttributes attributes, int pid, int cpu)
    {
        fixed (PerfEventAttributes* pointer = &attributes)
            return Result(PerfEventOpenCall(PerfEventOpenNumber, pointer, pid, cpu, -1, PerfFlagCloseOnExec));
    }

    /// <summary>One of the commands of bpf(2).</summary>
    /// <returns>The command's result, or the negative error number.</returns>
    public static int Bpf(int command, ref BpfAttributes attributes)
    {
        fixed (BpfAttributes* pointer = &attributes)
            return Result(BpfCall(BpfNumber, command, pointer, (uint)sizeof(BpfAttributes)));
    }

    /// <summary>A control call whose argument is a number.</summary>
    /// <returns>Zero or more, or the negative error number.</returns>
    public static int Control(int descriptor, ulong request, long argument) => Result(IoctlCall(descriptor, request, argument));

    /// <summary>Has a tracepoint write only what a filter lets through (Documentation/trace/events.rst); one that cannot have it writes all.</summary>
    public static void SetFilter(int descriptor, string filter)
    {
        Span<byte> text = stackalloc byte[256];
        System.Text.Encoding.ASCII.GetBytes(filter, text[..^1]);
        fixed (byte* pointer = text)
            _ = IoctlCall(descriptor, PerfEventAttributes.ControlSetFilter, (long)pointer);
    }

    /// <summary>The number of the calling thread.</summary>
    public static int CurrentThread() => (int)CurrentThreadCall(CurrentThreadNumber);

    /// <summary>Maps a ring.</summary>
    /// <returns>The address, or 0.</returns>
    public static nint MapRing(int descriptor, nuint length)
    {
        nint address = MmapCall(0, length, ProtectionRead | ProtectionWrite, MapShared, descriptor, 0);
        return address == -1 ? 0 : address;
    }

    /// <summary>Undoes <see cref="MapRing"/>.</summary>
    public static void UnmapRing(nint address, nuint length) => _ = MunmapCall(address, length);

    /// <summary>Waits until a descriptor can be read, or the time is over.</summary>
    /// <returns>How many can, or the negative error number.</returns>
    public static int Poll(Span<PollDescriptor> descriptors, int milliseconds)
    {
        fixed (PollDescriptor* pointer = descriptors)
            return Result(PollCall(pointer, (nuint)descriptors.Length, milliseconds));
    }

    /// <summary>Closes a descriptor.</summary>
    public static void Close(int descriptor) => _ = CloseCall(descriptor);

    /// <summary>Mounts a file system of the kernel's.</summary>
    /// <returns>Zero, or the negative error number.</returns>
    public static int Mount(string kind, string folder) => Result(MountCall("nodev", folder, kind, 0, 0));

    /// <summary>Takes a mount away at once.</summary>
    public static void Unmount(string folder)
    {
        const int detach = 2;
        _ = UnmountCall(folder, detach);
    }

    /// <summary>Reads the memory of a process.</summary>
    /// <returns>Bytes read, or the negative error number.</returns>
    public static int ReadMemory(int pid, ulong address, Span<byte> into)
    {
        fixed (byte* pointer = into)
        {
            var local = new IoVector { Start = (nuint)pointer, Length = (nuint)into.Length };
            var remote = new IoVector { Start = (nuint)address, Length = (nuint)into.Length };
            return Result(ProcessVmReadCall(pid, &local, 1, &remote, 1, 0));
        }
    }

    /// <summary>What a symbolic link says, without making a string of the result.</summary>
    /// <param name="path">With a closing zero.</param>
    /// <param name="into">Receives the bytes.</param>
    /// <returns>Bytes written, or the negative error number.</returns>
    public static int ReadLink(ReadOnlySpan<byte> path, Span<byte> into)
    {
        fixed (byte* pathPointer = path, pointer = into)
            return Result(ReadLinkCall(pathPointer, pointer, (nuint)into.Length));
    }

    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">With a closing zero.</param>
    /// <returns>A descriptor, or the negative error number.</returns>
    public static int OpenToRead(ReadOnlySpan<byte> path)
    {
        const int closeOnExec = 0x80000;
        fixed (byte* pointer = path)
            return Result(OpenCall(pointer, closeOnExec));
    }

    /// <summary>Reads from a descriptor at an offset.</summary>
    /// <returns>Bytes read, or the negative error number.</returns>
    public static int ReadAt(int descriptor, Span<byte> into, long offset)
    {
        fixed (byte* pointer = into)
            return Result(PreadCall(descriptor, pointer, (nuint)into.Length, offset));
    }

    /// <summary>Reads from a descriptor.</summary>
    /// <returns>Bytes read, or the negative error number.</returns>
    public static int Read(int descriptor, Span<byte> into)
    {
        fixed (byte* pointer = into)
            return Result(ReadCall(descriptor, pointer, (nuint)into.Length));
    }

    /// <summary>Writes to a descriptor.</summary>
    /// <returns>Bytes written, or the negative error number.</returns>
    public static int Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* pointer = bytes)
            return Result(WriteCall(descriptor, pointer, (nuint)bytes.Length));
    }

    /// <summary>What a file system says of a path; of a symbolic link, not of what it leads to.</summary>
    /// <param name="path">With a closing zero.</param>
    /// <param name="result">Receives what it says.</param>
    /// <returns>Zero, or the negative error number.</returns>
    public static int Statx(ReadOnlySpan<byte> path, out FileStatus result)
    {
        const int doNotFollow = 0x100;
        return Statx(CurrentFolder, path, doNotFollow, out result);
    }

    /// <summary>What is known of the file that a link of <c>/proc</c> leads to, such as <c>exe</c>. Asks no server for it.</summary>
    /// <param name="link">With a closing zero.</param>
    /// <param name="result">Receives what is known.</param>
    /// <returns>Zero, or the negative error number.</returns>
    public static int StatxBehind(ReadOnlySpan<byte> link, out FileStatus result) => Statx(CurrentFolder, link, DoNotSynchronize, out result);

    /// <summary>What is known of the file at a path, symbolic links followed, without waiting for a disk or a server.</summary>
    /// <param name="path">With a closing zero.</param>
    /// <param name="result">Receives what is known.</param>
    /// <returns>Zero, or the negative error number: also when one would have to wait.</returns>
    public static int StatxCached(ReadOnlySpan<byte> path, out FileStatus result)
    {
        // struct open_how: u64 flags, u64 mode, u64 resolve.
        const long openat2Number = 437;
        const ulong pathOnly = 0x200000;
        const ulong closeOnExec = 0x80000;
        const ulong resolveCached = 0x20;
        const int emptyPath = 0x1000;
        result = default;
        ulong* how = stackalloc ulong[] { pathOnly | closeOnExec, 0, resolveCached };
        int descriptor;
        fixed (byte* pathPointer = path)
            descriptor = Result(OpenAt2Call(openat2Number, CurrentFolder, pathPointer, how, 3 * sizeof(ulong)));
        if (descriptor < 0)
            return descriptor;
        int status = Statx(descriptor, "\0"u8, emptyPath | DoNotSynchronize, out result);
        Close(descriptor);
        return status;
    }

    private static int Statx(int folder, ReadOnlySpan<byte> path, int flags, out FileStatus result)
    {
        const uint basicAndBirth = 0xfff;
        Span<byte> buffer = stackalloc byte[256];
        fixed (byte* pathPointer = path, pointer = buffer)
        {
            int status = Result(StatxCall(folder, pathPointer, flags, basicAndBirth, pointer));
            result = status == 0 ? FileStatus.Read(buffer) : default;
            return status;
        }
    }

    /// <summary>Begins to listen for files that are opened.</summary>
    /// <returns>A descriptor, or the negative error number.</returns>
    public static int FanotifyInit(uint flags, uint eventFlags) => Result(FanotifyInitCall(flags, eventFlags));

    /// <summary>Adds a folder's file system to what is listened to.</summary>
    /// <returns>Zero, or the negative error number.</returns>
    public static int FanotifyMark(int descriptor, uint flags, ulong mask, string path)
    {
        return Result(FanotifyMarkCall(descriptor, flags, mask, CurrentFolder, path));
    }

    /// <summary>Opens a handle of a process.</summary>
    /// <returns>A descriptor, or the negative error number.</returns>
    public static int OpenProcess(int pid) => Result(NumbersCall(PidfdOpenNumber, pid, 0, 0));

    /// <summary>Opens what a process has open, for us, too.</summary>
    /// <param name="process">From <see cref="OpenProcess"/>.</param>
    /// <param name="descriptor">The process's descriptor.</param>
    /// <returns>A descriptor, or the negative error number.</returns>
    public static int Share(int process, int descriptor) => Result(NumbersCall(PidfdGetDescriptorNumber, process, descriptor, 0));

    /// <summary>The address of a socket, or of the other end of its connection.</summary>
    /// <returns>Zero, or the negative error number.</returns>
    public static int ReadAddress(int socket, bool ofOtherEnd, Span<byte> into)
    {
        int length = into.Length;
        fixed (byte* pointer = into)
            return Result(ofOtherEnd ? GetPeerNameCall(socket, pointer, &length) : GetSocketNameCall(socket, pointer, &length));
    }

    private static int Result(nint value) => value < 0 ? -Marshal.GetLastPInvokeError() : (int)value;

    private static int Result(long value) => value < 0 ? -Marshal.GetLastPInvokeError() : (int)value;

    private static int Result(int value) => value < 0 ? -Marshal.GetLastPInvokeError() : value;

    /// <summary>Makes a timer of CLOCK_MONOTONIC that sends this process a signal when it runs out; layouts are at <see cref="KillTimer"/>.</summary>
    /// <returns>Zero, or the negative error number.</returns>
    public static int CreateTimer(int signal, out int timer)
    {
        const int monotonic = 1;
        Span<byte> notice = stackalloc byte[64];
        notice.Clear();
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(notice[8..], signal);
        fixed (byte* pointer = notice)
        fixed (int* result = &timer)
            return Result(TimerCreateCall(TimerCreateNumber, monotonic, pointer, result));
    }

    /// <summary>Lets a timer run out once, after this time.</summary>
    public static void SetTimer(int timer, long nanoseconds)
    {
        long* times = stackalloc long[] { 0, 0, nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000 };
        _ = TimerSetTimeCall(TimerSetTimeNumber, timer, 0, times, null);
    }

    /// <summary>Does away with a timer.</summary>
    public static void DeleteTimer(int timer) => _ = TimerDeleteCall(TimerDeleteNumber, timer);

    /// <summary>Lets the calling thread run before ordinary ones where there is a choice. A system that refuses only makes others wait longer.</summary>
    public static void RaisePriority()
    {
        const int ofThread = 0;
        const int high = -10;
        _ = SetPriorityCall(ofThread, 0, high);
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long CurrentThreadCall(long number);

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    private static partial int SetPriorityCall(int which, uint who, int priority);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long TimerCreateCall(long number, long clock, byte* notice, int* timer);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long TimerSetTimeCall(long number, long timer, long flags, long* times, long* before);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long TimerDeleteCall(long number, long timer);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long PerfEventOpenCall(long number, PerfEventAttributes* attributes, int pid, int cpu, int group, ulong flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long BpfCall(long number, int command, BpfAttributes* attributes, uint size);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int IoctlCall(int descriptor, ulong request, long argument);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint MmapCall(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int MunmapCall(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int PollCall(PollDescriptor* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseCall(int descriptor);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MountCall(string source, string target, string kind, ulong flags, nint data);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnmountCall(string target, int flags);

    [LibraryImport("libc", EntryPoint = "process_vm_readv", SetLastError = true)]
    private static partial nint ProcessVmReadCall(int pid, IoVector* local, nuint localCount, IoVector* remote, nuint remoteCount, nuint flags);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true)]
    private static partial nint ReadLinkCall(byte* path, byte* into, nuint size);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int OpenCall(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    private static partial nint PreadCall(int descriptor, byte* into, nuint size, long offset);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadCall(int descriptor, byte* into, nuint size);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteCall(int descriptor, byte* bytes, nuint size);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int StatxCall(int folder, byte* path, int flags, uint mask, byte* into);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long OpenAt2Call(long number, long folder, byte* path, ulong* how, nuint size);

    [LibraryImport("libc", EntryPoint = "fanotify_init", SetLastError = true)]
    private static partial int FanotifyInitCall(uint flags, uint eventFlags);

    [LibraryImport("libc", EntryPoint = "fanotify_mark", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int FanotifyMarkCall(int descriptor, uint flags, ulong mask, int folder, string path);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long NumbersCall(long number, long first, long second, long third);

    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    private static partial int GetSocketNameCall(int socket, byte* address, int* length);

    [LibraryImport("libc", EntryPoint = "getpeername", SetLastError = true)]
    private static partial int GetPeerNameCall(int socket, byte* address, int* length);

    [StructLayout(LayoutKind.Sequential)]
    private struct IoVector
    {
        public nuint Start;
        public nuint Length;
    }
}
