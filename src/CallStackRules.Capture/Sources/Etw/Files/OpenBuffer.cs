namespace CallStackRules.Capture.Sources.Etw.Files;

/// <summary>A buffer in memory whose records are being read. Reused for other buffers.</summary>
/// <param name="capacity">Bytes of the records of the largest buffer that it is for.</param>
internal sealed class OpenBuffer(int capacity)
{
    private readonly byte[] _bytes = new byte[capacity];
    private int _end;
    private int _position;
    private EtlRecord _record;

    /// <summary>Where the buffer is in its file.</summary>
    public IndexedBuffer Place { get; private set; }

    /// <summary>When the record that it is at happened.</summary>
    public long Timestamp { get; private set; }

    /// <summary>The event of the record that it is at.</summary>
    public RawEvent Event(Span<ulong> stack) => _record.Decode(_bytes.AsSpan(_position, _record.Size), Timestamp, Place.Header.Processor, stack);

    /// <summary>Reads a buffer and stands before its first record.</summary>
    /// <param name="file">Its file.</param>
    /// <param name="place">Where it is.</param>
    /// <param name="compressed">Room for what is compressed.</param>
    /// <returns>What is wrong with the buffer; null when nothing is.</returns>
    public string? Fill(EtlFile file, IndexedBuffer place, byte[] compressed)
    {
        BufferHeader header = place.Header;
        Place = place;
        Timestamp = place.Start;
        _position = 0;
        _record = default;
        _end = header.End - BufferHeader.Length;
        if (!header.IsCompressed)
            return file.Read(place.Offset + BufferHeader.Length, _bytes.AsSpan(0, _end)) == _end ? null : "the buffer could not be read to its end";

        int size = header.Size - BufferHeader.Length;
        if (file.Read(place.Offset + BufferHeader.Length, compressed.AsSpan(0, size)) != size)
            return "the buffer could not be read to its end";
        return PlainLz77.Decompress(compressed.AsSpan(0, size), _bytes.AsSpan(0, _end)) == _end ? null : "the buffer's compression is damaged";
    }

    /// <summary>Goes to the next record.</summary>
    /// <param name="damage">Where in the decompressed buffer the records are damaged, so that the rest of them cannot be found; null when they are not.</param>
    /// <returns>False behind the last.</returns>
    public bool MoveNext(out int? damage)
    {
        damage = null;
        _position += (_record.Size + EtlRecord.Alignment - 1) & -EtlRecord.Alignment;
        if (_position >= _end)
            return false;
        Span<byte> rest = _bytes.AsSpan(_position, _end - _position);
        if (!EtlRecord.TryRead(rest, rest.Length, out _record))
        {
            damage = EtlRecord.IsFiller(rest) ? null : BufferHeader.Length + _position;
            return false;
        }
        Timestamp = _record.Timestamp ?? Timestamp;
        return true;
    }
}
