namespace CallStackRules.Capture.Sources.Etw.Files;

/// <summary>Where a buffer is, and when it begins.</summary>
/// <param name="Start">When its first event happened.</param>
/// <param name="Offset">Where it is in its file.</param>
/// <param name="Header">Its header.</param>
/// <param name="File">The number of its file.</param>
internal readonly record struct IndexedBuffer(long Start, long Offset, BufferHeader Header, int File) : IComparable<IndexedBuffer>
{
    /// <summary>The earlier first; of two that begin together, the one written first.</summary>
    public int CompareTo(IndexedBuffer other)
    {
        int byStart = Start.CompareTo(other.Start);
        if (byStart != 0)
            return byStart;
        int byFile = File.CompareTo(other.File);
        return byFile != 0 ? byFile : Offset.CompareTo(other.Offset);
    }
}

/// <summary>
/// Finds the buffers of a trace, without their content, and puts them in the order in which they begin. The order of the file is none: processors write theirs as they
/// get full, a circular file begins in its middle, and merged traces have several sets. Takes about 50 bytes for a buffer, which has commonly 64 KB.
/// </summary>
internal static class BufferIndex
{
    /// <summary>Buffers that are looked for; a file with more is read so far.</summary>
    public const int MostBuffers = 4 * 1024 * 1024;

    /// <summary>Compressed bytes from which the head of the first record comes out.</summary>
    private const int CompressedHead = 256;

    private const int HeadLength = BufferHeader.Length + CompressedHead;

    /// <summary>The buffers of some files that were recorded together, in the order in which they begin.</summary>
    public static List<IndexedBuffer> Of(IReadOnlyList<EtlFile> files, TraceDamage damage)
    {
        var buffers = new List<IndexedBuffer>();
        for (int i = 0; i < files.Count; i++)
            Add(buffers, files[i], i, damage);
        buffers.Sort();
        return buffers;
    }

    private static void Add(List<IndexedBuffer> buffers, EtlFile file, int number, TraceDamage damage)
    {
        Span<byte> head = stackalloc byte[HeadLength];
        long offset = 0;
        long lastStart = long.MinValue;
        while (offset < file.Length)
        {
            if (buffers.Count == MostBuffers)
            {
                damage.Report(file, offset, $"there are more than {MostBuffers} buffers; the rest of the file is not read");
                return;
            }
            int read = file.Read(offset, head);
            if (!BufferHeader.TryRead(head[..read], file.Length - offset, out BufferHeader header))
            {
                long next = FindNext(file, offset + 1);
                damage.Report(file, offset, next < file.Length
                    ? $"no buffer begins here, or its header is damaged; {next - offset} bytes are skipped"
                    : $"no buffer begins here, its header is damaged or the file is cut off; the last {file.Length - offset} bytes are skipped");
                offset = next;
                continue;
            }
            if (header.End > BufferHeader.Length)
            {
                // Damage within the buffer is found, and said, when it is read.
                lastStart = FirstTimestamp(head[..Math.Min(read, header.Size)], header) ?? lastStart;
                buffers.Add(new IndexedBuffer(lastStart, offset, header, number));
            }
            offset += header.Size;
        }
    }

    private static long? FirstTimestamp(ReadOnlySpan<byte> buffer, BufferHeader header)
    {
        Span<byte> unpacked = stackalloc byte[EtlRecord.HeadLength];
        scoped ReadOnlySpan<byte> record = buffer[BufferHeader.Length..];
        if (header.IsCompressed)
            record = PlainLz77.Decompress(record, unpacked) is var length and > 0 ? unpacked[..length] : default;
        return EtlRecord.TryRead(record, header.End - BufferHeader.Length, out EtlRecord first) ? first.Timestamp : null;
    }

    /// <summary>Where the next buffer begins that another one follows, or the end of the file.</summary>
    private static long FindNext(EtlFile file, long offset)
    {
        byte[] window = new byte[64 * 1024];
        Span<byte> following = stackalloc byte[BufferHeader.Length];
        while (offset < file.Length)
        {
            int read = file.Read(offset, window);
            for (int i = 0; i + BufferHeader.Length <= read; i++)
            {
                if (!BufferHeader.TryRead(window.AsSpan(i, read - i), file.Length - offset - i, out BufferHeader header))
                    continue;
                long end = offset + i + header.Size;
                if (end == file.Length || BufferHeader.TryRead(following[..file.Read(end, following)], file.Length - end, out _))
                    return offset + i;
            }
            if (read < window.Length)
                break;
            offset += window.Length - BufferHeader.Length + 1;
        }
        return file.Length;
    }
}
