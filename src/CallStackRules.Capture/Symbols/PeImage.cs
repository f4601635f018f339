using System.Reflection.PortableExecutable;
using System.Text;

namespace CallStackRules.Capture.Symbols;

/// <summary>A program or library file of Windows: its headers, and what is mapped of it by addresses in the image. Nothing in the file is trusted.</summary>
/// <remarks>Source: "PE Format" of Microsoft's documentation.</remarks>
internal sealed class PeImage
{
    /// <summary>Bytes of a name that are kept.</summary>
    public const int LongestName = 512;

    private const int NameWindow = 64 * 1024;

    private readonly Stream _file;
    private byte[] _names = [];
    private int _namesStart;

    /// <summary>Reads the headers of an image.</summary>
    /// <param name="file">A seekable stream of the whole file.</param>
    /// <exception cref="BadImageFormatException">This is no image, or it is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public PeImage(Stream file)
    {
        if (file.Length > int.MaxValue)
            throw new BadImageFormatException("The file is too large for an image.");
        _file = file;
        Headers = new PEHeaders(file, (int)file.Length);
        Header = Headers.PEHeader ?? throw new BadImageFormatException("The file is an object file and no image.");
    }

    /// <summary>All headers.</summary>
    public PEHeaders Headers { get; }

    /// <summary>The header with the tables.</summary>
    public PEHeader Header { get; }

    /// <summary>A copy of bytes of the image.</summary>
    /// <exception cref="BadImageFormatException">The file does not hold them.</exception>
    public byte[] Read(int rva, int length)
    {
        if (length > Available(rva, out long offset))
            throw new BadImageFormatException($"A table refers to address 0x{rva:x}, which the file does not hold; it is cut off or damaged.");
        // An empty table may be said to lie anywhere, where no file reaches, too.
        if (length == 0)
            return [];
        byte[] bytes = new byte[length];
        _file.Position = offset;
        _file.ReadExactly(bytes);
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
    /// <param name="rva">The address.</param>
    /// <param name="exportTable">The export table, in which lie forwarders and no code.</param>
    public uint? CodeEnd(uint rva, DirectoryEntry exportTable)
    {
        bool isForwarder = rva - (uint)exportTable.RelativeVirtualAddress < (uint)exportTable.Size;
        if (rva is 0 or > int.MaxValue || isForwarder || Headers.GetContainingSectionIndex((int)rva) is not (>= 0 and int index))
            return null;
        SectionHeader section = Headers.SectionHeaders[index];
        return (section.SectionCharacteristics & SectionCharacteristics.MemExecute) == 0 ? null : (uint)(section.VirtualAddress + section.VirtualSize);
    }

    private long Available(int rva, out long offset)
    {
        offset = 0;
        if (rva <= 0 || Headers.GetContainingSectionIndex(rva) is not (>= 0 and int index))
            return 0;
        SectionHeader section = Headers.SectionHeaders[index];
        long inSection = (long)rva - section.VirtualAddress;
        offset = (long)(uint)section.PointerToRawData + inSection;
        return Math.Max(0, Math.Min((uint)section.SizeOfRawData - inSection, _file.Length - offset));
    }
}
