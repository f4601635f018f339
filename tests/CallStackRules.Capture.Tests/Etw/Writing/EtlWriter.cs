using CallStackRules.Capture.Sources.Etw;
using CallStackRules.Capture.Sources.Etw.Files;

namespace CallStackRules.Capture.Tests.Etw.Writing;

/// <summary>
/// Writes a trace as Windows does, see <see cref="BufferHeader"/>, <see cref="EtlRecord"/> and <see cref="TraceHeader"/> for the layouts. Each processor has a buffer that
/// goes to the file when it is full, so that the file is out of order across processors; <see cref="Flush"/> sends one early.
/// </summary>
/// <param name="bufferSize">Bytes of a buffer.</param>
/// <param name="isCompressed">Whether buffers are compressed in the file, all but the first.</param>
/// <param name="pointerSize">Bytes of a pointer on the machine.</param>
internal sealed class EtlWriter(int bufferSize = 16 * 1024, bool isCompressed = false, int pointerSize = 8)
{
    /// <summary>Timestamps a second.</summary>
    public const long Frequency = 10_000_000;

    /// <summary>The timestamp of the trace's start.</summary>
    public const long Start = 1_000_000_000;

    public static readonly DateTime StartTime = new(2026, 3, 11, 9, 6, 0, DateTimeKind.Utc);

    private readonly SortedDictionary<int, List<byte>> _buffers = [];
    private readonly List<byte> _file = [];

    public int PointerSize => pointerSize;

    public uint EventsLost { get; init; }

    public uint BuffersLost { get; init; }

    /// <summary>1 performance counter, 2 system time, 3 cycles of the processor.</summary>
    public int ClockType { get; init; } = 1;

    private bool Is64 => pointerSize == 8;

    /// <summary>An event of the kernel.</summary>
    /// <param name="time">When, in timestamps from the start.</param>
    /// <param name="processId">The process; not in a record that has only its time.</param>
    /// <param name="threadId">The thread.</param>
    /// <param name="group">The group of the class.</param>
    /// <param name="kind">The opcode.</param>
    /// <param name="version">Version of the payload.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="processor">The processor.</param>
    /// <param name="kindOfRecord">One of the kernel's kinds, named with 32; the machine's pointers decide.</param>
    public void Kernel(
        long time, int processId, int threadId, byte group, byte kind, byte version, Payload payload, int processor = 0, RecordKind kindOfRecord = RecordKind.System32)
    {
        RecordKind record = Is64 ? kindOfRecord + 1 : kindOfRecord;
        var header = new Payload().Number16(version).Byte((byte)record).Byte(0xC0);
        byte[] data = payload.Bytes;
        int headerLength = kindOfRecord switch
        {
            RecordKind.System32 => 32,
            RecordKind.Compact32 => 24,
            _ => 16,
        };
        header.Number16(headerLength + data.Length).Byte(kind).Byte(group);
        if (headerLength > 16)
            header.Number(threadId).Number(processId);
        header.Number64((ulong)(Start + time));
        if (headerLength == 32)
            header.Number64(0);
        Add(processor, header.Raw(data).Bytes);
    }

    /// <summary>An event of a provider without manifest. With an instance and its parent, where the record has them.</summary>
    public void Classic(long time, int processId, int threadId, Guid provider, byte opcode, byte version, Payload payload, int processor = 0, (int Id, int Parent)? instance = null)
    {
        byte[] data = payload.Bytes;
        var header = new Payload();
        if (instance is { } ids)
        {
            Begin(header.Number16(72 + data.Length).Byte((byte)(Is64 ? RecordKind.Instance64 : RecordKind.Instance32)));
            header.Number(ids.Id).Number(ids.Parent).Identifier(Guid.Empty);
        }
        else
        {
            Begin(header.Number16(48 + data.Length).Byte((byte)(Is64 ? RecordKind.Full64 : RecordKind.Full32)));
        }
        Add(processor, header.Raw(data).Bytes);

        void Begin(Payload record) => record.Byte(0xC0).Byte(opcode).Byte(4).Number16(version).Number(threadId).Number(processId).Number64((ulong)(Start + time))
            .Identifier(provider).Number64(0);
    }

    /// <summary>
    /// An event of a provider with a manifest. Its stack is extended data, and the match id joins that to its other half, which
    /// comes as an event of its own. A process can have pointers of 32 bits on a machine of 64.
    /// </summary>
    public void Manifest(
        long time, int processId, int threadId, Guid provider, int id, byte version, byte opcode, Payload payload, ulong[]? stack = null, ulong matchId = 0,
        bool isFrom32 = false, int processor = 0, int task = 0, ulong keywords = 0)
    {
        bool is64 = Is64 && !isFrom32;
        var extended = new Payload(is64 ? 8 : 4);
        if (stack is not null)
        {
            int length = sizeof(ulong) + stack.Length * extended.PointerSize;
            int padding = -length & 7;
            extended.Number16(8 + length + padding).Number16(is64 ? 6 : 5).Number16(0).Number16(length).Number64(matchId).Addresses(stack).Raw(new byte[padding]);
        }
        byte[] items = extended.Bytes;
        byte[] data = payload.Bytes;
        RawEventFlags flags = (is64 ? RawEventFlags.Pointers64 : RawEventFlags.Pointers32) | (stack is null ? RawEventFlags.None : RawEventFlags.ExtendedInfo);
        Add(processor, new Payload().Number16(80 + items.Length + data.Length).Byte((byte)(is64 ? RecordKind.EventHeader64 : RecordKind.EventHeader32)).Byte(0xC0)
            .Number16((int)flags).Number16(0).Number(threadId).Number(processId).Number64((ulong)(Start + time)).Identifier(provider)
            .Number16(id).Byte(version).Byte(0x10).Byte(4).Byte(opcode).Number16(task).Number64(keywords).Number64(0).Identifier(Guid.Empty)
            .Raw(items).Raw(data).Bytes);
    }

    /// <summary>A message of WPP, with all that it may have.</summary>
    public void Message(long time, int processId, int threadId, Guid provider, int number, Payload payload, int processor = 0)
    {
        byte[] data = payload.Bytes;
        Add(processor, new Payload().Number16(44 + data.Length).Byte(0).Byte(0x90).Number16(number).Number16(0x2B | (Is64 ? 0x80 : 0x40))
            .Number(1).Identifier(provider).Number64((ulong)(Start + time)).Number(threadId).Number(processId).Raw(data).Bytes);
    }

    /// <summary>Sends the buffer of a processor to the file. The flags say what happened before it.</summary>
    public void Flush(int processor, BufferFlags flags = BufferFlags.None)
    {
        if (!_buffers.Remove(processor, out List<byte>? records))
            return;
        if (_file.Count == 0)
            Append([.. Header()], 0, BufferFlags.None, compress: false);
        Append([.. records], processor, flags, isCompressed);
    }

    /// <summary>The trace.</summary>
    public byte[] ToArray()
    {
        foreach (int processor in _buffers.Keys.ToArray())
            Flush(processor);
        if (_file.Count == 0)
            Append([.. Header()], 0, BufferFlags.None, compress: false);
        return [.. _file];
    }

    /// <summary>Writes the trace into a folder: its path.</summary>
    public string Save(string folder)
    {
        string path = Path.Combine(folder, "written.etl");
        File.WriteAllBytes(path, ToArray());
        return path;
    }

    private void Add(int processor, byte[] record)
    {
        if (_buffers.TryGetValue(processor, out List<byte>? records) && BufferHeader.Length + records.Count + record.Length > bufferSize)
            Flush(processor);
        if (!_buffers.TryGetValue(processor, out records))
            _buffers[processor] = records = [];
        records.AddRange(record);
        records.AddRange(new byte[-record.Length & 7]);
    }

    private byte[] Header()
    {
        var header = new Payload(pointerSize).Number(bufferSize).Number(0x0105000A).Number(19045).Number(4).Number64((ulong)StartTime.AddMinutes(1).ToFileTimeUtc())
            .Number(156250).Number(0).Number(0x10001).Number(1).Number(1).Number(pointerSize).Number(EventsLost).Number(2400).Pointer(0).Pointer(0).Raw(new byte[172]);
        header.Raw(new byte[-header.Bytes.Length & 7]).Number64((ulong)StartTime.AddHours(-1).ToFileTimeUtc()).Number64(Frequency).Number64((ulong)StartTime.ToFileTimeUtc())
            .Number(ClockType).Number(BuffersLost).Text("Test").Text("test.etl");
        byte[] data = header.Bytes;
        return new Payload().Number16(2).Byte((byte)(Is64 ? RecordKind.System64 : RecordKind.System32)).Byte(0xC0).Number16(32 + data.Length).Byte(0).Byte(0)
            .Number(4).Number(4).Number64((ulong)Start).Number64(0).Raw(data).Raw(new byte[-data.Length & 7]).Bytes;
    }

    private void Append(byte[] records, int processor, BufferFlags flags, bool compress)
    {
        int end = BufferHeader.Length + records.Length;
        byte[] content = compress ? PlainLz77Writer.Compress(records) : records;
        // What is not compressed has the whole size of a buffer in the file, filled with ones.
        byte[] filler = compress ? [] : [.. Enumerable.Repeat((byte)0xFF, Math.Max(0, bufferSize - end))];
        flags |= BufferFlags.ProcessorIndex | (compress ? BufferFlags.Compressed : BufferFlags.None);
        _file.AddRange(new Payload().Number(BufferHeader.Length + content.Length + filler.Length).Number(end).Number(end).Number(0)
            .Number64((ulong)StartTime.ToFileTimeUtc()).Number64(0).Number64(0).Number16(processor).Number16(1).Number(3)
            .Number(end).Number16((int)flags).Number16(_file.Count == 0 ? 4 : 0).Number64(0).Number64(0).Raw(content).Raw(filler).Bytes);
    }
}
