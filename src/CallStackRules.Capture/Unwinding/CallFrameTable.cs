using System.Buffers.Binary;

namespace CallStackRules.Capture.Unwinding;

/// <summary>The sorted table of .eh_frame_hdr, or one of our own making: for an address, where its description is.</summary>
/// <remarks>
/// Linux Standard Base, "The .eh_frame_hdr section":
/// <code>
/// offset  field
///      0  version, 1
///      1  encoding of the pointer to .eh_frame
///      2  encoding of the count
///      3  encoding of the table; everybody writes 0x3b: signed 4 bytes relative to this section
///      4  pointer, count, then entries of 8 bytes: address, address of the FDE; sorted
/// </code>
/// </remarks>
internal sealed class CallFrameTable
{
    private const byte SortedTable = 0x3b;
    private const int EntrySize = 8;

    private readonly byte[] _bytes;
    private readonly int _start;
    private readonly ulong _address;

    private CallFrameTable(byte[] bytes, int start, int count, ulong address) => (_bytes, _start, Count, _address) = (bytes, start, count, address);

    /// <summary>How many functions the table lists.</summary>
    public int Count { get; }

    /// <summary>Reads the section; null when it has no table in the form that can be searched.</summary>
    /// <param name="bytes">The section.</param>
    /// <param name="address">Its virtual address.</param>
    /// <param name="frames">Virtual address of .eh_frame.</param>
    public static CallFrameTable? Read(byte[] bytes, ulong address, out ulong frames)
    {
        frames = 0;
        var reader = new DwarfReader(bytes);
        if (reader.ReadByte() != 1)
            return null;
        byte pointerEncoding = reader.ReadByte();
        byte countEncoding = reader.ReadByte();
        if (reader.ReadByte() != SortedTable)
            return null;
        frames = reader.ReadPointer(pointerEncoding, address, address);
        ulong count = reader.ReadPointer(countEncoding, address, address);
        bool isCut = reader.Failed || count > (ulong)((bytes.Length - reader.Position) / EntrySize);
        return isCut || count == 0 ? null : new(bytes, reader.Position, (int)count, address);
    }

    /// <summary>Makes a table of functions found by reading all of .eh_frame.</summary>
    /// <param name="functions">Address of each function and of its description.</param>
    /// <param name="address">An address near them: those further than 2 GiB from it are left out.</param>
    public static CallFrameTable Make(List<(ulong Function, ulong Description)> functions, ulong address)
    {
        functions.RemoveAll(entry => !IsNear(entry.Function, address) || !IsNear(entry.Description, address));
        functions.Sort((left, right) => ((long)(left.Function - address)).CompareTo((long)(right.Function - address)));
        var bytes = new byte[functions.Count * EntrySize];
        for (int i = 0; i < functions.Count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * EntrySize), (int)(functions[i].Function - address));
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan((i * EntrySize) + 4), (int)(functions[i].Description - address));
        }
        return new(bytes, 0, functions.Count, address);
    }

    /// <summary>The virtual address of the description of the last function that begins at or before an address.</summary>
    public bool TryFind(ulong address, out ulong description)
    {
        description = 0;
        long sought = (long)(address - _address);
        ReadOnlySpan<byte> entries = _bytes.AsSpan(_start, Count * EntrySize);
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (BinaryPrimitives.ReadInt32LittleEndian(entries[(middle * EntrySize)..]) <= sought)
                low = middle + 1;
            else
                high = middle;
        }
        if (low == 0)
            return false;
        description = _address + (ulong)BinaryPrimitives.ReadInt32LittleEndian(entries[(((low - 1) * EntrySize) + 4)..]);
        return true;
    }

    /// <summary>The function that an entry lists, and where its description is.</summary>
    public (ulong Function, ulong Description) this[int index]
    {
        get
        {
            ReadOnlySpan<byte> entry = _bytes.AsSpan(_start + (index * EntrySize), EntrySize);
            return (_address + (ulong)BinaryPrimitives.ReadInt32LittleEndian(entry), _address + (ulong)BinaryPrimitives.ReadInt32LittleEndian(entry[4..]));
        }
    }

    private static bool IsNear(ulong address, ulong other) => (long)(address - other) is >= int.MinValue and <= int.MaxValue;
}
