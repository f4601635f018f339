using System.Buffers.Binary;
using System.Reflection.PortableExecutable;
using System.Text.Json.Serialization;
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
    public const int LongestName = PeImage.LongestName;

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
        var image = new PeImage(file);
        PEHeader header = image.Header;
        if (!identity.Fits((uint)image.Headers.CoffHeader.TimeDateStamp, header.CheckSum, (uint)header.SizeOfImage))
            throw new BadImageFormatException("The file is not the one that was loaded; it was replaced since.");
        DirectoryEntry place = header.ExportTableDirectory;
        if (place.Size == 0)
            return new PeExports([]);
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
}

/// <summary>An exported function.</summary>
/// <param name="Rva">Its offset from the image's base.</param>
/// <param name="SectionEnd">Where the section it lies in ends.</param>
/// <param name="Name">Its name, or <c>#</c> and its ordinal.</param>
// A structure can always be made without its parameters; a recorded answer must hold them.
[method: JsonConstructor]
public readonly record struct PeExport(uint Rva, uint SectionEnd, string Name);
