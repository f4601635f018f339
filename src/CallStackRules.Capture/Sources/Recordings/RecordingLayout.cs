namespace CallStackRules.Capture.Sources.Recordings;

/// <summary>The numbers of the format that <c>docs/recording.md</c> describes.</summary>
/// <remarks>
/// All numbers are little-endian.
/// <code>
/// file    mark FileMark, u16 version, u16 zero, section: the table of fields; then blocks; then the end
/// section u32 bytes as they lie in the file, u32 bytes unpacked, zlib
/// block   mark BlockMark, u32 events, section
/// end     mark EndMark, u64 events in all, u64 events that were dropped
/// </code>
/// </remarks>
internal static class RecordingLayout
{
    /// <summary>The version that is written, and the newest that is read.</summary>
    public const ushort Version = 1;

    /// <summary>Bytes of each mark.</summary>
    public const int MarkSize = 8;

    /// <summary>Bytes of the file before its first section.</summary>
    public const int FileHeaderSize = MarkSize + 4;

    /// <summary>Bytes of a section before what is packed.</summary>
    public const int SectionHeaderSize = 8;

    /// <summary>Bytes of a block before what is packed.</summary>
    public const int BlockHeaderSize = MarkSize + 4 + SectionHeaderSize;

    /// <summary>Bytes of the end.</summary>
    public const int EndSize = MarkSize + 16;

    /// <summary>Most bytes of a section, packed or not.</summary>
    public const int MostSectionBytes = 2 * 1024 * 1024;

    /// <summary>Most objects inside one another.</summary>
    public const int MostDepth = 8;

    /// <summary>A recording begins with it. Copied as text, it breaks.</summary>
    public static ReadOnlySpan<byte> FileMark => "\u008aEQLR\r\n"u8;

    /// <summary>A block begins with it; behind damage, it is searched for.</summary>
    public static ReadOnlySpan<byte> BlockMark => "\u008bEQLB\r\n"u8;

    /// <summary>The end begins with it.</summary>
    public static ReadOnlySpan<byte> EndMark => "\u008cEQLE\r\n"u8;
}
