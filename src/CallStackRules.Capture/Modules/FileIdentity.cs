using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CallStackRules.Capture.Modules;

/// <summary>Which file an open file is, and opening files of other processes with care.</summary>
/// <param name="DeviceMajor">Major number of the device.</param>
/// <param name="DeviceMinor">Minor number of the device.</param>
/// <param name="Inode">Number of the file on the device.</param>
/// <remarks>
/// Paths come from the processes that are watched. A path can name a pipe, on which opening waits for ever, or a device, on which opening alone does something.
/// So a file is first opened with O_PATH, which touches nothing, looked at, and only then opened for reading, through the descriptor, so that it is the same
/// file.
/// </remarks>
internal readonly record struct FileIdentity(uint DeviceMajor, uint DeviceMinor, ulong Inode)
{
    // <asm-generic/fcntl.h>, <linux/fcntl.h>, <linux/stat.h>
    private const int ReadOnlyNonBlocking = 0x800;
    private const int PathOnly = 0x200000;
    private const int CloseOnExec = 0x80000;
    private const int EmptyPath = 0x1000;
    private const uint BasicStatistics = 0x7ff;
    private const int TypeOfFile = 0xf000;
    private const int RegularFile = 0x8000;

    /// <summary>Opens a regular file for reading; null when there is none, or it may not be read.</summary>
    /// <param name="path">Path of the file. Symbolic links are followed.</param>
    /// <param name="identity">Which file it is.</param>
    public static SafeFileHandle? OpenRegular(string path, out FileIdentity identity)
    {
        identity = default;
        if (!OperatingSystem.IsLinux())
            return null;
        using var located = new SafeFileHandle(Open(path, PathOnly | CloseOnExec), ownsHandle: true);
        if (located.IsInvalid || !TryIdentify(located, out identity))
            return null;
        var handle = new SafeFileHandle(Open($"/proc/self/fd/{located.DangerousGetHandle()}", ReadOnlyNonBlocking | CloseOnExec), ownsHandle: true);
        if (!handle.IsInvalid)
            return handle;
        handle.Dispose();
        return null;
    }

    // struct statx of <linux/stat.h>, 256 bytes:
    //   offset  type  field
    //       28  u16   stx_mode
    //       32  u64   stx_ino
    //      136  u32   stx_dev_major
    //      140  u32   stx_dev_minor
    private static bool TryIdentify(SafeFileHandle file, out FileIdentity identity)
    {
        Span<byte> status = stackalloc byte[256];
        identity = default;
        if (Statx(file, "", EmptyPath, BasicStatistics, ref MemoryMarshal.GetReference(status)) != 0)
            return false;
        if ((BinaryPrimitives.ReadUInt16LittleEndian(status[28..]) & TypeOfFile) != RegularFile)
            return false;
        identity = new(BinaryPrimitives.ReadUInt32LittleEndian(status[136..]), BinaryPrimitives.ReadUInt32LittleEndian(status[140..]),
            BinaryPrimitives.ReadUInt64LittleEndian(status[32..]));
        return true;
    }

    // The mode argument of open is read only when a file is created.
    [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = false)]
    private static extern nint Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int Statx(SafeFileHandle directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, ref byte status);
}
