using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CallStackRules.Capture.Symbols;

/// <summary>The version resource of a program or library file of Windows, read from the file itself: what Windows says of it may come from the file of a language.</summary>
/// <remarks>
/// Sources: "PE Format" of Microsoft's documentation, section "The .rsrc Section"; VS_VERSIONINFO and its parts.
/// <code>
/// directory, 16 bytes, then entries of 8:    block of a version:
///  12 u16 entries with a name                 0 u16 bytes in all
///  14 u16 entries with a number               2 u16 bytes of the value, of a text characters
/// entry: u32 name or number,                  4 u16 1 for a text
///        u32 offset in the table,             6 name up to a zero, then to a multiple of 4: the value,
///            top bit: of a directory             to a multiple of 4: further blocks
/// data: u32 address, u32 bytes
/// </code>
/// </remarks>
internal static class PeVersion
{
    private const int DirectoryHeader = 16;
    private const int EntrySize = 8;
    private const uint IsDirectory = 0x8000_0000;
    private const uint VersionType = 16;
    private const int MostEntries = 4096;
    private const int LongestVersion = 64 * 1024;
    private const int BlockHeader = 6;

    /// <summary>The name that the file was built with; null when it has none.</summary>
    /// <param name="file">A seekable stream of the whole file.</param>
    /// <exception cref="BadImageFormatException">This is no image, or it is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string? OriginalFileName(Stream file)
    {
        var image = new PeImage(file);
        int table = image.Header.ResourceTableDirectory.RelativeVirtualAddress;
        // Type, then number, then language; of the latter two the first.
        if (table == 0 || Entry(image, table, table, VersionType) is not { } type
            || Entry(image, table, type, wanted: null) is not { } number || Entry(image, table, number, wanted: null) is not { } language)
        {
            return null;
        }
        ReadOnlySpan<byte> data = image.Read(language, 2 * sizeof(uint));
        uint length = U32(data, sizeof(uint));
        if (length > LongestVersion)
            throw new BadImageFormatException($"The version resource is said to have {length} bytes, more than there can be.");
        return Find(image.Read((int)U32(data, 0), (int)length));
    }

    /// <summary>Address of what an entry of a directory leads to: the one with a number, or the first; null when there is none.</summary>
    private static int? Entry(PeImage image, int table, int directory, uint? wanted)
    {
        ReadOnlySpan<byte> header = image.Read(directory, DirectoryHeader);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(header[12..]) + BinaryPrimitives.ReadUInt16LittleEndian(header[14..]);
        if (count > MostEntries)
            throw new BadImageFormatException($"The table of resources is said to have {count} entries, more than there can be.");
        ReadOnlySpan<byte> entries = image.Read(directory + DirectoryHeader, count * EntrySize);
        for (; !entries.IsEmpty; entries = entries[EntrySize..])
        {
            if (wanted is null || U32(entries, 0) == wanted)
                return table + (int)(U32(entries, sizeof(uint)) & ~IsDirectory);
        }
        return null;
    }

    private static string? Find(ReadOnlySpan<byte> version)
    {
        if (!TryTake(ref version, out _, out _, out ReadOnlySpan<byte> parts))
            return null;
        while (TryTake(ref parts, out ReadOnlySpan<char> part, out _, out ReadOnlySpan<byte> languages))
        {
            if (!part.SequenceEqual("StringFileInfo"))
                continue;
            while (TryTake(ref languages, out _, out _, out ReadOnlySpan<byte> texts))
            {
                while (TryTake(ref texts, out ReadOnlySpan<char> name, out ReadOnlySpan<byte> value, out _))
                {
                    if (name.SequenceEqual("OriginalFilename") && ToZero(MemoryMarshal.Cast<byte, char>(value)) is { IsEmpty: false } text)
                        return text[..Math.Min(text.Length, PeImage.LongestName)].ToString();
                }
            }
        }
        return null;
    }

    /// <summary>Takes the next block off; false when none is left, or what is left is no block.</summary>
    private static bool TryTake(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<char> name, out ReadOnlySpan<byte> value, out ReadOnlySpan<byte> blocks)
    {
        name = default;
        value = blocks = default;
        if (rest.Length < BlockHeader)
            return false;
        int length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
        if (length < BlockHeader || length > rest.Length)
            return false;
        ReadOnlySpan<byte> block = rest[..length];
        rest = rest[Math.Min(Aligned(length), rest.Length)..];
        name = ToZero(MemoryMarshal.Cast<byte, char>(block[BlockHeader..]));
        bool isText = BinaryPrimitives.ReadUInt16LittleEndian(block[4..]) == 1;
        int valueLength = BinaryPrimitives.ReadUInt16LittleEndian(block[2..]) * (isText ? sizeof(char) : 1);
        ReadOnlySpan<byte> behindName = block[Math.Min(Aligned(BlockHeader + ((name.Length + 1) * sizeof(char))), length)..];
        value = behindName[..Math.Min(valueLength, behindName.Length)];
        blocks = behindName[Math.Min(Aligned(value.Length), behindName.Length)..];
        return true;
    }

    private static int Aligned(int length) => (length + 3) & ~3;

    private static ReadOnlySpan<char> ToZero(ReadOnlySpan<char> text)
    {
        int end = text.IndexOf('\0');
        return end < 0 ? text : text[..end];
    }

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}
