using System.Buffers.Binary;
using CallStackRules.Capture.Unwinding;
using Microsoft.Win32.SafeHandles;

namespace CallStackRules.Capture.Symbols;

/// <summary>What capture needs of an ELF file for x86-64: where its code lies, how to unwind it, and its symbols.</summary>
/// <remarks>
/// The file belongs to whoever is watched. It is read and never mapped, because a mapped file that is cut short kills the reader; every offset is checked, and
/// sizes have limits. Layouts are those of the System V ABI: the file header has e_phoff at 32, e_shoff at 40, e_phentsize at 54, e_phnum at 56, e_shentsize at
/// 58, e_shnum at 60; a program header p_type at 0, p_flags at 4, p_offset at 8, p_vaddr at 16, p_filesz at 32; a section header sh_type at 4, sh_addr at 16,
/// sh_offset at 24, sh_size at 32, sh_link at 40.
/// </remarks>
internal sealed class ElfImage
{
    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const int SectionHeaderSize = 64;
    private const int MostHeaders = 4096;
    private const int MostUnwindBytes = 64 << 20;
    private const uint SegmentLoad = 1;
    private const uint SegmentUnwindTable = 0x6474e550;
    private const uint SegmentExecutable = 1;

    private static int _lastId;

    private readonly Segment[] _segments;
    private readonly Section[] _sections;
    private readonly string _path;
    private readonly byte[]? _content;
    private ElfSymbols? _symbols;

    private ElfImage(string path, byte[]? content, Segment[] segments, Section[] sections, CallFrameInformation? frames)
    {
        _path = path;
        _content = content;
        _segments = segments;
        _sections = sections;
        Frames = frames;
        Id = Interlocked.Increment(ref _lastId);
    }

    /// <summary>A number that no other image has.</summary>
    public int Id { get; }

    /// <summary>How to unwind the code; null when the file does not say.</summary>
    public CallFrameInformation? Frames { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The path to read; also when symbols are wanted later.</param>
    /// <param name="problem">Why it could not be opened.</param>
    public static ElfImage? TryOpen(string path, out string? problem)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path);
            return Parse(path, null, new FileBytes(file, null), out problem);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = e.Message;
            return null;
        }
    }

    /// <summary>Reads an image that is in memory.</summary>
    /// <param name="content">The bytes of the file.</param>
    /// <param name="problem">Why it could not be read.</param>
    public static ElfImage? TryRead(byte[] content, out string? problem) => Parse("", content, new FileBytes(null, content), out problem);

    /// <summary>The address, as the file counts, of a place in the file that is mapped as code.</summary>
    /// <remarks>
    /// By the executable segment: linkers let segments share a page of the file at different addresses, so that the place alone would not do.
    /// </remarks>
    public ulong ToVirtualAddress(ulong fileOffset)
    {
        foreach (Segment segment in _segments)
        {
            // A mapping begins at a page, which may be before the segment does.
            if (segment.IsExecutable && fileOffset >= (segment.Offset & ~4095UL) && fileOffset < segment.Offset + segment.FileSize)
                return fileOffset - segment.Offset + segment.Address;
        }
        return fileOffset;
    }

    /// <summary>Finds the symbol at or before an address; symbols are read when they are first asked for.</summary>
    public bool TryFindSymbol(ulong address, out string name, out ulong offset)
    {
        _symbols ??= ReadSymbols();
        return _symbols.TryFind(address, out name, out offset);
    }

    private static ElfImage? Parse(string path, byte[]? content, FileBytes file, out string? problem)
    {
        byte[] header = new byte[HeaderSize];
        if (!file.Read(0, header) || !header.AsSpan().StartsWith("\u007fELF"u8))
            return Refuse("not an ELF file", out problem);
        // Class 64-bit, little-endian, machine x86-64.
        if (header[4] != 2 || header[5] != 1 || BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(18)) != 62)
            return Refuse("not an ELF file for x86-64", out problem);
        if (ReadSegments(file, header) is not { } segments)
            return Refuse("its program headers are cut off or malformed", out problem);
        Section[] sections = ReadSections(file, header);
        problem = null;
        return new ElfImage(path, content, segments, sections, ReadFrames(file, segments, sections));
    }

    private static ElfImage? Refuse(string why, out string? problem)
    {
        problem = why;
        return null;
    }

    private static Segment[]? ReadSegments(FileBytes file, byte[] header)
    {
        ulong place = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(32));
        int size = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(54));
        int count = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(56));
        if (size != ProgramHeaderSize || count > MostHeaders)
            return null;
        byte[] bytes = new byte[count * ProgramHeaderSize];
        if (!file.Read(place, bytes))
            return null;
        var segments = new List<Segment>();
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = bytes.AsSpan(i * ProgramHeaderSize, ProgramHeaderSize);
            uint type = BinaryPrimitives.ReadUInt32LittleEndian(entry);
            if (type is not (SegmentLoad or SegmentUnwindTable))
                continue;
            segments.Add(new Segment(
                type, (BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]) & SegmentExecutable) != 0, BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]), BinaryPrimitives.ReadUInt64LittleEndian(entry[32..])));
        }
        return [.. segments];
    }

    private static Section[] ReadSections(FileBytes file, byte[] header)
    {
        ulong place = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(40));
        int size = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(58));
        int count = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(60));
        if (place == 0 || size != SectionHeaderSize || count > MostHeaders)
            return [];
        byte[] bytes = new byte[count * SectionHeaderSize];
        if (!file.Read(place, bytes))
            return [];
        var sections = new Section[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = bytes.AsSpan(i * SectionHeaderSize, SectionHeaderSize);
            sections[i] = new Section(
                BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]), BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[24..]), BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[40..]));
        }
        return sections;
    }

    private static CallFrameInformation? ReadFrames(FileBytes file, Segment[] segments, Section[] sections)
    {
        foreach (Segment table in segments)
        {
            if (table.Type != SegmentUnwindTable || table.FileSize is 0 or > MostUnwindBytes)
                continue;
            byte[] header = new byte[table.FileSize];
            if (!file.Read(table.Offset, header) || CallFrameInformation.FindFrames(header, table.Address) is not { } address)
                return null;
            (ulong Offset, ulong Size) place = FindFrameBytes(address, segments, sections);
            if (place.Size is 0 or > MostUnwindBytes)
                return null;
            byte[] frames = new byte[place.Size];
            return file.Read(place.Offset, frames) ? new CallFrameInformation(header, table.Address, frames, address) : null;
        }
        return null;
    }

    /// <summary>Where the unwind information lies in the file: a section says exactly, a segment says how long it is at most.</summary>
    private static (ulong Offset, ulong Size) FindFrameBytes(ulong address, Segment[] segments, Section[] sections)
    {
        foreach (Section section in sections)
        {
            if (section.Address == address && section.Size > 0)
                return (section.Offset, section.Size);
        }
        foreach (Segment segment in segments)
        {
            if (segment.Type == SegmentLoad && address >= segment.Address && address - segment.Address < segment.FileSize)
                return (segment.Offset + (address - segment.Address), Math.Min(segment.FileSize - (address - segment.Address), MostUnwindBytes));
        }
        return default;
    }

    private ElfSymbols ReadSymbols()
    {
        const uint symbolTable = 2;
        const uint dynamicSymbols = 11;
        var symbols = new ElfSymbols();
        try
        {
            using SafeFileHandle? handle = _content is null ? File.OpenHandle(_path) : null;
            var file = new FileBytes(handle, _content);
            foreach (Section section in _sections)
            {
                if (section.Type is not (symbolTable or dynamicSymbols) || section.Link >= (uint)_sections.Length)
                    continue;
                Section names = _sections[section.Link];
                if (section.Size > MostUnwindBytes || names.Size > MostUnwindBytes)
                    continue;
                byte[] entries = new byte[section.Size];
                byte[] text = new byte[names.Size];
                if (file.Read(section.Offset, entries) && file.Read(names.Offset, text))
                    symbols.Add(entries, text);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The file went away since it was opened. Frames then have no names.
        }
        symbols.Sort();
        return symbols;
    }

    private readonly record struct Segment(uint Type, bool IsExecutable, ulong Offset, ulong Address, ulong FileSize);

    private readonly record struct Section(uint Type, ulong Address, ulong Offset, ulong Size, uint Link);

    /// <summary>Bytes of a file or of memory.</summary>
    private readonly struct FileBytes(SafeFileHandle? handle, byte[]? content)
    {
        /// <summary>Reads a range; false when it is not all there.</summary>
        public bool Read(ulong offset, Span<byte> into)
        {
            if (offset > long.MaxValue)
                return false;
            if (content is not null)
            {
                if (offset > (ulong)content.Length || (ulong)into.Length > (ulong)content.Length - offset)
                    return false;
                content.AsSpan((int)offset, into.Length).CopyTo(into);
                return true;
            }
            while (!into.IsEmpty)
            {
                int read = RandomAccess.Read(handle!, into, (long)offset);
                if (read == 0)
                    return false;
                into = into[read..];
                offset += (ulong)read;
            }
            return true;
        }
    }
}
