namespace CallStackRules.Capture.Modules;

/// <summary>One shared <see cref="MappedFile"/> for each file that was mapped. A known file is found without allocating.</summary>
/// <remarks>Holds at most <see cref="Capacity"/> files and begins anew when it is full; files that were handed out stay valid.</remarks>
internal sealed class MappedFileTable
{
    /// <summary>Files that are kept.</summary>
    public const int Capacity = 64 * 1024;

    private readonly Dictionary<(ulong Device, ulong Inode), MappedFile> _files = [];

    /// <summary>The file with a device, a number and a name; null when the name stands for memory without a file.</summary>
    public MappedFile? Get(ulong device, ulong inode, ReadOnlySpan<byte> name)
    {
        if (IsAnonymous(name))
            return null;
        var key = (device, inode == 0 ? (ulong)HashOf(name) : inode);
        if (_files.TryGetValue(key, out MappedFile? file) && file.HasName(name))
            return file;
        if (_files.Count >= Capacity)
            _files.Clear();
        file = new MappedFile(name, inode);
        // The latest name wins: the file was renamed or deleted, or has several.
        _files[key] = file;
        return file;
    }

    /// <summary>Whether a name of the kernel's stands for memory that no file is behind.</summary>
    private static bool IsAnonymous(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.StartsWith("//"u8) || name.StartsWith("/SYSV"u8) || name.StartsWith("anon_inode:"u8))
            return true;
        // Shared memory without a file is a deleted /dev/zero to the kernel.
        if (name.StartsWith("/dev/zero"u8))
            return true;
        return name[0] == '[' && !name.SequenceEqual("[vdso]"u8) && !name.SequenceEqual("[vsyscall]"u8);
    }

    private static int HashOf(ReadOnlySpan<byte> name)
    {
        var hash = new HashCode();
        hash.AddBytes(name);
        return hash.ToHashCode();
    }
}
