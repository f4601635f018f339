using System.Buffers.Binary;

namespace CallStackRules.Capture.Sources.Procmon;

/// <summary>A log file: its header, its tables, and its events one after the other or by their number.</summary>
internal sealed class PmlLog : IDisposable
{
    /// <summary>Bytes of an entry in the array of event offsets: 4 of the offset, 1 that is 0 in every log seen below 4 GB and its high byte beyond.</summary>
    public const int EventOffsetSize = 5;

    private const int EventWindow = 1024 * 1024;
    private const int SmallWindow = 64 * 1024;
    private const long FileTimeEpoch = 504911232000000000;

    private readonly PmlWindow _offsets;
    private readonly PmlWindow _events;
    private readonly PmlWindow _extras;

    /// <summary>Opens a log.</summary>
    /// <inheritdoc cref="PmlBytes(string, long)" path="/exception"/>
    public PmlLog(string path)
    {
        Bytes = new PmlBytes(path);
        try
        {
            Header = new PmlHeader(Bytes);
            Strings = new PmlStrings(Bytes, Header.Strings);
        }
        catch
        {
            Bytes.Dispose();
            throw;
        }
        _offsets = new PmlWindow(Bytes, SmallWindow);
        _events = new PmlWindow(Bytes, EventWindow);
        _extras = new PmlWindow(Bytes, SmallWindow);
    }

    /// <summary>The file.</summary>
    public PmlBytes Bytes { get; }

    /// <summary>What the log says of itself.</summary>
    public PmlHeader Header { get; }

    /// <summary>Its strings.</summary>
    public PmlStrings Strings { get; }

    /// <summary>An event.</summary>
    /// <param name="number">From 0; below <see cref="PmlHeader.EventCount"/>.</param>
    /// <exception cref="InvalidDataException">The event is damaged. Others may be whole.</exception>
    public PmlEvent Read(uint number)
    {
        long start = OffsetOf(number);
        ReadOnlySpan<byte> header = _events.Read(start, PmlEvent.HeaderSize);
        int stackSize = BinaryPrimitives.ReadUInt16LittleEndian(header[0x28..]) * Header.PointerSize;
        uint detailsSize = BinaryPrimitives.ReadUInt32LittleEndian(header[0x2C..]);
        uint extra = BinaryPrimitives.ReadUInt32LittleEndian(header[0x30..]);
        ReadOnlySpan<byte> extraDetails = extra == 0 ? default : ReadExtra(start + extra);
        ReadOnlySpan<byte> all = _events.Read(start, PmlEvent.HeaderSize + stackSize + (long)detailsSize);
        return new PmlEvent
        {
            Process = BinaryPrimitives.ReadUInt32LittleEndian(all),
            Thread = BinaryPrimitives.ReadUInt32LittleEndian(all[0x04..]),
            Class = (PmlClass)BinaryPrimitives.ReadUInt32LittleEndian(all[0x08..]),
            Operation = BinaryPrimitives.ReadUInt16LittleEndian(all[0x0C..]),
            UtcTicks = ToTicks(BinaryPrimitives.ReadUInt64LittleEndian(all[0x1C..])),
            Result = BinaryPrimitives.ReadUInt32LittleEndian(all[0x24..]),
            Stack = all.Slice(PmlEvent.HeaderSize, stackSize),
            Details = all[(PmlEvent.HeaderSize + stackSize)..],
            ExtraDetails = extraDetails,
        };
    }

    /// <summary>FILETIME to ticks of <see cref="DateTime"/>; 0 for none and for times beyond the calendar.</summary>
    public static long ToTicks(ulong fileTime) => fileTime is 0 or > 2650467743999999999 ? 0 : (long)fileTime + FileTimeEpoch;

    /// <summary>Where an event lies in the file.</summary>
    public long OffsetOf(uint number)
    {
        ReadOnlySpan<byte> entry = _offsets.Read(Header.EventOffsets + ((long)number * EventOffsetSize), EventOffsetSize);
        long low = BinaryPrimitives.ReadUInt32LittleEndian(entry);
        return Bytes.Length > uint.MaxValue ? low | ((long)entry[4] << 32) : low;
    }

    /// <inheritdoc/>
    public void Dispose() => Bytes.Dispose();

    private ReadOnlySpan<byte> ReadExtra(long offset)
    {
        int size = BinaryPrimitives.ReadUInt16LittleEndian(_extras.Read(offset, 2));
        return _extras.Read(offset, 2 + size)[2..];
    }
}
