using System.Buffers.Binary;
using System.Runtime.Intrinsics.X86;
using CallStackRules.Capture.Sources.Linux.Interop;

namespace CallStackRules.Capture.Sources.Linux.Perf;

/// <summary>A ring of records that the kernel writes and we read, mapped from a perf event of one processor.</summary>
/// <remarks>
/// The first page holds the kernel's position (<c>data_head</c> at 1024) and ours (<c>data_tail</c> at 1032); a power of two of pages with records follows. A
/// record begins with u32 type, u16 misc, u16 size, and may wrap around the end.
/// </remarks>
internal sealed unsafe class PerfRing : IDisposable
{
    private const int PageSize = 4096;
    private const int HeadOffset = 1024;
    private const int TailOffset = 1032;
    private const int HeaderSize = 8;

    private readonly byte* _meta;
    private readonly byte* _data;
    private readonly ulong _size;
    private readonly byte[] _wrapped = new byte[64 * 1024];
    private readonly bool _isMapped;
    private ulong _head;
    private ulong _tail;

    private PerfRing(byte* memory, ulong dataSize, int descriptor, bool isMapped)
    {
        _meta = memory;
        _data = memory + PageSize;
        _size = dataSize;
        Descriptor = descriptor;
        _isMapped = isMapped;
        _tail = *(ulong*)(_meta + TailOffset);
        _head = _tail;
    }

    /// <summary>Whether the ring is the one that tells of processes and mappings.</summary>
    public bool IsOfModel { get; init; }

    /// <summary>The perf event.</summary>
    public int Descriptor { get; }

    /// <summary>Opens a perf event of one processor that counts what is lost of it where the kernel can.</summary>
    /// <returns>A descriptor, or the negative error number.</returns>
    public static int OpenEvent(in PerfEventAttributes attributes, int processor)
    {
        int descriptor = LinuxSystem.PerfEventOpen(attributes with { ReadFormat = PerfEventAttributes.FormatLost }, pid: -1, processor);
        // Before Linux 6.0.
        return descriptor == -LinuxSystem.ErrorInvalid ? LinuxSystem.PerfEventOpen(attributes, pid: -1, processor) : descriptor;
    }

    /// <summary>Maps the ring of a perf event.</summary>
    /// <param name="descriptor">The event; closed with the ring.</param>
    /// <param name="pages">Pages of 4 KiB for records, a power of two.</param>
    /// <param name="isOfModel">See <see cref="IsOfModel"/>.</param>
    /// <exception cref="CaptureException">There is no room; the message says which limit.</exception>
    public static PerfRing Map(int descriptor, int pages, bool isOfModel)
    {
        ulong dataSize = (ulong)pages * PageSize;
        nint address = LinuxSystem.MapRing(descriptor, (nuint)(dataSize + PageSize));
        if (address == 0)
        {
            throw new CaptureException(
                $"A ring of {dataSize / 1024} KiB cannot be mapped: kernel.perf_event_mlock_kb and the limit of locked memory allow less.{LinuxRights.Read().Advise()}");
        }
        return new PerfRing((byte*)address, dataSize, descriptor, isMapped: true) { IsOfModel = isOfModel };
    }

    /// <summary>A ring over memory of the caller's, for tests: one page like the kernel's, then the records.</summary>
    /// <param name="memory">The page and the records.</param>
    /// <param name="pin">Holds the memory in its place; to be disposed after the ring's last use.</param>
    public static PerfRing Over(Memory<byte> memory, out System.Buffers.MemoryHandle pin)
    {
        pin = memory.Pin();
        return new PerfRing((byte*)pin.Pointer, (ulong)(memory.Length - PageSize), descriptor: -1, isMapped: false);
    }

    /// <summary>Whether what the kernel has written, and we have not read, takes half of the room.</summary>
    public bool IsHalfFull => Volatile.Read(ref *(ulong*)(_meta + HeadOffset)) - _tail > _size / 2;

    /// <summary>Takes note of what the kernel has written so far.</summary>
    public void Look() => _head = Volatile.Read(ref *(ulong*)(_meta + HeadOffset));

    /// <summary>The next record of those that were there at the last look, valid until <see cref="Advance"/> and <see cref="Release"/>.</summary>
    /// <param name="record">Header included.</param>
    /// <param name="isBroken">Whether the ring's bytes make no sense; all that is in it is given up.</param>
    public bool TryPeek(out ReadOnlySpan<byte> record, out bool isBroken)
    {
        isBroken = false;
        record = default;
        ulong available = _head - _tail;
        if (available == 0)
            return false;
        // Sizes are multiples of 8, so a header never wraps.
        ulong place = _tail & (_size - 1);
        int length = available < HeaderSize || available > _size || place + HeaderSize > _size ? 0 : *(ushort*)(_data + place + 6);
        if (length < HeaderSize || (ulong)length > available)
        {
            isBroken = true;
            _tail = _head;
            return false;
        }
        if (place + (ulong)length <= _size)
        {
            FetchNext(place + (ulong)length, (ulong)length);
            record = new ReadOnlySpan<byte>(_data + place, length);
            return true;
        }
        int first = (int)(_size - place);
        new ReadOnlySpan<byte>(_data + place, first).CopyTo(_wrapped);
        new ReadOnlySpan<byte>(_data, length - first).CopyTo(_wrapped.AsSpan(first));
        record = _wrapped.AsSpan(0, length);
        return true;
    }

    /// <summary>
    /// Asks the processor for what is read first of the next record: its head with the registers and its end, should it be as long as this one. Another processor has just
    /// written it, and waiting for that costs as much as unwinding several frames.
    /// </summary>
    private void FetchNext(ulong place, ulong length)
    {
        const int head = 384;
        const int line = 64;
        if (!Sse.IsSupported || place + length > _size)
            return;
        for (int offset = 0; offset < head; offset += line)
            Sse.Prefetch0(_data + place + offset);
        Sse.Prefetch0(_data + place + length - sizeof(ulong));
    }

    /// <summary>Goes behind a record.</summary>
    public void Advance(int length) => _tail += (ulong)length;

    /// <summary>Lets the kernel overwrite what was read.</summary>
    public void Release() => Volatile.Write(ref *(ulong*)(_meta + TailOffset), _tail);

    /// <summary>Records of a perf event that did not fit into its ring since the beginning, as the kernel counts; null where it does not tell.</summary>
    public static long? ReadLost(int descriptor)
    {
        Span<byte> content = stackalloc byte[2 * sizeof(ulong)];
        return LinuxSystem.Read(descriptor, content) == content.Length ? BinaryPrimitives.ReadInt64LittleEndian(content[sizeof(ulong)..]) : null;
    }

    public void Dispose()
    {
        if (!_isMapped)
            return;
        LinuxSystem.UnmapRing((nint)_meta, (nuint)(_size + PageSize));
        LinuxSystem.Close(Descriptor);
    }
}
