namespace CallStackRules.Capture.Sources.Etw.Files;

/// <summary>
/// Reads a recorded trace, <c>.etl</c>, plain or in an archive (<c>.etl.zip</c>, <c>.diagsession</c>): all events in the order of their time. The file may be larger than
/// the memory: at any time those buffers are in memory whose times overlap, of a common trace one for each processor.
/// </summary>
/// <remarks>
/// Each buffer holds events of one processor in their order. Buffers are opened when the first of their events is due, and a heap gives the buffer with the earliest one.
/// What is damaged is counted, said with file and offset, and passed over.
/// </remarks>
public sealed class EtlReader : IRawEventReader
{
    /// <summary>Bytes of buffers in memory. When damaged times make more overlap, the later ones wait, and their events come late.</summary>
    private const long MostOpenBytes = 256 * 1024 * 1024;

    private readonly IReadOnlyList<EtlFile> _files;
    private readonly TraceDamage _damage;
    private readonly List<IndexedBuffer> _index;
    private readonly PriorityQueue<OpenBuffer, IndexedBuffer> _open = new();
    private readonly Stack<OpenBuffer> _free = new();
    private readonly ulong[] _stack = new ulong[EtlRecord.DeepestStack];
    private byte[] _compressed = [];
    private long _openBytes;
    private int _next;
    private OpenBuffer? _current;

    /// <summary>Opens a trace, and finds its buffers.</summary>
    /// <param name="path">The file.</param>
    /// <param name="statistics">Where damage is told.</param>
    /// <exception cref="IOException">The file cannot be read, or there is no room to unpack it.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="InvalidDataException">The file is no trace, or its first buffer is damaged; the message names the file and the place.</exception>
    public EtlReader(string path, SourceStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(statistics);
        _damage = new TraceDamage(statistics);
        _files = EtlFile.Open(path);
        try
        {
            Header = ReadHeader(_files[0]);
            foreach (EtlFile other in _files.Skip(1))
            {
                TraceHeader header = ReadHeader(other);
                if (header.Clock.Frequency != Header.Clock.Frequency || header.BootTime != Header.BootTime)
                    throw new InvalidDataException($"{path}: its traces are of different machines, or of a machine before and after a start; unpack it, and replay one by one.");
                Lost += header.EventsLost + header.BuffersLost;
            }
            Lost += Header.EventsLost + Header.BuffersLost;
            foreach (EtlFile file in _files)
            {
                if (file.Damage is var (offset, problem))
                    _damage.Report(file, offset, problem);
            }
            _index = BufferIndex.Of(_files, _damage);
            Reserve();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the trace says of itself.</summary>
    public TraceHeader Header { get; }

    /// <inheritdoc/>
    public TraceClock Clock => Header.Clock;

    /// <inheritdoc/>
    public int PointerSize => Header.PointerSize;

    /// <inheritdoc/>
    public long Lost { get; }

    /// <summary>Places of the file that could not be read so far.</summary>
    public long Damaged => _damage.Count;

    /// <summary>Whether a file is a trace, or an archive that holds one, by its content.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static bool IsTrace(string path) => EtlFile.IsTrace(path);

    /// <inheritdoc/>
    public bool TryRead(out RawEvent e)
    {
        if (_current is { } current && MoveNext(current))
        {
            OpenUntil(current.Timestamp);
            _current = _open.EnqueueDequeue(current, PriorityOf(current));
        }
        else
        {
            OpenUntil(_open.TryPeek(out OpenBuffer? earliest, out _) ? earliest.Timestamp : long.MaxValue);
            if (!_open.TryDequeue(out _current, out _))
            {
                e = default;
                return false;
            }
        }
        e = _current.Event(_stack);
        return true;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        foreach (EtlFile file in _files)
            file.Dispose();
    }

    private static TraceHeader ReadHeader(EtlFile file)
    {
        Span<byte> head = stackalloc byte[BufferHeader.Length];
        if (BufferHeader.TryRead(head[..file.Read(0, head)], file.Length, out BufferHeader header))
        {
            var buffer = new OpenBuffer(header.End);
            if (buffer.Fill(file, new IndexedBuffer(0, 0, header, 0), new byte[header.Size]) is null && buffer.MoveNext(out _)
                && TraceHeader.TryRead(buffer.Event([]).Data, buffer.Timestamp) is { } found)
            {
                return found;
            }
        }
        throw new InvalidDataException($"{file.Name}: byte 0: the trace's first buffer is damaged, so that its clock is not known; record it again.");
    }

    // All of the largest size, so that what is opened later finds room for it: one for each processor, of a merged trace one for each of what was merged.
    private void Reserve()
    {
        const int MergedSessions = 2;
        int largest = _index.Count == 0 ? 0 : _index.Max(place => Math.Max(place.Header.Size, place.Header.End));
        int processors = _index.Select(place => place.Header.Processor).Distinct().Count();
        _compressed = new byte[largest];
        for (int i = 0; i < processors * MergedSessions && (long)(i + 1) * largest <= MostOpenBytes; i++)
        {
            _free.Push(new OpenBuffer(largest));
            _openBytes += largest;
        }
    }

    // Of events of the same time, those come first whose buffer was written first.
    private static IndexedBuffer PriorityOf(OpenBuffer buffer) => buffer.Place with { Start = buffer.Timestamp };

    /// <summary>Opens the buffers that begin until some time, or until the first event of one that was opened now.</summary>
    private void OpenUntil(long time)
    {
        while (_next < _index.Count && _index[_next].Start <= time && (_openBytes < MostOpenBytes || _open.Count == 0))
        {
            IndexedBuffer place = _index[_next++];
            if (!_free.TryPop(out OpenBuffer? buffer))
            {
                buffer = new OpenBuffer(_compressed.Length);
                _openBytes += _compressed.Length;
            }
            string? problem = buffer.Fill(_files[place.File], place, _compressed);
            if (problem is not null)
            {
                _damage.Report(_files[place.File], place.Offset, $"{problem}; its events are left out");
                _free.Push(buffer);
            }
            else if (MoveNext(buffer))
            {
                _open.Enqueue(buffer, PriorityOf(buffer));
                time = Math.Min(time, buffer.Timestamp);
            }
        }
    }

    private bool MoveNext(OpenBuffer buffer)
    {
        if (buffer.MoveNext(out int? damage))
            return true;
        if (damage is { } place)
            _damage.Report(_files[buffer.Place.File], buffer.Place.Offset, $"the buffer is damaged {place} bytes from its beginning; its events from there on are left out");
        _free.Push(buffer);
        return false;
    }
}
