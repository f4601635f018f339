using System.Buffers.Binary;
using System.Text;
using CallStackRules.Capture.Sources.Procmon;

namespace CallStackRules.Capture.Tests.Procmon;

/// <summary>Makes logs of Process Monitor with 32- or 64-bit addresses.</summary>
internal sealed class PmlWriter(bool is64Bit)
{
    private const int HeaderSize = 0x3A8;

    private readonly List<string> _strings = [""];
    private readonly List<(uint Number, byte[] Bytes)> _processes = [];
    private readonly List<byte[]> _events = [];

    public ulong KernelAddress => is64Bit ? 0xFFFF_F800_0000_1000 : 0x8000_1000;

    /// <summary>When the processes of the log began.</summary>
    public static DateTime Start { get; } = new(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    public void Process(
        uint number, uint pid, string path, (ulong Base, uint Size, string Path)[] modules, uint parent = 0, string user = @"PC\ann", string commandLine = "", string level = "Medium")
    {
        var writer = new Bytes(is64Bit);
        writer.U32(number).U32(pid).U32(0).U32(parent).U64(0x3e7).U32(1).U32(0).U64((ulong)Start.ToFileTimeUtc()).U64(0).U32(0).U32(is64Bit ? 1u : 0u);
        foreach (string text in (string[])[level, user, path[(path.LastIndexOf('\\') + 1)..], path, commandLine, "Maker", "1.2.3", "What it is"])
            writer.U32(String(text));
        writer.U32(0).U32(0).Pointer(0).U32((uint)modules.Length);
        foreach ((ulong start, uint size, string module) in modules)
            writer.Pointer(0).Pointer(start).U32(size).U32(String(module)).U32(String("6.1")).U32(String("Maker")).U32(String("Library")).U32(0).Fill(24);
        _processes.Add((number, writer.ToArray()));
    }

    public void Event(PmlClass kind, ushort operation, uint process, uint thread, Action<Bytes> details, ulong[]? stack = null, byte[]? extra = null, uint result = 0)
    {
        var content = new Bytes(is64Bit);
        details(content);
        byte[] detailBytes = content.ToArray();
        stack ??= [];
        int pointerSize = is64Bit ? 8 : 4;
        int end = PmlEvent.HeaderSize + (stack.Length * pointerSize) + detailBytes.Length;
        var writer = new Bytes(is64Bit);
        writer.U32(process).U32(thread).U32((uint)kind).U16(operation).Fill(6).U64(0).U64((ulong)Start.AddSeconds(_events.Count + 1).ToFileTimeUtc()).U32(result)
            .U16((ushort)stack.Length).U16(0).U32((uint)detailBytes.Length).U32(extra is null ? 0 : (uint)end);
        foreach (ulong address in stack)
            writer.Pointer(address);
        writer.Raw(detailBytes);
        if (extra is not null)
            writer.U16((ushort)extra.Length).Raw(extra);
        _events.Add(writer.ToArray());
    }

    /// <summary>An operation on a file.</summary>
    public void File(ushort operation, byte kind, uint process, string path, Action<Bytes>? behind = null, byte[]? extra = null, uint options = 0, ulong[]? stack = null) =>
        Event(
            PmlClass.FileSystem, operation, process, thread: 5,
            details =>
            {
                details.U8(kind).Fill(3).Fill(is64Bit ? 20 : 16).U32(options).Fill(is64Bit ? 36 : 20);
                details.U16((ushort)(path.Length | 0x8000)).U16(0).Raw(Encoding.ASCII.GetBytes(path));
                behind?.Invoke(details);
            },
            stack, extra);

    public byte[] ToArray()
    {
        var log = new Bytes(is64Bit);
        log.Fill(HeaderSize);
        var offsets = new List<int>();
        foreach (byte[] e in _events)
        {
            offsets.Add(log.Length);
            log.Raw(e);
        }
        int eventOffsets = log.Length;
        foreach (int offset in offsets)
            log.U32((uint)offset).U8(0);
        int processes = log.Length;
        log.U32((uint)_processes.Count);
        foreach ((uint number, _) in _processes)
            log.U32(number);
        int place = 4 + (_processes.Count * 8);
        foreach ((_, byte[] bytes) in _processes)
        {
            log.U32((uint)place);
            place += bytes.Length;
        }
        foreach ((_, byte[] bytes) in _processes)
            log.Raw(bytes);
        int strings = log.Length;
        log.U32((uint)_strings.Count);
        place = 4 + (_strings.Count * 4);
        foreach (string text in _strings)
        {
            log.U32((uint)place);
            place += 4 + ((text.Length + 1) * 2);
        }
        foreach (string text in _strings)
            log.U32((uint)((text.Length + 1) * 2)).Utf16(text + "\0");
        int icons = log.Length;
        log.U32(0);
        int hosts = log.Length;
        log.U32(0).U32(0);

        byte[] file = log.ToArray();
        PmlHeader.Signature.CopyTo(file);
        void Set32(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), value);
        void Set64(int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(offset), value);
        Set32(0x04, 9);
        Set32(0x08, is64Bit ? 1u : 0u);
        Encoding.Unicode.GetBytes("PC").CopyTo(file, 0x0C);
        Set32(0x234, (uint)_events.Count);
        Set64(0x240, HeaderSize);
        Set64(0x248, (ulong)eventOffsets);
        Set64(0x250, (ulong)processes);
        Set64(0x258, (ulong)strings);
        Set64(0x260, (ulong)icons);
        Set64(0x268, is64Bit ? 0x7FFF_FFFE_FFFFu : 0x7FFE_FFFF);
        Set64(0x398, HeaderSize);
        Set64(0x3A0, (ulong)hosts);
        return file;
    }

    private uint String(string text)
    {
        int index = _strings.IndexOf(text);
        if (index >= 0)
            return (uint)index;
        _strings.Add(text);
        return (uint)_strings.Count - 1;
    }

    /// <summary>Appends fields.</summary>
    internal sealed class Bytes(bool is64Bit)
    {
        private readonly MemoryStream _bytes = new();

        public int Length => (int)_bytes.Length;

        public Bytes U8(byte value)
        {
            _bytes.WriteByte(value);
            return this;
        }

        public Bytes U16(ushort value) => Raw(BitConverter.GetBytes(value));

        public Bytes U32(uint value) => Raw(BitConverter.GetBytes(value));

        public Bytes U64(ulong value) => Raw(BitConverter.GetBytes(value));

        public Bytes Pointer(ulong value) => is64Bit ? U64(value) : U32((uint)value);

        public Bytes Utf16(string text) => Raw(Encoding.Unicode.GetBytes(text));

        public Bytes Fill(int length) => Raw(new byte[length]);

        public Bytes Raw(byte[] bytes)
        {
            _bytes.Write(bytes);
            return this;
        }

        public byte[] ToArray() => _bytes.ToArray();
    }
}
