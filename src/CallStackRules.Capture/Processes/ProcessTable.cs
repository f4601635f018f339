using CallStackRules.Events;

namespace CallStackRules.Capture.Processes;

/// <summary>The processes that events have told of, by entity id. Lookups allocate nothing.</summary>
/// <remarks>
/// Bounded twice: a process is forgotten some time after its end, so that late events still find it, and when there are too many, one that
/// ended or else the one longest unused. Time is that of the events, and only ever goes forward, so that records out of order forget nothing early. A forgotten process that is still someone's parent
/// stays as it is but loses its own parent: otherwise a long chain of short-lived processes would never leave the memory.
/// </remarks>
public sealed class ProcessTable
{
    private readonly Dictionary<string, Entry> _byEntityId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly Queue<Entry> _ended = new();
    private readonly LinkedList<Entry> _byUse = [];
    private readonly int _capacity;
    private readonly long _ticksAfterEnd;
    private long _now;

    /// <summary>Creates an empty table.</summary>
    /// <param name="capacity">Processes kept at most.</param>
    /// <param name="keepAfterEnd">Time of events for which an ended process is kept; five minutes when null.</param>
    public ProcessTable(int capacity = 32 * 1024, TimeSpan? keepAfterEnd = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _capacity = capacity;
        _ticksAfterEnd = (keepAfterEnd ?? TimeSpan.FromMinutes(5)).Ticks;
        _lookup = _byEntityId.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Processes known now.</summary>
    public int Count => _byEntityId.Count;

    /// <summary>Processes forgotten before their time for want of room: more than 0 means that links were lost.</summary>
    public long Evicted { get; private set; }

    /// <summary>The process with an entity id, or null.</summary>
    public ProcessInfo? Find(ReadOnlySpan<char> entityId)
    {
        if (!_lookup.TryGetValue(entityId, out Entry? entry))
            return null;
        Use(entry);
        return entry.Process;
    }

    /// <summary>The process with an entity id, made when it is new; then it has no other field yet.</summary>
    public ProcessInfo GetOrAdd(ReadOnlySpan<char> entityId)
    {
        if (Find(entityId) is { } known)
            return known;
        if (_byEntityId.Count == _capacity)
        {
            Forget(_ended.TryDequeue(out Entry? ended) ? ended : _byUse.First!.Value);
            Evicted++;
        }
        string id = entityId.ToString();
        var entry = new Entry(id, new ProcessInfo { EntityId = id });
        _byEntityId.Add(id, entry);
        _byUse.AddLast(entry.Place);
        return entry.Process;
    }

    /// <summary>Makes one process the parent of another, unless that has one already (the first seen wins) or is among the parent's own ancestors.</summary>
    public static void Link(ProcessInfo child, ProcessInfo parent)
    {
        ArgumentNullException.ThrowIfNull(child);
        if (child.Parent is not null)
            return;
        for (ProcessInfo? ancestor = parent; ancestor is not null; ancestor = ancestor.Parent)
        {
            if (ancestor == child)
                return;
        }
        child.Parent = parent;
    }

    /// <summary>Notes that a process has ended; it is forgotten when events are so much later than now.</summary>
    public void End(ReadOnlySpan<char> entityId)
    {
        if (!_lookup.TryGetValue(entityId, out Entry? entry) || entry.ForgetAt != long.MaxValue)
            return;
        entry.ForgetAt = _now + _ticksAfterEnd;
        _ended.Enqueue(entry);
    }

    /// <summary>Says what time it is by the events, and forgets processes that ended long before. An earlier time than before changes nothing.</summary>
    /// <param name="utcTicks">Ticks of <see cref="DateTime"/>.</param>
    public void Advance(long utcTicks)
    {
        if (utcTicks <= _now)
            return;
        // The first time is where the clock starts: processes that ended before it have no time to compare with.
        if (_now == 0)
        {
            foreach (Entry entry in _ended)
                entry.ForgetAt = utcTicks + _ticksAfterEnd;
        }
        _now = utcTicks;
        while (_ended.TryPeek(out Entry? entry) && entry.ForgetAt <= _now)
        {
            _ended.Dequeue();
            Forget(entry);
        }
    }

    private void Use(Entry entry)
    {
        _byUse.Remove(entry.Place);
        _byUse.AddLast(entry.Place);
    }

    private void Forget(Entry entry)
    {
        _byEntityId.Remove(entry.EntityId);
        _byUse.Remove(entry.Place);
        entry.Process.Parent = null;
    }

    private sealed class Entry
    {
        public Entry(string entityId, ProcessInfo process)
        {
            EntityId = entityId;
            Process = process;
            Place = new LinkedListNode<Entry>(this);
        }

        public string EntityId { get; }

        public ProcessInfo Process { get; }

        public LinkedListNode<Entry> Place { get; }

        public long ForgetAt { get; set; } = long.MaxValue;
    }
}
