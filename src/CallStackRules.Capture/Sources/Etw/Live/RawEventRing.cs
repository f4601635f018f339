using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CallStackRules.Capture.Sources.Etw.Live;

/// <summary>
/// Events on their way from the thread that Windows calls to the thread that runs the rules. One thread writes, one reads, neither waits for the other: an event that finds
/// no room is lost and counted. Allocates nothing after it was made.
/// </summary>
internal sealed class RawEventRing
{
    // An event begins at a multiple of 8, never goes over the end of the array, and is: header, addresses of the stack, payload. A length of 0 sends the reader to the start.
    private const int Alignment = 8;

    private readonly byte[] _bytes;
    private readonly SemaphoreSlim _arrived = new(0);
    private long _lost;
    private long _written;
    private long _read;
    private int _lastRead;
    private int _readerWaits;
    private bool _isEnded;

    /// <summary>Makes an empty ring.</summary>
    /// <param name="capacity">Bytes; a power of two from 4096 on.</param>
    public RawEventRing(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 4096);
        if (!BitOperations.IsPow2(capacity))
            throw new ArgumentException("The capacity must be a power of two.", nameof(capacity));
        _bytes = new byte[capacity];
    }

    /// <summary>Events that found no room. Any thread may ask.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Whether half of the ring is taken. Only the reading thread.</summary>
    public bool IsHalfFull => Volatile.Read(ref _written) - _read > _bytes.Length / 2;

    /// <summary>Copies an event into the ring. Only the writing thread.</summary>
    /// <returns>False when there was no room.</returns>
    public bool TryWrite(in RawEvent e)
    {
        int length = Header.Size + (e.Stack.Length * sizeof(ulong)) + e.Data.Length;
        int taken = (length + Alignment - 1) & -Alignment;
        long written = _written;
        int place = (int)written & (_bytes.Length - 1);
        int toEnd = _bytes.Length - place;
        // What is left at the end is passed over when the event does not fit there.
        int passed = taken > toEnd ? toEnd : 0;
        if (taken > _bytes.Length / 2 || written + passed + taken - Volatile.Read(ref _read) > _bytes.Length)
        {
            Volatile.Write(ref _lost, _lost + 1);
            return false;
        }
        if (passed > 0)
        {
            MemoryMarshal.Write(_bytes.AsSpan(place), 0);
            place = 0;
        }
        var header = new Header
        {
            Length = taken, StackLength = e.Stack.Length, DataLength = e.Data.Length, Provider = e.Provider, Keywords = e.Keywords, Timestamp = e.Timestamp,
            MatchId = e.StackMatchId, StackKey = e.StackKey, Process = e.ProcessId, Thread = e.ThreadId, Id = e.Id, Task = e.Task, Flags = (ushort)e.Flags, Processor = e.Processor,
            Version = e.Version, Opcode = e.Opcode,
        };
        Span<byte> room = _bytes.AsSpan(place, taken);
        MemoryMarshal.Write(room, header);
        MemoryMarshal.AsBytes(e.Stack).CopyTo(room[Header.Size..]);
        e.Data.CopyTo(room[(Header.Size + (e.Stack.Length * sizeof(ulong)))..]);
        Volatile.Write(ref _written, written + passed + taken);
        // The barrier keeps the look at the waiting reader behind the write that it waits for.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _readerWaits) == 1 && Interlocked.Exchange(ref _readerWaits, 0) == 1)
            _arrived.Release();
        return true;
    }

    /// <summary>Says that nothing more is written.</summary>
    public void End()
    {
        Volatile.Write(ref _isEnded, true);
        _arrived.Release();
    }

    /// <summary>Waits at most this long for the next event, whose spans are valid until the next call. Only the reading thread.</summary>
    /// <returns><see cref="ReadResult.Nothing"/> may come before the time is over.</returns>
    public ReadResult Read(out RawEvent e, TimeSpan patience)
    {
        Volatile.Write(ref _read, _read + _lastRead);
        _lastRead = 0;
        if (!HasEvent)
            Wait(patience);
        if (HasEvent)
        {
            e = Take();
            return ReadResult.Event;
        }
        e = default;
        return Volatile.Read(ref _isEnded) && !HasEvent ? ReadResult.End : ReadResult.Nothing;
    }

    private bool HasEvent => _read != Volatile.Read(ref _written);

    private void Wait(TimeSpan patience)
    {
        Volatile.Write(ref _readerWaits, 1);
        Interlocked.MemoryBarrier();
        if (!HasEvent && !Volatile.Read(ref _isEnded))
            _arrived.Wait(patience);
        Volatile.Write(ref _readerWaits, 0);
    }

    private RawEvent Take()
    {
        int place = (int)_read & (_bytes.Length - 1);
        int passed = 0;
        if (MemoryMarshal.Read<int>(_bytes.AsSpan(place)) == 0)
        {
            passed = _bytes.Length - place;
            place = 0;
        }
        Header header = MemoryMarshal.Read<Header>(_bytes.AsSpan(place));
        _lastRead = passed + header.Length;
        ReadOnlySpan<byte> content = _bytes.AsSpan(place + Header.Size, header.Length - Header.Size);
        int stackBytes = header.StackLength * sizeof(ulong);
        return new RawEvent
        {
            Provider = header.Provider,
            Id = header.Id,
            Version = header.Version,
            Opcode = header.Opcode,
            Task = header.Task,
            Keywords = header.Keywords,
            Flags = (RawEventFlags)header.Flags,
            ProcessId = header.Process,
            ThreadId = header.Thread,
            Timestamp = header.Timestamp,
            Processor = header.Processor,
            Data = content.Slice(stackBytes, header.DataLength),
            Stack = MemoryMarshal.Cast<byte, ulong>(content[..stackBytes]),
            StackMatchId = header.MatchId,
            StackKey = header.StackKey,
        };
    }

    private struct Header
    {
        public static readonly int Size = (Unsafe.SizeOf<Header>() + Alignment - 1) & -Alignment;

        public int Length;
        public int StackLength;
        public int DataLength;
        public int Process;
        public int Thread;
        public ushort Id;
        public ushort Task;
        public Guid Provider;
        public ulong Keywords;
        public long Timestamp;
        public ulong MatchId;
        public ulong StackKey;
        public ushort Flags;
        public ushort Processor;
        public byte Version;
        public byte Opcode;
    }
}
