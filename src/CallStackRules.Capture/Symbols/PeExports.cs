using System.Buffers.Binary;
using System.Reflection.PortableExecutable;
using System.Text;
using CallStackRules.CallStacks;

namespace CallStackRules.Capture.Symbols;

/// <summary>
/// The functions that a program or library file of Windows exports, by address: the only names that are at hand without symbol files. What is not exported goes under the
/// name of the export before it, as in all tools that have no symbol files.
/// </summary>
/// <remarks>
/// Addresses are offsets from the image's base. Forwarders (exports that name a function of another file) have no code and are left out, and so is data. An export without
/// a name goes by its ordinal, <c>#12</c>. Of several names for one address the shortest is taken, then the first in ordinal order: <c>NtClose</c> and not <c>ZwClose</c>.
/// Source: "PE Format" of Microsoft's documentation, section "The .edata Section".
/// </remarks>
public sealed class PeExports : ISymbolSource
{
    /// <summary>Exports that are read of a file; ordinals have 16 bits.</summary>
    public const int MostExports = 64 * 1024;

    /// <summary>Characters of a name that are kept.</summary>
    public const int LongestName = 512;

    private const int DirectorySize = 40;
    private const int MostNameBytes = 16 << 20;

    private readonly PeExport[] _exports;

    /// <summary>Takes exports that were read elsewhere.</summary>
    /// <param name="exports">The exports, in any order.</param>
    public PeExports(IEnumerable<PeExport> exports)
    {
        _exports = [.. exports];
        Array.Sort(_exports, static (left, right) => left.Rva != right.Rva ? left.Rva.CompareTo(right.Rva) : ComparePlainness(left.Name, right.Name));
        int kept = 0;
        foreach (PeExport export in _exports)
        {
            if (kept == 0 || _exports[kept - 1].Rva != export.Rva)
                _exports[kept++] = export;
        }
        Array.Resize(ref _exports, kept);
    }

    /// <summary>The exports by address, each address once.</summary>
    public IReadOnlyList<PeExport> Exports => _exports;

    /// <summary>Reads the exports of a file.</summary>
    /// <param name="image">The file. When another has taken its place, there are none.</param>
    /// <param name="refusal">Why there are none.</param>
    public static PeExports? Open(in ImageIdentity image, out string? refusal)
    {
        try
        {
            using var file = new FileStream(image.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 4096);
            refusal = null;
            return Read(file, image);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BadImageFormatException)
        {
            refusal = $"{image.Path}: {e.Message}";
            return null;
        }
    }

    /// <inheritdoc/>
    public bool TryFindSymbol(ulong address, out string name, out ulong offset)
    {
        int low = 0;
        int high = _exports.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_exports[middle].Rva <= address)
                low = middle + 1;
            else
                high = middle;
        }
        name = "";
        offset = 0;
        if (low == 0 || address >= _exports[low - 1].SectionEnd)
            return false;
        name = _exports[low - 1].Name;
        offset = address - _exports[low - 1].Rva;
        return true;
    }

    /// <summary>Reads the exports of an image.</summary>
    /// <param name="file">A seekable stream of the whole file.</param>
    /// <param name="identity">Which file it must be.</param>
    /// <exception cref="BadImageFormatException">This is no such image, or it is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static PeExports Read(Stream file, in ImageIdentity identity = default)
    {
        if (file.Length > int.MaxValue)
            throw new BadImageFormatException("The file is too large for an image.");
        var headers = new PEHeaders(file, (int)file.Length);
        if (headers.PEHeader is not { } header)
            throw new BadImageFormatException("The file is an object file and no image.");
        if (!identity.Fits((uint)headers.CoffHeader.TimeDateStamp, header.CheckSum, (uint)header.SizeOfImage))
            throw new BadImageFormatException("The file is not the one that was loaded; it was replaced since.");
        DirectoryEntry place = header.ExportTableDirectory;
        if (place.Size == 0)
            return new PeExports([]);
        var image = new Image(file, headers);
        ReadOnlySpan<byte> directory = image.Read(place.RelativeVirtualAddress, DirectorySize);
        uint firstOrdinal = U32(directory, 16);
        int functionCount = Bounded(U32(directory, 20));
        int nameCount = Bounded(U32(directory, 24));
        byte[] functions = image.Read((int)U32(directory, 28), functionCount * sizeof(uint));
        byte[] names = nameCount == 0 ? [] : image.Read((int)U32(directory, 32), nameCount * sizeof(uint));
        byte[] ordinals = nameCount == 0 ? [] : image.Read((int)U32(directory, 36), nameCount * sizeof(ushort));

        var exports = new List<PeExport>(functionCount);
        var isNamed = new bool[functionCount];
        int nameBytes = 0;
        for (int i = 0; i < nameCount; i++)
        {
            int function = BinaryPrimitives.ReadUInt16LittleEndian(ordinals.AsSpan(i * sizeof(ushort)));
            if (function >= functionCount)
                continue;
            isNamed[function] = true;
            if (image.CodeEnd(U32(functions, function * sizeof(uint)), place) is not { } end)
                continue;
            string name = image.ReadName((int)U32(names, i * sizeof(uint)));
            nameBytes += name.Length;
            if (nameBytes > MostNameBytes)
                throw new BadImageFormatException("The names of the exports are longer than any image's.");
            if (name.Length > 0)
                exports.Add(new PeExport(U32(functions, function * sizeof(uint)), end, name));
        }
        for (int i = 0; i < functionCount; i++)
        {
            if (!isNamed[i] && image.CodeEnd(U32(functions, i * sizeof(uint)), place) is { } end)
                exports.Add(new PeExport(U32(functions, i * sizeof(uint)), end, $"#{firstOrdinal + i}"));
        }
        return new PeExports(exports);
    }

    private static int ComparePlainness(string left, string right) => left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(left, right);

    private static int Bounded(uint count) =>
        count <= MostExports ? (int)count : throw new BadImageFormatException($"The image is said to have {count} exports, more than there can be.");

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    /// <summary>The parts of the file that are mapped, by their addresses in the image.</summary>
    private sealed class Image(Stream file, PEHeaders headers)
    {
        private const int NameWindow = 64 * 1024;

        private byte[] _names = [];
        private int _namesStart;

        /// <summary>A copy of bytes of the image.</summary>
        public byte[] Read(int rva, int length)
        {
            if (length > Available(rva, out long offset))
                throw new BadImageFormatException($"The export table refers to address 0x{rva:x}, which the file does not hold; it is cut off or damaged.");
            byte[] bytes = new byte[length];
            file.Position = offset;
            file.ReadExactly(bytes);
            return bytes;
        }

        /// <summary>Characters up to a zero. Names lie together: a window of them is kept.</summary>
        public string ReadName(int rva)
        {
            if (rva < _namesStart || rva >= _namesStart + _names.Length - LongestName)
            {
                _names = Read(rva, (int)Math.Clamp(Available(rva, out _), 1, NameWindow));
                _namesStart = rva;
            }
            ReadOnlySpan<byte> name = _names.AsSpan(rva - _namesStart);
            name = name[..Math.Min(name.Length, LongestName)];
            int end = name.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
        }

        /// <summary>Where the section of a function ends; null for what is no code of the image.</summary>
        public uint? CodeEnd(uint rva, DirectoryEntry exportTable)
        {
            bool isForwarder = rva - (uint)exportTable.RelativeVirtualAddress < (uint)exportTable.Size;
            if (rva is 0 or > int.MaxValue || isForwarder || headers.GetContainingSectionIndex((int)rva) is not (>= 0 and int index))
                return null;
            SectionHeader section = headers.SectionHeaders[index];
            return (section.SectionCharacteristics & SectionCharacteristics.MemExecute) == 0 ? null : (uint)(section.VirtualAddress + section.VirtualSize);
        }

        private long Available(int rva, out long offset)
        {
            offset = 0;
            if (rva <= 0 || headers.GetContainingSectionIndex(rva) is not (>= 0 and int index))
                return 0;
            SectionHeader section = headers.SectionHeaders[index];
            long inSection = (long)rva - section.VirtualAddress;
            offset = (long)(uint)section.PointerToRawData + inSection;
            return Math.Max(0, Math.Min((uint)section.SizeOfRawData - inSection, file.Length - offset));
        }
    }
}

/// <summary>An exported function.</summary>
/// <param name="Rva">Its offset from the image's base.</param>
/// <param name="SectionEnd">Where the section it lies in ends.</param>
/// <param name="Name">Its name, or <c>#</c> and its ordinal.</param>
public readonly record struct PeExport(uint Rva, uint SectionEnd, string Name);
