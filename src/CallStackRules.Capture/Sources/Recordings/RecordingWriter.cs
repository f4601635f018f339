using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using CallStackRules.CallStacks;
using CallStackRules.Capture.Sources.Ecs;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Recordings;

/// <summary>
/// Writes events with their call stacks to a recording, which <see cref="RecordingSource"/> reads back. The thread that has the events only fills blocks of memory;
/// another one packs them and writes to the disk. When that falls behind, events are dropped and counted: nobody waits.
/// </summary>
/// <remarks>One thread writes. Once its blocks are full-grown it allocates nothing.</remarks>
public sealed class RecordingWriter : IDisposable
{
    /// <summary>Blocks there are: one that is being filled, and those that wait for the disk.</summary>
    private const int Blocks = 16;

    /// <summary>How long an event may stay in memory, so that a crash takes little with it.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly FileStream _file;
    private readonly BlockingCollection<RecordingBlock> _full = new(Blocks);
    private readonly ConcurrentQueue<RecordingBlock> _free = new();
    private readonly FrameTable _frames = new();
    private readonly Thread _thread;
    private RecordingBlock? _block;
    private long _blockBegan;
    private long _lastTicks;
    private long _dropped;
    private long _lost;
    private long _events;
    private long _bytes;
    private string? _problem;

    /// <summary>Begins a recording; a file of that name is overwritten.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public RecordingWriter(string path)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            WriteHeader();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
        for (int i = 0; i < Blocks; i++)
            _free.Enqueue(new RecordingBlock());
        _thread = new Thread(WriteBlocks) { Name = "recording", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Events that were dropped: the disk was too slow, or full.</summary>
    public long Dropped => _dropped + Interlocked.Read(ref _lost);

    /// <summary>Bytes of the file so far.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Blocks that wait for the disk.</summary>
    public int Waiting => _full.Count;

    /// <summary>Why nothing more can be written; null when all is well.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    /// <summary>Adds an event. Nothing of it is kept.</summary>
    public void Write(EndpointEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        Flush();
        if (TryWrite(e))
            return;
        // It did not fit behind the others; an empty block has more room.
        if (_block is { Events: > 0 })
        {
            HandOver();
            if (TryWrite(e))
                return;
        }
        _dropped++;
    }

    /// <summary>Hands events to the disk that have waited for long. To be called when nothing happens; <see cref="Write"/> does it, too.</summary>
    public void Flush()
    {
        if (_block is { Events: > 0 } && Stopwatch.GetElapsedTime(_blockBegan) > LongestWait)
            HandOver();
    }

    /// <summary>Writes what is left, and the end.</summary>
    public void Dispose()
    {
        if (_full.IsAddingCompleted)
            return;
        if (_block is { Events: > 0 })
            HandOver();
        _full.CompleteAdding();
        _thread.Join();
        WriteEnd();
        _file.Dispose();
    }

    private bool TryWrite(EndpointEvent e)
    {
        if (_block is null && !TryBegin())
            return false;
        RecordingBlock block = _block!;
        int length = block.Length;
        long ticks = _lastTicks;
        WriteObject(block, RecordedField.Root, e);
        block.WriteNumber(0);
        if (!block.IsOverfull)
        {
            block.Events++;
            return true;
        }
        block.Length = length;
        _lastTicks = ticks;
        if (block.Events == 0)
            Begin(block);
        return false;
    }

    private bool TryBegin()
    {
        if (Problem is not null || !_free.TryDequeue(out RecordingBlock? block))
            return false;
        Begin(block);
        return true;
    }

    private void Begin(RecordingBlock block)
    {
        block.Clear();
        _frames.Clear();
        _lastTicks = 0;
        _blockBegan = Stopwatch.GetTimestamp();
        _block = block;
    }

    private void HandOver()
    {
        // There is room for all blocks that there are.
        _full.Add(_block!);
        _block = null;
    }

    private void WriteObject(RecordingBlock block, RecordedObject plan, object owner)
    {
        foreach (RecordedField field in plan.Fields)
            WriteField(block, field, owner);
        foreach ((EcsProperty<object?> property, RecordedObject child) in plan.Children)
        {
            switch (property.Get(owner))
            {
                case FurtherFields further:
                    // There are thousands of these fields, of which an event has few or none.
                    for (int i = 0; i < further.Names.Count; i++)
                    {
                        if (child.ByName.TryGetValue(further.Names[i], out RecordedField? field))
                            WriteField(block, field, further);
                    }
                    break;
                case { } inner:
                    WriteObject(block, child, inner);
                    break;
            }
        }
    }

    private void WriteField(RecordingBlock block, RecordedField recorded, object owner)
    {
        switch (recorded.Field)
        {
            case EcsField<Text> text when text.Property.Get(owner) is { IsMissing: false } value:
                block.WriteNumber((ulong)recorded.Number);
                block.WriteText(value.Span);
                break;
            case EcsField<TextList> list when list.Property.Get(owner) is { Count: > 0 } values:
                block.WriteNumber((ulong)recorded.Number);
                block.WriteNumber((ulong)values.Count);
                for (int i = 0; i < values.Count; i++)
                    block.WriteText(values[i].Span);
                break;
            case EcsField<long?> whole when whole.Property.Get(owner) is { } value:
                block.WriteNumber((ulong)recorded.Number);
                block.WriteSigned(value);
                break;
            case EcsField<double?> fraction when fraction.Property.Get(owner) is { } value:
                block.WriteNumber((ulong)recorded.Number);
                block.WriteFraction(value);
                break;
            case EcsField<bool?> boolean when boolean.Property.Get(owner) is { } value:
                block.WriteNumber((ulong)recorded.Number);
                block.WriteByte(value ? (byte)1 : (byte)0);
                break;
            case EcsTimeField when ((EndpointEvent)owner).UtcTicks is { } ticks:
                block.WriteNumber((ulong)recorded.Number);
                block.WriteSigned(ticks - _lastTicks);
                _lastTicks = ticks;
                break;
            case EcsListField list when list.Property.Get(owner) is IObjectList { Count: > 0 } items:
                block.WriteNumber((ulong)recorded.Number);
                block.WriteNumber((ulong)items.Count);
                for (int i = 0; i < items.Count; i++)
                    WriteItem(block, recorded, items.ItemAt(i));
                break;
        }
    }

    private void WriteItem(RecordingBlock block, RecordedField list, object item)
    {
        if (list.Kind == RecordedKind.Frames)
        {
            int known = _frames.FindOrAdd((CallStackFrame)item);
            block.WriteNumber((ulong)known);
            if (known > 0)
                return;
        }
        WriteObject(block, list.Item!, item);
        block.WriteNumber(0);
    }

    private void WriteBlocks()
    {
        var packed = new MemoryStream();
        foreach (RecordingBlock block in _full.GetConsumingEnumerable())
        {
            try
            {
                if (_problem is null)
                    WriteBlock(block, packed);
            }
            catch (IOException e)
            {
                Volatile.Write(ref _problem, e.Message);
            }
            if (_problem is not null)
                Interlocked.Add(ref _lost, block.Events);
            _free.Enqueue(block);
        }
    }

    private void WriteBlock(RecordingBlock block, MemoryStream packed)
    {
        Span<byte> header = stackalloc byte[RecordingLayout.MarkSize + 4];
        RecordingLayout.BlockMark.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[RecordingLayout.MarkSize..], block.Events);
        packed.SetLength(0);
        packed.Write(header);
        Pack(block.Written, packed);
        _file.Write(packed.GetBuffer(), 0, (int)packed.Length);
        _events += block.Events;
        Interlocked.Add(ref _bytes, packed.Length);
    }

    private void WriteHeader()
    {
        var table = new MemoryStream();
        using (var writer = new BinaryWriter(table, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write7BitEncodedInt(RecordedField.All.Count);
            foreach (RecordedField field in RecordedField.All)
            {
                writer.Write((byte)field.Kind);
                writer.Write(field.Path);
            }
        }
        var header = new MemoryStream();
        Span<byte> version = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(version, RecordingLayout.Version);
        header.Write(RecordingLayout.FileMark);
        header.Write(version);
        Pack(table.GetBuffer().AsSpan(0, (int)table.Length), header);
        _file.Write(header.GetBuffer(), 0, (int)header.Length);
        _bytes = header.Length;
    }

    private void WriteEnd()
    {
        if (_problem is not null)
            return;
        Span<byte> end = stackalloc byte[RecordingLayout.EndSize];
        RecordingLayout.EndMark.CopyTo(end);
        BinaryPrimitives.WriteInt64LittleEndian(end[RecordingLayout.MarkSize..], _events);
        BinaryPrimitives.WriteInt64LittleEndian(end[(RecordingLayout.MarkSize + 8)..], Dropped);
        try
        {
            _file.Write(end);
            _file.Flush(flushToDisk: true);
        }
        catch (IOException e)
        {
            _problem = e.Message;
        }
    }

    /// <summary>Appends a section: both lengths and the packed bytes, whose check sum zlib keeps.</summary>
    private static void Pack(ReadOnlySpan<byte> bytes, MemoryStream target)
    {
        long start = target.Position;
        target.Write(stackalloc byte[RecordingLayout.SectionHeaderSize]);
        using (var packer = new ZLibStream(target, CompressionLevel.Fastest, leaveOpen: true))
            packer.Write(bytes);
        Span<byte> header = target.GetBuffer().AsSpan((int)start, RecordingLayout.SectionHeaderSize);
        BinaryPrimitives.WriteInt32LittleEndian(header, (int)(target.Position - start) - RecordingLayout.SectionHeaderSize);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], bytes.Length);
    }
}
