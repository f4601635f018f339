using CallStackRules.Capture.Symbols;

namespace CallStackRules.Capture.Modules;

/// <summary>One shared <see cref="MappedFile"/> for every file that processes map, found without allocating when it is known. For one thread.</summary>
/// <remarks>
/// Holds at most <see cref="Capacity"/> files, and as many bytes of images as it was created for. When full of files it forgets all of them and begins anew; files
/// that were handed out stay valid. When full of images it drops those, and each is read again when needed: made-up files cannot fill the memory.
/// </remarks>
public sealed class MappedFileTable
{
    /// <summary>Files that are kept.</summary>
    public const int Capacity = 16 * 1024;

    // Files of equal hash are chained; the hash is seeded per process, so nobody can choose files that collide.
    private readonly Dictionary<int, List<MappedFile>> _byHash = [];

    /// <summary>Creates a table with nothing but the vdso.</summary>
    /// <param name="imageBytes">Most bytes that images may take together.</param>
    public MappedFileTable(long imageBytes = 1L << 30)
    {
        Budget = new ImageBudget(imageBytes);
        Vdso = new MappedFile(this, 0, 0, 0, "[vdso]"u8);
        Vdso.SetImage(VdsoImage.Read(out string? refusal), refusal);
    }

    /// <summary>How many files are known.</summary>
    public int Count { get; private set; }

    /// <summary>How often the table was full of files and began anew.</summary>
    public long Evictions { get; private set; }

    /// <summary>How often images were dropped because they took too much memory.</summary>
    public long ImageEvictions { get; private set; }

    /// <summary>Files that were asked for an image and had none: not ELF, out of reach, or damaged.</summary>
    public long Refusals { get; private set; }

    /// <summary>The code that the kernel maps into every process, read from this process: it is the same in all of them.</summary>
    public MappedFile Vdso { get; }

    /// <summary>What images may take.</summary>
    internal ImageBudget Budget { get; }

    /// <summary>The file with this identity and path, made when it is new. Allocates for new files only.</summary>
    /// <param name="deviceMajor">Major number of the device.</param>
    /// <param name="deviceMinor">Minor number of the device.</param>
    /// <param name="inode">Number of the file on the device.</param>
    /// <param name="path">Path in UTF-8, as the kernel gave it.</param>
    /// <param name="processId">Process that has it mapped, through which it is opened; 0 when not known.</param>
    /// <param name="start">First address of the mapping.</param>
    /// <param name="end">Address behind the mapping.</param>
    public MappedFile GetOrAdd(uint deviceMajor, uint deviceMinor, ulong inode, ReadOnlySpan<byte> path, int processId = 0, ulong start = 0, ulong end = 0)
    {
        MappedFile file = Find(deviceMajor, deviceMinor, inode, path);
        file.SeenAt(processId, start, end);
        return file;
    }

    /// <summary>What a perf record or a line of <c>/proc/PID/maps</c> says, as a mapping.</summary>
    /// <param name="start">First address.</param>
    /// <param name="end">Address behind the last.</param>
    /// <param name="fileOffset">Offset in the file of the first byte.</param>
    /// <param name="protection">What the range may be used for.</param>
    /// <param name="deviceMajor">Major number of the device.</param>
    /// <param name="deviceMinor">Minor number of the device.</param>
    /// <param name="inode">Number of the file on the device.</param>
    /// <param name="name">Path or special name in UTF-8; empty for anonymous memory.</param>
    /// <param name="processId">The process.</param>
    public Mapping Describe(ulong start, ulong end, ulong fileOffset, MemoryProtection protection, uint deviceMajor, uint deviceMinor, ulong inode,
        ReadOnlySpan<byte> name, int processId)
    {
        MemoryUse use = UseOf(name);
        MappedFile? file = use switch
        {
            MemoryUse.File => GetOrAdd(deviceMajor, deviceMinor, inode, name, processId, start, end),
            MemoryUse.Vdso => Vdso,
            _ => null,
        };
        return new Mapping(start, end, fileOffset, protection, use, file);
    }

    /// <summary>Drops all images when they take more than they may.</summary>
    internal void MakeRoom()
    {
        if (!Budget.IsExceeded)
            return;
        foreach (List<MappedFile> files in _byHash.Values)
            files.ForEach(file => file.DropImage());
        Budget.Reset();
        ImageEvictions++;
    }

    /// <summary>Counts a file without an image.</summary>
    internal void CountRefusal() => Refusals++;

    private static MemoryUse UseOf(ReadOnlySpan<byte> name)
    {
        bool isNameless = name.IsEmpty || name.SequenceEqual("//anon"u8) || name.StartsWith("[anon"u8);
        bool isShared = name.StartsWith("/dev/zero"u8) || name.StartsWith("/anon_hugepage"u8) || name.StartsWith("/SYSV"u8);
        if (isNameless || isShared)
            return MemoryUse.Anonymous;
        if (name[0] == (byte)'/')
            return MemoryUse.File;
        if (name.SequenceEqual("[heap]"u8))
            return MemoryUse.Heap;
        if (name.StartsWith("[stack"u8))
            return MemoryUse.Stack;
        if (name.SequenceEqual("[vdso]"u8))
            return MemoryUse.Vdso;
        return name[0] == (byte)'[' ? MemoryUse.Kernel : MemoryUse.Anonymous;
    }

    private MappedFile Find(uint deviceMajor, uint deviceMinor, ulong inode, ReadOnlySpan<byte> path)
    {
        var hash = new HashCode();
        hash.Add(deviceMajor);
        hash.Add(deviceMinor);
        hash.Add(inode);
        hash.AddBytes(path);
        int key = hash.ToHashCode();
        if (_byHash.TryGetValue(key, out List<MappedFile>? files))
        {
            foreach (MappedFile known in files)
            {
                if (known.Is(deviceMajor, deviceMinor, inode, path))
                    return known;
            }
        }
        if (Count == Capacity)
        {
            _byHash.Clear();
            Count = 0;
            Evictions++;
            files = null;
        }
        if (files is null)
            _byHash[key] = files = [];
        var file = new MappedFile(this, deviceMajor, deviceMinor, inode, path);
        files.Add(file);
        Count++;
        return file;
    }
}
