using System.Text;
using CallStackRules.CallStacks;
using CallStackRules.Capture.Symbols;
using Microsoft.Win32.SafeHandles;

namespace CallStackRules.Capture.Modules;

/// <summary>One file that processes have mapped. Shared by all of them; its ELF image is read when it is first asked for.</summary>
public sealed class MappedFile : ISymbolSource
{
    // A file can be out of reach through one process, which has just ended, and in reach through the next; a file that never opens must not be tried for ever.
    private const int MostTries = 4;
    private const string MemoryPrefix = "/memfd:";
    private const string DeletedSuffix = " (deleted)";

    private readonly MappedFileTable _table;
    private readonly byte[] _pathBytes;
    private int _processId;
    private ulong _start;
    private ulong _end;
    private int _tries;
    private bool _seenSinceTry;
    private ElfImage? _image;
    private FileKind? _contentKind;

    internal MappedFile(MappedFileTable table, uint deviceMajor, uint deviceMinor, ulong inode, ReadOnlySpan<byte> path)
    {
        _table = table;
        _pathBytes = path.ToArray();
        (DeviceMajor, DeviceMinor, Inode) = (deviceMajor, deviceMinor, inode);
        Path = Encoding.UTF8.GetString(path);
        Module = new ModuleInfo(Path);
        Runtime = JitRuntimeNames.Of(Path);
        IsMemoryFile = Path.StartsWith(MemoryPrefix, StringComparison.Ordinal);
        IsDoubleMapped = Path.StartsWith("/memfd:doublemapper", StringComparison.Ordinal);
    }

    /// <summary>Major number of the device the file is on.</summary>
    public uint DeviceMajor { get; }

    /// <summary>Minor number of the device the file is on.</summary>
    public uint DeviceMinor { get; }

    /// <summary>Number of the file on its device.</summary>
    public ulong Inode { get; }

    /// <summary>Which file it is.</summary>
    internal FileIdentity Identity => new(DeviceMajor, DeviceMinor, Inode);

    /// <summary>Path as the kernel gave it, case kept, seen from the process that mapped it: a container's paths are its own.</summary>
    public string Path { get; }

    /// <summary>The file as a module of call stacks.</summary>
    public ModuleInfo Module { get; }

    /// <summary>The runtime this file is, told by its name.</summary>
    public JitRuntimes Runtime { get; }

    /// <summary>Whether this is the memory in which .NET writes code at one address to run it at another.</summary>
    public bool IsDoubleMapped { get; }

    /// <summary>Whether it was made by memfd_create(2) and never had a path.</summary>
    public bool IsMemoryFile { get; }

    /// <summary>Why the file has no <see cref="Image"/>; null while it has one or has not been asked.</summary>
    public string? Refusal { get; private set; }

    /// <summary>What the file is. May read the start of the file when first asked.</summary>
    public FileKind Kind
    {
        get
        {
            if (this == _table.Vdso)
                return FileKind.Vdso;
            if (IsMemoryFile)
                return FileKind.Memfd;
            if (Path.EndsWith(DeletedSuffix, StringComparison.Ordinal))
                return FileKind.Deleted;
            return Image is not null ? FileKind.Elf : _contentKind ?? FileKind.Other;
        }
    }

    /// <summary>The ELF image; null when the file is not one, or cannot be read: see <see cref="Refusal"/>. Reads the file when first asked.</summary>
    public ElfImage? Image
    {
        get
        {
            if (_image is not null)
                return _image;
            return _tries == 0 || _seenSinceTry ? Open() : null;
        }
    }

    /// <inheritdoc/>
    public bool TryFindSymbol(ulong address, out string name, out ulong offset)
    {
        offset = 0;
        if (Image?.Symbols.TryFind(address, out string? found, out offset) == true && found is not null)
        {
            name = found;
            return true;
        }
        name = "";
        return false;
    }

    /// <summary>Whether this is the file with that identity and path.</summary>
    internal bool Is(uint deviceMajor, uint deviceMinor, ulong inode, ReadOnlySpan<byte> path) =>
        Inode == inode && DeviceMinor == deviceMinor && DeviceMajor == deviceMajor && path.SequenceEqual(_pathBytes);

    /// <summary>Remembers where the file can be reached: through the process that mapped it last.</summary>
    internal void SeenAt(int processId, ulong start, ulong end)
    {
        _seenSinceTry |= _image is null && Refusal is not null && _contentKind is null && _tries < MostTries && processId != _processId;
        (_processId, _start, _end) = (processId, start, end);
    }

    /// <summary>Gives the image back to the collector; it is read again when it is needed.</summary>
    internal void DropImage()
    {
        if (this == _table.Vdso || _image is null)
            return;
        _image = null;
        _tries = 0;
    }

    /// <summary>Makes this file one that has an image from the start.</summary>
    internal void SetImage(ElfImage? image, string? refusal)
    {
        (_image, Refusal) = (image, refusal);
        _tries = MostTries;
    }

    private ElfImage? Open()
    {
        _tries++;
        _seenSinceTry = false;
        // Following the link needs CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE.
        SafeFileHandle? handle = OpenThrough(_processId > 0 ? $"/proc/{_processId}/map_files/{_start:x}-{_end:x}" : null, _processId);
        if (handle is null)
            return Refuse("cannot be opened, or is another file by now");
        _table.MakeRoom();
        _image = ElfImage.Open(handle, _table.Budget, out string? refusal, out bool isPe);
        if (_image is not null)
        {
            Refusal = null;
            return _image;
        }
        handle.Dispose();
        _contentKind = isPe ? FileKind.Pe : FileKind.Other;
        return Refuse(refusal ?? "is no ELF file");
    }

    private ElfImage? Refuse(string reason)
    {
        if (Refusal is null)
            _table.CountRefusal();
        Refusal = reason;
        return null;
    }

    /// <summary>
    /// Opens the file and makes sure that it is the one that was mapped. A link of <c>/proc</c> leads to it even when it is deleted or hidden by a mount; what it leads to
    /// can have changed meanwhile, so the inode must fit. Its device need not: btrfs and overlayfs give mappings another device than files. By path both must fit.
    /// </summary>
    /// <param name="link">The link; null for none.</param>
    /// <param name="processId">A process that sees the path.</param>
    /// <remarks>Reads nothing that changes: may be called by any thread.</remarks>
    internal SafeFileHandle? OpenThrough(string? link, int processId)
    {
        if (link is not null)
        {
            SafeFileHandle? linked = FileIdentity.OpenRegular(link, out FileIdentity identity);
            if (linked is not null && identity.Inode == Inode)
                return linked;
            linked?.Dispose();
        }
        if (Path.Length == 0 || Path[0] != '/')
            return null;
        return OpenByPath($"/proc/{processId}/root{Path}") ?? OpenByPath(Path);
    }

    private SafeFileHandle? OpenByPath(string path)
    {
        SafeFileHandle? file = FileIdentity.OpenRegular(path, out FileIdentity identity);
        if (file is not null && identity == Identity)
            return file;
        file?.Dispose();
        return null;
    }
}
