using System.Buffers.Binary;

namespace CallStackRules.Capture.Sources.Etw.Stacks;

/// <summary>
/// Brings events and their stacks together, and keeps the order of events: each that is decoded waits in a queue, and the first of the queue leaves it when its stack is
/// whole, or when none can be expected any more.
/// </summary>
/// <remarks>
/// <para>
/// The kernel writes the stack of a classic event as events of their own, which name theirs by its time and thread: at once the frames of the kernel, and those of the
/// program when the thread returns to it, which is milliseconds later at most, unless the thread sleeps. Events of manifests carry their stack; when only the
/// kernel's half was at hand, the other comes later, too, and names it by a number.
/// </para>
/// <para>
/// Some acts are told twice where a session has both the kernel's class and the provider with a manifest, a microsecond apart: of the start of a process the one has the stack
/// inside and the other the command line, of a registry value the one has the path and the other the data. The first waits for the second, which becomes the event, and gets
/// the stack where it has none of its own.
/// </para>
/// <para>Everything is preallocated. When the queue is full, the first leaves it as it is.</para>
/// </remarks>
/// <param name="statistics">Counts stacks.</param>
/// <param name="clock">How long a second is.</param>
/// <param name="pointerSize">Bytes of a pointer of the machine: what is an address of its kernel.</param>
internal sealed class StackJoiner(CaptureStatistics statistics, TraceClock clock, int pointerSize)
{
    /// <summary>Frames of a stack that are kept; the kernel writes at most 192.</summary>
    public const int MostFrames = 256;

    private const int Capacity = 4096;
    private const int DataCapacity = 4 * 1024 * 1024;

    /// <summary>Bytes of a payload at most: the length of a record has 16 bits.</summary>
    private const int LongestData = ushort.MaxValue;

    // A stack begins with the kernel's half, which follows its event at once: 141 us at most in recorded traces. The user's half: 11 ms where the thread did not sleep.
    private readonly long _patienceForFirst = clock.Frequency / 100;
    private readonly long _patience = clock.Frequency / 10;

    private readonly Waiting[] _waiting = new Waiting[Capacity];
    private readonly ulong[] _addresses = new ulong[Capacity * MostFrames];
    private readonly byte[] _data = new byte[DataCapacity];
    private readonly Tellers[] _tellers = new Tellers[ToldTwice.Acts];
    private readonly Alone[] _left = new Alone[ToldTwice.Acts];
    private int _first;
    private int _count;
    private int _dataFrom;
    private int _dataTo;
    private long _now;
    private bool _hasEnded;

    /// <summary>Resolves the keys of compressed stacks; null when there are none.</summary>
    public Func<StackKeys>? Keys { get; init; }

    /// <summary>Whether all events have been taken after <see cref="End"/>.</summary>
    public bool IsEnded => _hasEnded && _count == 0;

    private bool HasRoom => _count < Capacity && TryPlace(LongestData, out _);

    /// <summary>Puts an event into the queue, after <see cref="TryTake"/> has left room.</summary>
    public void Add(in RawEvent e, EtwKind kind)
    {
        _now = Math.Max(_now, e.Timestamp);
        if (e.Data.Length > LongestData || !HasRoom)
        {
            statistics.BadRecords++;
            return;
        }
        TryPlace(e.Data.Length, out int place);
        e.Data.CopyTo(_data.AsSpan(place));
        if (_count == 0)
            _dataFrom = place;
        _dataTo = place + e.Data.Length;
        int index = (_first + _count++) % Capacity;
        ref Waiting waiting = ref _waiting[index];
        waiting = new Waiting
        {
            Kind = kind,
            Provider = e.Provider,
            Id = e.Id,
            Version = e.Version,
            Opcode = e.Opcode,
            Flags = e.Flags,
            ProcessId = e.ProcessId,
            ThreadId = e.ThreadId,
            Timestamp = e.Timestamp,
            Processor = e.Processor,
            Data = place,
            DataLength = e.Data.Length,
            MatchId = e.StackMatchId,
            CanHaveStack = EtwProviders.CanHaveLaterStack(kind, e.Flags),
            Act = ToldTwice.ActOf(e, kind),
        };
        Append(ref waiting, index, e.Stack);
        if (e.StackKey != 0 && Keys is { } keys)
            Append(ref waiting, index, keys().Find(e.StackKey, e.Timestamp));
        if (waiting.Act > 0)
        {
            waiting.Key = ToldTwice.KeyOf(e, waiting.Act);
            Pair(ref waiting, index);
        }
        else if (ToldTwice.ActOfList(kind) is > 0 and byte act)
        {
            _tellers[act] |= waiting.Teller;
        }
    }

    /// <summary>Looks for the event of the other provider about the same act, which is then told by the second of the two.</summary>
    private void Pair(ref Waiting second, int index)
    {
        byte act = second.Act;
        _tellers[act] |= second.Teller;
        for (int i = _count - 2; i >= 0 && IsToldTwice(act); i--)
        {
            ref Waiting first = ref _waiting[(_first + i) % Capacity];
            if (second.Timestamp - first.Timestamp > _patienceForFirst)
                break;
            if (first.Act != act || first.Key != second.Key || first.Teller == second.Teller || first.Telling != Telling.Once)
                continue;
            first.Telling = Telling.Besides;
            first.Second = index;
            second.Telling = Telling.Second;
            return;
        }
        // One of a trace's first, which left before it was known that two tell of such acts.
        ref Alone left = ref _left[act];
        if (left.Teller == (second.Teller ^ Tellers.Both) && left.Key == second.Key && second.Timestamp - left.Timestamp <= _patienceForFirst)
        {
            left = default;
            second.Telling = Telling.Besides;
            second.Second = -1;
        }
    }

    private bool IsToldTwice(int act) => _tellers[act] == Tellers.Both;

    /// <summary>Adds a stack, or a half of one, to the event that it belongs to.</summary>
    public void AddStack(in RawEvent stack, EtwKind kind)
    {
        _now = Math.Max(_now, stack.Timestamp);
        if (kind == EtwKind.UserStack)
        {
            AddUserStack(stack);
            return;
        }
        // i64 time of the event, u32 process, u32 thread, then addresses, or the key of them.
        const int header = 16;
        if (stack.Data.Length < header)
        {
            statistics.BadRecords++;
            return;
        }
        int index = Find(BinaryPrimitives.ReadInt64LittleEndian(stack.Data), BinaryPrimitives.ReadInt32LittleEndian(stack.Data[12..]));
        if (index < 0)
        {
            statistics.StacksUnmatched++;
            return;
        }
        ReadOnlySpan<byte> rest = stack.Data[header..];
        ref Waiting waiting = ref _waiting[index];
        if (kind == EtwKind.Stack)
        {
            for (; rest.Length >= stack.PointerSize; rest = rest[stack.PointerSize..])
                Append(ref waiting, index, [Pointer(rest, stack.PointerSize)]);
        }
        else if (rest.Length >= stack.PointerSize && Keys is { } keys)
        {
            Append(ref waiting, index, keys().Find(Pointer(rest, stack.PointerSize), stack.Timestamp));
        }
    }

    /// <summary>Says how late it is when no event does: nothing waits longer because nothing else happens.</summary>
    public void Advance(long timestamp) => _now = Math.Max(_now, timestamp);

    /// <summary>Nothing comes any more: what waits leaves as it is.</summary>
    public void End() => _hasEnded = true;

    /// <summary>
    /// Takes the first event when it need not wait, or when there would be no room for another, with its stack, the innermost frame first. Its spans are valid until <see cref="Release"/>.
    /// </summary>
    /// <param name="e">The event.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="telling">Whether another event tells of the same act.</param>
    public bool TryTake(out RawEvent e, out EtwKind kind, out Telling telling)
    {
        if (_count == 0 || !(_hasEnded || !HasRoom || IsReady(_waiting[_first])))
        {
            e = new RawEvent { Provider = Guid.Empty };
            kind = EtwKind.None;
            telling = Telling.Once;
            return false;
        }
        ref readonly Waiting waiting = ref _waiting[_first];
        CountStack(waiting);
        kind = waiting.Kind;
        telling = waiting.Telling;
        e = new RawEvent
        {
            Provider = waiting.Provider,
            Id = waiting.Id,
            Version = waiting.Version,
            Opcode = waiting.Opcode,
            Flags = waiting.Flags,
            ProcessId = waiting.ProcessId,
            ThreadId = waiting.ThreadId,
            Timestamp = waiting.Timestamp,
            Processor = waiting.Processor,
            Data = _data.AsSpan(waiting.Data, waiting.DataLength),
            Stack = _addresses.AsSpan(_first * MostFrames, waiting.Frames),
        };
        return true;
    }

    /// <summary>Counts a frame that nothing tells of, because events were lost.</summary>
    public void CountUncertain() => statistics.FramesUncertain++;

    /// <summary>Whether an address is one of the kernel's.</summary>
    public bool IsOfKernel(ulong address) => pointerSize == 8 ? address >> 63 != 0 : address >= 0x8000_0000;

    private void AddUserStack(in RawEvent stack)
    {
        for (int i = _count - 1; i >= 0 && stack.StackMatchId != 0; i--)
        {
            int index = (_first + i) % Capacity;
            if (_waiting[index].MatchId != stack.StackMatchId)
                continue;
            Append(ref _waiting[index], index, stack.Stack);
            if (stack.StackKey != 0 && Keys is { } keys)
                Append(ref _waiting[index], index, keys().Find(stack.StackKey, stack.Timestamp));
            return;
        }
        statistics.StacksUnmatched++;
    }

    /// <summary>The waiting event of a time and thread, by bisection: the queue is in the order of time. Records without a thread are known by their time alone.</summary>
    private int Find(long timestamp, int thread)
    {
        int low = 0;
        int high = _count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_waiting[(_first + middle) % Capacity].Timestamp < timestamp)
                low = middle + 1;
            else
                high = middle;
        }
        for (; low < _count; low++)
        {
            int index = (_first + low) % Capacity;
            ref readonly Waiting waiting = ref _waiting[index];
            if (waiting.Timestamp != timestamp)
                break;
            if (waiting.CanHaveStack && (waiting.ThreadId == thread || waiting.ThreadId == -1))
                return index;
        }
        return -1;
    }

    private void Append(ref Waiting waiting, int index, ReadOnlySpan<ulong> addresses)
    {
        if (addresses.IsEmpty)
            return;
        int count = Math.Min(addresses.Length, MostFrames - waiting.Frames);
        addresses[..count].CopyTo(_addresses.AsSpan((index * MostFrames) + waiting.Frames));
        waiting.Frames += count;
        waiting.IsCut |= count < addresses.Length;
    }

    private bool IsReady(in Waiting waiting)
    {
        if (waiting.Telling == Telling.Once && IsToldTwice(waiting.Act) && _now - waiting.Timestamp <= _patienceForFirst)
            return false;
        bool isStackElsewhere = waiting.Telling == Telling.Besides && (waiting.Second < 0 || _waiting[waiting.Second].Frames > 0);
        bool expects = !isStackElsewhere && (waiting.CanHaveStack || (waiting.MatchId != 0 && waiting.Frames > 0));
        if (!expects || HasUserHalf(waiting))
            return true;
        return _now - waiting.Timestamp > (waiting.Frames == 0 ? _patienceForFirst : _patience);
    }

    /// <summary>Whether the stack of the first of the queue reaches the program's frames, which come last.</summary>
    private bool HasUserHalf(in Waiting first) => first.Frames > 0 && !IsOfKernel(_addresses[(_first * MostFrames) + first.Frames - 1]);

    private void CountStack(in Waiting waiting)
    {
        if (waiting.Telling == Telling.Besides)
            return;
        if (waiting.Frames == 0)
        {
            // Of two, the class's may come without because the manifest's was to have it.
            if (waiting.CanHaveStack && waiting.Telling == Telling.Once)
                statistics.StacksMissing++;
        }
        else if (waiting.IsCut)
        {
            statistics.StacksTruncated++;
        }
        else if (HasUserHalf(waiting))
        {
            statistics.StacksComplete++;
        }
        else
        {
            statistics.StacksBroken++;
        }
    }

    /// <summary>Gives up the room of the event that was taken.</summary>
    public void Release()
    {
        ref Waiting waiting = ref _waiting[_first];
        if (waiting.Telling == Telling.Besides && waiting.Second >= 0)
            HandOver(waiting, ref _waiting[waiting.Second]);
        else if (waiting.Telling == Telling.Once && waiting.Act > 0)
            _left[waiting.Act] = new Alone(waiting.Teller, waiting.Key, waiting.Timestamp);
        _first = (_first + 1) % Capacity;
        _count--;
        if (_count > 0)
            _dataFrom = _waiting[_first].Data;
    }

    /// <summary>Gives the second of two events what the first, which leaves, has of the thread, where it has none of its own.</summary>
    private void HandOver(in Waiting first, ref Waiting second)
    {
        if (second.Frames > 0)
            return;
        if (first.ProcessId > 0)
            (second.ProcessId, second.ThreadId) = (first.ProcessId, first.ThreadId);
        Append(ref second, first.Second, _addresses.AsSpan(_first * MostFrames, first.Frames));
        second.IsCut |= first.IsCut;
    }

    /// <summary>A place for a payload behind the newest one, or again at the start of the ring.</summary>
    private bool TryPlace(int length, out int place)
    {
        if (_count == 0)
        {
            place = 0;
            return length <= DataCapacity;
        }
        place = _dataTo;
        if (_dataTo >= _dataFrom)
        {
            if (length <= DataCapacity - _dataTo)
                return true;
            place = 0;
        }
        return length < _dataFrom - place;
    }

    private static ulong Pointer(ReadOnlySpan<byte> data, int size) =>
        size == 8 ? BinaryPrimitives.ReadUInt64LittleEndian(data) : BinaryPrimitives.ReadUInt32LittleEndian(data);

    private struct Waiting
    {
        public EtwKind Kind;
        public Guid Provider;
        public ushort Id;
        public byte Version;
        public byte Opcode;
        public RawEventFlags Flags;
        public int ProcessId;
        public int ThreadId;
        public long Timestamp;
        public ushort Processor;
        public int Data;
        public int DataLength;
        public ulong MatchId;
        public bool CanHaveStack;
        public int Frames;
        public bool IsCut;
        public byte Act;
        public ulong Key;
        public Telling Telling;
        public int Second;

        public readonly Tellers Teller => (Flags & RawEventFlags.Classic) != 0 ? Tellers.Class : Tellers.Manifest;
    }

    /// <summary>The newest event about an act that left with no other about it.</summary>
    private readonly record struct Alone(Tellers Teller, ulong Key, long Timestamp);

    /// <summary>Who tells of an act.</summary>
    [Flags]
    private enum Tellers : byte
    {
        None = 0,
        Class = 1,
        Manifest = 2,
        Both = Class | Manifest,
    }
}
