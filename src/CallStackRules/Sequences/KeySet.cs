using CallStackRules.Events;

namespace CallStackRules.Sequences;

/// <summary>A set of keys of limited size: when it is full, the key that was added first is forgotten.</summary>
internal sealed class KeySet
{
    private readonly Entry[] _entries;
    private readonly int[] _buckets;
    private readonly TextArena _arena;
    private int _count;
    private int _oldest;

    /// <param name="capacity">How many keys are remembered.</param>
    /// <param name="arena">Room for the keys.</param>
    public KeySet(int capacity, TextArena arena)
    {
        _arena = arena;
        _entries = new Entry[capacity];
        // A place in the table, from 1; 0 is none.
        _buckets = new int[capacity];
    }

    /// <summary>How many keys were forgotten because there were too many.</summary>
    public long Evicted { get; private set; }

    /// <summary>Adds a key.</summary>
    /// <returns>False when it is there already.</returns>
    public bool Add(ReadOnlySpan<char> key)
    {
        int hash = string.GetHashCode(key, StringComparison.Ordinal);
        ref int bucket = ref Bucket(hash);
        for (int place = bucket; place > 0; place = _entries[place - 1].Next)
        {
            if (_entries[place - 1].Hash == hash && _entries[place - 1].Key.SequenceEqual(key))
                return false;
        }
        int free = _count < _entries.Length ? _count++ : ForgetOldest();
        _entries[free].Set(key, hash, next: bucket, _arena);
        bucket = free + 1;
        return true;
    }

    private ref int Bucket(int hash) => ref _buckets[(uint)hash % (uint)_buckets.Length];

    private int ForgetOldest()
    {
        int oldest = _oldest;
        _oldest = (_oldest + 1) % _entries.Length;
        ref int link = ref Bucket(_entries[oldest].Hash);
        while (link != oldest + 1)
            link = ref _entries[link - 1].Next;
        link = _entries[oldest].Next;
        Evicted++;
        return oldest;
    }

    private struct Entry
    {
        private TextBlock _characters;
        private int _length;

        public int Hash { get; private set; }

        public int Next;

        public readonly ReadOnlySpan<char> Key => _characters.Span[.._length];

        public void Set(ReadOnlySpan<char> key, int hash, int next, TextArena arena)
        {
            arena.Return(_characters);
            _characters = arena.Rent(key.Length);
            key.CopyTo(_characters.Span);
            _length = key.Length;
            Hash = hash;
            Next = next;
        }
    }
}
