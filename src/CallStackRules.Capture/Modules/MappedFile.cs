using System.Globalization;
using System.Text;
using CallStackRules.CallStacks;
using CallStackRules.Capture.Symbols;

namespace CallStackRules.Capture.Modules;

/// <summary>What a mapped file is.</summary>
internal enum MappedFileKind
{
    /// <summary>A file that has a path.</summary>
    Regular,
    /// <summary>A file whose path is gone: replaced by an update, or deleted to hide it.</summary>
    Deleted,
    /// <summary>A file made by memfd_create(2), which never had a path.</summary>
    Memory,
    /// <summary>The code that the kernel gives every process.</summary>
    Vdso,
}

/// <summary>A file that processes have mapped, shared by all of them. Its ELF image is opened when a stack first leads through it.</summary>
internal sealed class MappedFile : ISymbolSource
{
    private const int MostTries = 4;

    private const string DeletedMark = " (deleted)";
    private const string MemoryMark = "/memfd:";

    private readonly byte[] _name;
    private ElfImage? _image;
    private int _tries;

    /// <summary>Describes a file by the name that the kernel gives it.</summary>
    public MappedFile(ReadOnlySpan<byte> name, ulong inode)
    {
        _name = name.ToArray();
        Inode = inode;
        Path = Encoding.UTF8.GetString(name);
        Kind = KindOf(Path);
        // Code of a file without a path belongs to no file that anybody can look at.
        Module = Kind == MappedFileKind.Memory ? ModuleInfo.Unbacked : new ModuleInfo(Path);
        IsRuntime = JitRuntimes.Contains(Module.Name);
    }

    /// <summary>The path as the kernel gives it, <c> (deleted)</c> included.</summary>
    public string Path { get; }

    /// <summary>Number of the file on its device.</summary>
    public ulong Inode { get; }

    /// <summary>What the file is.</summary>
    public MappedFileKind Kind { get; }

    /// <summary>What frames in the file belong to.</summary>
    public ModuleInfo Module { get; }

    /// <summary>Whether this holds a compiler that makes code while the program runs, see <see cref="JitRuntimes"/>.</summary>
    public bool IsRuntime { get; }

    /// <summary>Whether this is the file the kernel means by a name.</summary>
    public bool HasName(ReadOnlySpan<byte> name) => name.SequenceEqual(_name);

    /// <summary>The file's image; null when it cannot be opened or is no ELF file.</summary>
    /// <param name="pid">A process that has it mapped, through whose view of the files it is opened.</param>
    /// <param name="mapping">Where.</param>
    public ElfImage? ImageFor(int pid, in Mapping mapping) => _image is not null || _tries >= MostTries ? _image : Open(pid, mapping);

    /// <summary>An address as the file counts.</summary>
    public ulong AddressOf(in Mapping mapping, ulong address)
    {
        ulong offset = mapping.FileOffset + (address - mapping.Start);
        return _image?.ToVirtualAddress(offset) ?? offset;
    }

    /// <inheritdoc/>
    public bool TryFindSymbol(ulong address, out string name, out ulong offset)
    {
        name = "";
        offset = 0;
        return _image?.TryFindSymbol(address, out name, out offset) ?? false;
    }

    /// <remarks>A process may be gone before its file is opened; the next one that has it mapped is another chance.</remarks>
    private ElfImage? Open(int pid, in Mapping mapping)
    {
        _tries++;
        if (Kind == MappedFileKind.Vdso)
        {
            _image = VdsoImage.Read();
            return _image;
        }
        string mapped = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/map_files/{mapping.Start:x}-{mapping.End:x}");
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/root{Path}");
        // The mapping itself leads to the very file, whatever its path leads to by now.
        _image = ElfImage.TryOpen(mapped, out _);
        if (_image is null && Kind == MappedFileKind.Regular)
            _image = ElfImage.TryOpen(path, out _) ?? ElfImage.TryOpen(Path, out _);
        return _image;
    }

    private static MappedFileKind KindOf(string path)
    {
        if (path.StartsWith(MemoryMark, StringComparison.Ordinal))
            return MappedFileKind.Memory;
        if (path.EndsWith(DeletedMark, StringComparison.Ordinal))
            return MappedFileKind.Deleted;
        return path is "[vdso]" or "[vsyscall]" ? MappedFileKind.Vdso : MappedFileKind.Regular;
    }
}
