using System.Buffers.Binary;
using CallStackRules.Capture.Unwinding;
using Microsoft.Win32.SafeHandles;

namespace CallStackRules.Capture.Symbols;

/// <summary>
/// An ELF file for x86-64: where it is loaded, how to unwind it, and its symbols. Only what is needed is read, and every length in the file is doubted.
/// </summary>
/// <remarks>Follows the System V ABI, chapters "Object Files" and "Program Loading"; see <c>elf.h</c> for the numbers.</remarks>
public sealed class ElfImage
{
    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const int SectionHeaderSize = 64;
    private const int MostUnwindBytes = 128 << 20;
    private const int MostNameBytes = 1 << 20;
    private const uint PtLoad = 1;
    private const uint PtGnuEhFrame = 0x6474e550;
    private const uint PfExecute = 1;
    private const uint PfWrite = 2;
    private const ulong PageMask = 0xfff;

    private static int s_lastId;

    private readonly ElfBytes _bytes;
    private readonly ElfSegment[] _segments;
    private readonly ElfSegment _code;
    private ElfSymbols? _symbols;
    private bool? _isGo;

    private ElfImage(ElfBytes bytes, ElfSegment[] segments)
    {
        _bytes = bytes;
        _segments = segments;
        _code = Array.Find(segments, segment => segment.IsExecutable);
        Id = (uint)Interlocked.Increment(ref s_lastId);
    }

    /// <summary>A number that no other image of this process has: rows and symbols can be kept under it.</summary>
    public uint Id { get; }

    /// <summary>The loaded parts.</summary>
    public ReadOnlySpan<ElfSegment> Segments => _segments;

    /// <summary>How to unwind the image's code; null when it does not say.</summary>
    public CallFrameInformation? CallFrames { get; private set; }

    /// <summary>The image's functions. Read when first asked for.</summary>
    public ElfSymbols Symbols => _symbols ??= ElfSymbols.Read(_bytes, ReadSectionHeaders(), _segments);

    /// <summary>Reads an image from an open file.</summary>
    /// <param name="file">The file. When there is an image, it owns the file.</param>
    /// <param name="refusal">Why there is no image.</param>
    public static ElfImage? Open(SafeFileHandle file, out string? refusal) => Open(file, budget: null, out refusal, out _);

    /// <summary>Reads an image from a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="refusal">Why there is no image.</param>
    public static ElfImage? Open(string path, out string? refusal)
    {
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            refusal = e.Message;
            return null;
        }
        ElfImage? image = Open(file, out refusal);
        if (image is null)
            file.Dispose();
        return image;
    }

    /// <summary>Reads an image from memory.</summary>
    /// <param name="bytes">A whole ELF file. Not copied.</param>
    /// <param name="refusal">Why there is no image.</param>
    public static ElfImage? Read(byte[] bytes, out string? refusal)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return Read(new ElfBytes(bytes), out refusal, out _);
    }

    /// <summary>Reads an image from an open file and charges what it takes.</summary>
    internal static ElfImage? Open(SafeFileHandle file, ImageBudget? budget, out string? refusal, out bool isPe) =>
        Read(new ElfBytes(file, budget), out refusal, out isPe);

    /// <summary>
    /// The virtual address, as the file counts, of an offset in the file. Segments can share a page of the file (lld lays them out so) and the kernel maps
    /// whole pages: the segment with code is asked first, because mappings of code are asked about.
    /// </summary>
    /// <param name="fileOffset">Offset in the file, in bytes: for a mapping, address - start + its file offset.</param>
    /// <param name="address">The virtual address.</param>
    public bool TryGetVirtualAddress(ulong fileOffset, out ulong address)
    {
        // One test for the common case: a mapping begins on the page that the segment begins on.
        ulong firstPage = _code.FileOffset & ~PageMask;
        if (fileOffset - firstPage < _code.FileSize + (_code.FileOffset & PageMask))
        {
            address = fileOffset - _code.FileOffset + _code.Address;
            return true;
        }
        return TryGetAddressInOtherSegment(fileOffset, out address);
    }

    /// <summary>Reads bytes of the image as they lie in the file. Allocates nothing.</summary>
    /// <param name="address">Virtual address of the first, as the file counts.</param>
    /// <param name="bytes">Receives them.</param>
    /// <returns>False when the file does not have all of them.</returns>
    public bool TryRead(ulong address, Span<byte> bytes)
    {
        foreach (ElfSegment segment in _segments)
        {
            ulong offset = address - segment.Address;
            if (offset < segment.FileSize && (ulong)bytes.Length <= segment.FileSize - offset)
                return _bytes.TryRead(segment.FileOffset + offset, bytes);
        }
        return false;
    }

    /// <summary>Copies what is loaded at a virtual address and may not be written there.</summary>
    /// <param name="address">The virtual address, as the file counts.</param>
    /// <param name="into">Receives the bytes.</param>
    /// <returns>How many were copied: fewer where the segment ends, 0 when nothing constant is loaded there.</returns>
    public int ReadConstant(ulong address, Span<byte> into)
    {
        foreach (ElfSegment segment in _segments)
        {
            ulong offset = address - segment.Address;
            if (offset >= segment.FileSize || segment.IsWritable)
                continue;
            int length = (int)Math.Min((ulong)into.Length, segment.FileSize - offset);
            return _bytes.TryRead(segment.FileOffset + offset, into[..length]) ? length : 0;
        }
        return 0;
    }

    private static ElfImage? Read(ElfBytes bytes, out string? refusal, out bool isPe)
    {
        isPe = false;
        byte[]? header = bytes.Read(0, HeaderSize, HeaderSize);
        refusal = header is null ? "is shorter than an ELF header" : RefusalOf(header, out isPe);
        if (refusal is not null)
            return null;
        if (ReadSegments(bytes, header, out ElfSegment frameHeader) is not { } segments)
        {
            refusal = "has program headers beyond its end";
            return null;
        }
        var image = new ElfImage(bytes, segments);
        image.CallFrames = image.ReadCallFrames(frameHeader);
        return image;
    }

    // Elf64_Ehdr: e_ident[EI_CLASS] at 4 (2 = 64 bit), e_ident[EI_DATA] at 5 (1 = little endian), e_machine u16 at 18 (62 = x86-64).
    private static string? RefusalOf(ReadOnlySpan<byte> header, out bool isPe)
    {
        isPe = header.StartsWith("MZ"u8);
        if (!header.StartsWith("\x7f"u8) || !header[1..].StartsWith("ELF"u8))
            return isPe ? "is a PE file" : "is no ELF file";
        if (header[4] != 2 || header[5] != 1)
            return "is not 64 bit, little endian";
        return BinaryPrimitives.ReadUInt16LittleEndian(header[18..]) == 62 ? null : "is not for x86-64";
    }

    // Elf64_Ehdr: e_phoff u64 at 32, e_phentsize u16 at 54, e_phnum u16 at 56.
    // Elf64_Phdr: p_type u32 at 0, p_flags u32 at 4, p_offset u64 at 8, p_vaddr u64 at 16, p_filesz u64 at 32.
    private static ElfSegment[]? ReadSegments(ElfBytes bytes, ReadOnlySpan<byte> header, out ElfSegment frameHeader)
    {
        frameHeader = default;
        int count = BinaryPrimitives.ReadUInt16LittleEndian(header[56..]);
        if (BinaryPrimitives.ReadUInt16LittleEndian(header[54..]) != ProgramHeaderSize)
            return null;
        byte[]? table = bytes.Read(BinaryPrimitives.ReadUInt64LittleEndian(header[32..]), (ulong)(count * ProgramHeaderSize),
            ushort.MaxValue * ProgramHeaderSize);
        if (table is null)
            return null;
        var segments = new List<ElfSegment>();
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = table.AsSpan(i * ProgramHeaderSize, ProgramHeaderSize);
            uint type = BinaryPrimitives.ReadUInt32LittleEndian(entry);
            var segment = new ElfSegment(BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]), BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]), (BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]) & PfExecute) != 0,
                (BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]) & PfWrite) != 0);
            if (type == PtLoad && segment.FileOffset <= long.MaxValue && segment.FileSize <= long.MaxValue)
                segments.Add(segment);
            else if (type == PtGnuEhFrame)
                frameHeader = segment;
        }
        return [.. segments];
    }

    private bool TryGetAddressInOtherSegment(ulong fileOffset, out ulong address)
    {
        address = 0;
        foreach (bool executable in (ReadOnlySpan<bool>)[true, false])
        {
            foreach (ElfSegment segment in _segments)
            {
                if (segment.IsExecutable != executable || fileOffset - (segment.FileOffset & ~PageMask) >= segment.FileSize + (segment.FileOffset & PageMask))
                    continue;
                address = fileOffset - segment.FileOffset + segment.Address;
                return true;
            }
        }
        return false;
    }

    private CallFrameInformation? ReadCallFrames(ElfSegment frameHeader)
    {
        byte[]? table = frameHeader.FileSize == 0 ? null : _bytes.Read(frameHeader.FileOffset, frameHeader.FileSize, MostUnwindBytes);
        if (table is not null && CallFrameTable.Read(table, frameHeader.Address, out ulong frames) is { } sorted)
        {
            byte[]? bytes = ReadFrames(frames);
            return bytes is null ? null : new CallFrameInformation(bytes, frames, sorted);
        }
        if (FindSection(".eh_frame"u8) is not { } section || _bytes.Read(section.Offset, section.Size, MostUnwindBytes) is not { } unsorted)
            return null;
        return new CallFrameInformation(unsorted, section.Address, table: null);
    }

    /// <summary>The bytes of .eh_frame, whose address is known: up to the end of its section, or of its segment where no section header says more.</summary>
    private byte[]? ReadFrames(ulong address)
    {
        if (FindSection(".eh_frame"u8) is { } section && section.Address == address)
            return _bytes.Read(section.Offset, section.Size, MostUnwindBytes);
        foreach (ElfSegment segment in _segments)
        {
            ulong offset = address - segment.Address;
            if (offset < segment.FileSize)
                return _bytes.Read(segment.FileOffset + offset, segment.FileSize - offset, MostUnwindBytes);
        }
        return null;
    }

    /// <summary>Whether it was made by the Go compiler, which leaves its table of functions in it. Reads the section headers when first asked.</summary>
    public bool IsGo => _isGo ??= FindSection(".gopclntab"u8) is not null || FindSection(".data.rel.ro.gopclntab"u8) is not null;

    private ElfSection? FindSection(ReadOnlySpan<byte> name)
    {
        ElfSection[] sections = ReadSectionHeaders();
        // Elf64_Ehdr: e_shstrndx u16 at 62.
        byte[]? header = _bytes.Read(0, HeaderSize, HeaderSize);
        int namesIndex = header is null ? -1 : BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(62));
        if ((uint)namesIndex >= (uint)sections.Length || _bytes.Read(sections[namesIndex].Offset, sections[namesIndex].Size, MostNameBytes) is not { } names)
            return null;
        foreach (ElfSection section in sections)
        {
            ReadOnlySpan<byte> rest = section.Name < (uint)names.Length ? names.AsSpan((int)section.Name) : [];
            if (rest.Length > name.Length && rest.StartsWith(name) && rest[name.Length] == 0)
                return section;
        }
        return null;
    }

    // Elf64_Ehdr: e_shoff u64 at 40, e_shentsize u16 at 58, e_shnum u16 at 60.
    private ElfSection[] ReadSectionHeaders()
    {
        byte[]? header = _bytes.Read(0, HeaderSize, HeaderSize);
        if (header is null || BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(58)) != SectionHeaderSize)
            return [];
        int count = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(60));
        byte[]? table = _bytes.Read(BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(40)), (ulong)(count * SectionHeaderSize),
            ushort.MaxValue * SectionHeaderSize);
        if (table is null)
            return [];
        var sections = new ElfSection[count];
        for (int i = 0; i < count; i++)
            sections[i] = ElfSection.Read(table.AsSpan(i * SectionHeaderSize, SectionHeaderSize));
        return sections;
    }
}
