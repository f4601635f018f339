using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CallStackRules.Capture.Sources.Procmon;

/// <summary>The first 936 bytes of a log: whose it is, and where its tables are.</summary>
/// <remarks>
/// The format is not published by its maker; the layout is that of the procmon-parser project's document "PML Format".
/// <code>
/// offset type       field
///   0x00 char[4]    "PML_"
///   0x04 u32        version, 9
///   0x08 u32        1: the system has 64 bits
///   0x0C char16[16] name of the computer
///  0x234 u32        events
///  0x248 u64        offset of the array of event offsets, 5 bytes each
///  0x250 u64        offset of the process table
///  0x258 u64        offset of the string table
///  0x268 u64        highest address of user mode
///  0x398 u64        bytes of the header
///  0x3A0 u64        offset of the hosts and ports
/// </code>
/// </remarks>
internal sealed class PmlHeader
{
    private const int Size = 0x3A8;
    private const uint KnownVersion = 9;

    /// <summary>Reads the header.</summary>
    /// <exception cref="InvalidDataException">This is no log, or not a whole one.</exception>
    public PmlHeader(PmlBytes bytes)
    {
        ReadOnlySpan<byte> header = new PmlWindow(bytes, Size).Read(0, Math.Min(Size, bytes.Length));
        if (!header.StartsWith(Signature))
            throw bytes.Damage(0, "this is no log of Process Monitor ('PML_').");
        if (header.Length < Size)
            throw bytes.Damage(header.Length, "the header of the log is cut off.");
        uint version = U32(header, 0x04);
        if (version != KnownVersion)
            throw bytes.Damage(0x04, $"the log has version {version}; only {KnownVersion} can be read. Save it anew with a current Process Monitor.");
        Is64Bit = U32(header, 0x08) != 0;
        ReadOnlySpan<char> computer = MemoryMarshal.Cast<byte, char>(header.Slice(0x0C, 32));
        int end = computer.IndexOf('\0');
        Computer = computer[..(end < 0 ? computer.Length : end)].ToString();
        EventCount = U32(header, 0x234);
        EventOffsets = Offset(bytes, header, 0x248);
        Processes = Offset(bytes, header, 0x250);
        Strings = Offset(bytes, header, 0x258);
        ulong highest = BinaryPrimitives.ReadUInt64LittleEndian(header[0x268..]);
        HighestUserAddress = !Is64Bit ? (highest is 0 or > uint.MaxValue ? 0x7FFF_FFFF : highest) : highest is 0 or >= 1UL << 63 ? 0x7FFF_FFFF_FFFF : highest;
        if (EventOffsets > bytes.Length - ((long)EventCount * PmlLog.EventOffsetSize))
            throw bytes.Damage(0x234, $"the log says it has {EventCount} events, more than the file has room for; it is cut off or damaged.");
    }

    /// <summary>What every log begins with.</summary>
    public static ReadOnlySpan<byte> Signature => "PML_"u8;

    /// <summary>Whether addresses have 8 bytes, and not 4.</summary>
    public bool Is64Bit { get; }

    /// <summary>Name of the computer.</summary>
    public string Computer { get; }

    /// <summary>Events of the log.</summary>
    public uint EventCount { get; }

    /// <summary>Where the offsets of the events are.</summary>
    public long EventOffsets { get; }

    /// <summary>Where the process table is.</summary>
    public long Processes { get; }

    /// <summary>Where the string table is.</summary>
    public long Strings { get; }

    /// <summary>Addresses beyond this are the kernel's.</summary>
    public ulong HighestUserAddress { get; }

    /// <summary>Bytes of an address.</summary>
    public int PointerSize => Is64Bit ? 8 : 4;

    private static uint U32(ReadOnlySpan<byte> header, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(header[offset..]);

    private static long Offset(PmlBytes bytes, ReadOnlySpan<byte> header, int field)
    {
        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(header[field..]);
        if (offset == 0)
            throw bytes.Damage(field, "a table is missing: the log was not closed when capture ended. Open it with Process Monitor and save it.");
        if (offset >= (ulong)bytes.Length)
            throw bytes.Damage(field, $"a table is said to be at byte 0x{offset:x}, beyond the end of the file; it is cut off or damaged.");
        return (long)offset;
    }
}
