using CallStackRules.Events;

namespace CallStackRules.Capture.Processes;

/// <summary>The processes that events have told of, by entity id. Lookups allocate nothing.</summary>
/// <remarks>
/// Bounded twice: a process is forgotten some time after its end, so that late events still find it, and when there are too many, one that
/// ended or else the one longest unused. Time is that of the events, and only ever goes forward, so that records out of order forget nothing early. A forgotten process
/// that is still someone's parent or leader stays as it is; of the forgotten ones above it, only some are kept: otherwise a long chain of short-lived processes would never leave
/// the memory. Where processes are used again, it loses its own parent at once.
/// </remarks>
public sealed class ProcessTable
{
    /// <summary>Characters of texts that there is room for with each of these.</summary>
    private const int CharactersOfProcess = 768;

    /// <summary>Arguments that there is room for with each of these.</summary>
    private const int PreparedArguments = 16;

    /// <summary>Processes that one event can tell of: the one that did it, its parent, the one it was done to. The last used are never made to go for one another.</summary>
    private const int MostOfAnEvent = 4;

    /// <summary>Forgotten ancestors in a row that a process keeps.</summary>
    private const int MostForgottenAncestors = 8;

    private readonly Dictionary<Text, Entry> _byEntityId;
    private readonly Dictionary<Text, Entry>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    /// <summary>Processes that run for all that is known, the one longest unused first.</summary>
    private readonly LinkedList<Entry> _running = [];

    /// <summary>Processes that have ended, in the order in which they did.</summary>
    private readonly LinkedList<Entry> _ended = [];

    private readonly Stack<Entry>? _free;
    private readonly TextArena _texts = new();
    private readonly int _capacity;
    private readonly long _ticksAfterEnd;
    private long _now;
    private long _uses;

    /// <summary>Creates an empty table.</summary>
    /// <param name="capacity">Processes kept at most.</param>
    /// <param name="keepAfterEnd">Time of events for which an ended process is kept; five minutes when null.</param>
    /// <param name="reuses">
    /// Whether a forgotten process becomes another one, so that nothing is allocated for those that come and go: for sources that look up the processes of each event and
    /// keep none beyond it. Otherwise a process stays what it is for whoever keeps it.
    /// </param>
    /// <param name="prepared">Where they are used again: processes there is room for from the beginning, texts included.</param>
    public ProcessTable(int capacity = 32 * 1024, TimeSpan? keepAfterEnd = null, bool reuses = false, int prepared = 2048)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _capacity = capacity;
        _ticksAfterEnd = (keepAfterEnd ?? TimeSpan.FromMinutes(5)).Ticks;
        _byEntityId = new Dictionary<Text, Entry>(reuses ? prepared : 0, TextComparer.Ordinal);
        _lookup = _byEntityId.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!reuses)
            return;
        _texts.Prepare((long)prepared * CharactersOfProcess);
        _free = new Stack<Entry>(prepared);
        for (int i = 0; i < prepared; i++)
        {
            var entry = new Entry(_texts);
            entry.Process.CodeSignatures.Add();
            for (int argument = 0; argument < PreparedArguments; argument++)
                entry.Process.Args.Add(default);
            entry.Process.Clear();
            _free.Push(entry);
        }
    }

    /// <summary>Processes known now.</summary>
    public int Count => _byEntityId.Count;

    /// <summary>Processes forgotten before their time for want of room: more than 0 means that links were lost.</summary>
    public long Evicted { get; private set; }

    /// <summary>The process with an entity id, or null.</summary>
    public ProcessInfo? Find(ReadOnlySpan<char> entityId) => FindEntry(entityId)?.Process;

    /// <summary>The process with an entity id, made when it is new; then it has no other field yet.</summary>
    public ProcessInfo GetOrAdd(ReadOnlySpan<char> entityId)
    {
        if (FindEntry(entityId) is { } known)
            return known.Process;
        if (_byEntityId.Count == _capacity)
        {
            Forget(LeastValuable());
            Evicted++;
        }
        if (_free is null || !_free.TryPop(out Entry? entry))
            entry = new Entry(_texts);
        entry.EntityId = KeepIn(entry, entityId);
        entry.Process.EntityId = entry.EntityId;
        entry.LastUse = ++_uses;
        _byEntityId.Add(entry.EntityId, entry);
        _running.AddLast(entry.Place);
        return entry.Process;
    }

    /// <summary>Copies a text of an event so that it lasts as long as a process of this table, or one that somebody else keeps.</summary>
    public Text Keep(ProcessInfo process, Text text)
    {
        ArgumentNullException.ThrowIfNull(process);
        return text.IsMissing ? text : EntryOf(process) is { } entry ? KeepIn(entry, text.Span) : text.ToString();
    }

    /// <summary>Makes one process the parent of another, unless that has one already (the first seen wins) or is among the parent's own ancestors.</summary>
    public void Link(ProcessInfo child, ProcessInfo parent)
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
        if (EntryOf(child) is { } entry)
            entry.Parent = Replace(entry, null, EntryOf(parent));
    }

    /// <summary>Says who leads the process group of a process: one of this table, or null when it is not known.</summary>
    public void SetGroupLeader(ProcessInfo process, ProcessInfo? leader)
    {
        ArgumentNullException.ThrowIfNull(process);
        process.GroupLeader = leader;
        if (EntryOf(process) is { } entry)
            entry.GroupLeader = Replace(entry, entry.GroupLeader, leader is null ? null : EntryOf(leader));
    }

    /// <summary>The same for its session.</summary>
    public void SetSessionLeader(ProcessInfo process, ProcessInfo? leader)
    {
        ArgumentNullException.ThrowIfNull(process);
        process.SessionLeader = leader;
        if (EntryOf(process) is { } entry)
            entry.SessionLeader = Replace(entry, entry.SessionLeader, leader is null ? null : EntryOf(leader));
    }

    /// <summary>A process has the leaders of its parent, even when the table has forgotten these.</summary>
    public void InheritLeaders(ProcessInfo child, ProcessInfo parent)
    {
        ArgumentNullException.ThrowIfNull(child);
        ArgumentNullException.ThrowIfNull(parent);
        child.GroupLeader = parent.GroupLeader;
        child.SessionLeader = parent.SessionLeader;
        if (EntryOf(child) is not { } entry || EntryOf(parent) is not { } from)
            return;
        entry.GroupLeader = Replace(entry, entry.GroupLeader, parent.GroupLeader == parent ? from : from.GroupLeader);
        entry.SessionLeader = Replace(entry, entry.SessionLeader, parent.SessionLeader == parent ? from : from.SessionLeader);
    }

    /// <summary>Notes that a process has ended; it is forgotten when events are so much later than now.</summary>
    public void End(ReadOnlySpan<char> entityId)
    {
        if (!_lookup.TryGetValue(entityId, out Entry? entry) || entry.ForgetAt != long.MaxValue)
            return;
        entry.ForgetAt = _now + _ticksAfterEnd;
        _running.Remove(entry.Place);
        _ended.AddLast(entry.Place);
    }

    /// <summary>Forgets a process now. It is for sources that know themselves for how long they need one that has ended.</summary>
    public void Remove(ReadOnlySpan<char> entityId)
    {
        if (_lookup.TryGetValue(entityId, out Entry? entry))
            Forget(entry);
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
        while (_ended.First is { } first && first.Value.ForgetAt <= _now)
            Forget(first.Value);
    }

    private Entry? FindEntry(ReadOnlySpan<char> entityId)
    {
        if (!_lookup.TryGetValue(entityId, out Entry? entry))
            return null;
        entry.LastUse = ++_uses;
        if (entry.ForgetAt != long.MaxValue)
            return entry;
        _running.Remove(entry.Place);
        _running.AddLast(entry.Place);
        return entry;
    }

    /// <summary>The process that has to go when there are too many: one that ended, if the event at hand cannot be about it, or else the one longest unused.</summary>
    private Entry LeastValuable()
    {
        bool isFree = _ended.First is { } ended && (_running.First is null || _free is null || _uses - ended.Value.LastUse >= MostOfAnEvent);
        return (isFree ? _ended : _running).First!.Value;
    }

    /// <summary>The entry of a process that is used again one day; null for any other.</summary>
    private Entry? EntryOf(ProcessInfo process) =>
        _free is not null && _lookup.TryGetValue(process.EntityId.Span, out Entry? entry) && entry.Process == process ? entry : null;

    private Text KeepIn(Entry entry, ReadOnlySpan<char> text) => _free is null ? text.ToString() : entry.Texts.Keep(text);

    private void Forget(Entry entry)
    {
        _byEntityId.Remove(entry.EntityId);
        entry.Place.List!.Remove(entry.Place);
        entry.IsForgotten = true;
        if (_free is null)
        {
            CutAncestry(entry.Process);
            return;
        }
        entry.Process.Parent = null;
        entry.Process.GroupLeader = null;
        entry.Process.SessionLeader = null;
        entry.GroupLeader = Replace(entry, entry.GroupLeader, null);
        entry.SessionLeader = Replace(entry, entry.SessionLeader, null);
        entry.Parent = Replace(entry, entry.Parent, null);
        ReuseIfUnused(entry);
    }

    /// <summary>A process tells of another than before, which stays what it is as long as it does. One that leads itself does not keep itself.</summary>
    /// <returns>Whom it keeps.</returns>
    private Entry? Replace(Entry holder, Entry? before, Entry? after)
    {
        Entry? held = after == holder ? null : after;
        if (held is not null)
            held.Holders++;
        if (before is not null)
        {
            before.Holders--;
            ReuseIfUnused(before);
        }
        return held;
    }

    /// <summary>Cuts the line of ancestors of a process that was forgotten behind some that were, too.</summary>
    private void CutAncestry(ProcessInfo process)
    {
        int forgotten = 1;
        for (ProcessInfo? ancestor = process.Parent; ancestor is not null; ancestor = ancestor.Parent)
        {
            if (_byEntityId.ContainsKey(ancestor.EntityId) || ++forgotten < MostForgottenAncestors)
                continue;
            ancestor.Parent = null;
            return;
        }
    }

    private void ReuseIfUnused(Entry entry)
    {
        if (_free is null || !entry.IsForgotten || entry.Holders > 0)
            return;
        entry.Process.Clear();
        entry.Texts.Clear();
        entry.ForgetAt = long.MaxValue;
        entry.IsForgotten = false;
        _free.Push(entry);
    }

    private sealed class Entry
    {
        public Entry(TextArena arena)
        {
            Texts = new KeptTexts(arena);
            Place = new LinkedListNode<Entry>(this);
        }

        /// <summary>By what the process is found, whatever becomes of its own field.</summary>
        public Text EntityId { get; set; }

        public ProcessInfo Process { get; } = new();

        /// <summary>The texts of the process, where it is used again.</summary>
        public KeptTexts Texts { get; }

        public LinkedListNode<Entry> Place { get; }

        /// <summary>The entry of the parent, where processes are used again.</summary>
        public Entry? Parent { get; set; }

        /// <summary>That of the leader of its process group; null when it is that itself.</summary>
        public Entry? GroupLeader { get; set; }

        /// <summary>That of the leader of its session; null when it is that itself.</summary>
        public Entry? SessionLeader { get; set; }

        /// <summary>How often processes in the table name this one as parent or leader.</summary>
        public int Holders { get; set; }

        public long ForgetAt { get; set; } = long.MaxValue;

        public long LastUse { get; set; }

        public bool IsForgotten { get; set; }
    }
}
