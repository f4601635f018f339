using CallStackRules.Events;

namespace CallStackRules.Sequences;

/// <summary>
/// What lineage queries found out about a process: a bit a query. A source passes its bit down to the descendants it has, and a new process takes over what its
/// parent has, so that asking is a test of one bit.
/// </summary>
public sealed class ProcessFacts : IAged<ProcessFacts>
{
    private const int BitsPerWord = 64;

    /// <summary>In place of a query's number: nothing is known of it.</summary>
    internal const int NewQuery = -1;

    private ulong[] _sources;
    private ulong[] _parents;
    private ulong[] _ancestors;
    private TextBlock _id;
    private ProcessFacts? _parent;
    private ProcessFacts? _firstChild;
    private ProcessFacts? _previousSibling;
    private ProcessFacts? _nextSibling;

    /// <summary>Facts of no process yet.</summary>
    /// <param name="queries">How many lineage queries there are.</param>
    internal ProcessFacts(int queries)
    {
        int words = (queries + BitsPerWord - 1) / BitsPerWord;
        _sources = new ulong[words];
        _parents = new ulong[words];
        _ancestors = new ulong[words];
    }

    /// <summary>What identifies the process.</summary>
    internal Text Id { get; private set; }

    /// <summary>Whether the parent is known.</summary>
    internal bool IsLinked { get; private set; }

    /// <summary>When the process ended, in milliseconds; null while it runs for all that is known.</summary>
    internal long? End { get; set; }

    ProcessFacts? IAged<ProcessFacts>.Older { get; set; }

    ProcessFacts? IAged<ProcessFacts>.Newer { get; set; }

    /// <summary>Whether an event of the process itself matched a query.</summary>
    public bool IsSource(int query) => Test(_sources, query);

    /// <summary>Whether an event of the parent matched a query.</summary>
    public bool IsChild(int query) => Test(_parents, query);

    /// <summary>Whether an event of an ancestor matched a query.</summary>
    public bool IsDescendant(int query) => Test(_ancestors, query);

    /// <summary>Makes these the facts of a process of which nothing is known.</summary>
    internal void Begin(Text id, TextArena arena)
    {
        _id = arena.Rent(id.Length);
        id.Span.CopyTo(_id.Span);
        Id = _id.Text(0, id.Length);
    }

    /// <summary>Orders the bits for other rules.</summary>
    /// <param name="numbers">For each query its number so far, or <see cref="NewQuery"/>.</param>
    internal void Renumber(ReadOnlySpan<int> numbers)
    {
        _sources = Renumber(_sources, numbers);
        _parents = Renumber(_parents, numbers);
        _ancestors = Renumber(_ancestors, numbers);
    }

    /// <summary>Makes a process the parent, unless that would make it its own ancestor. The first parent stays.</summary>
    internal void LinkTo(ProcessFacts parent)
    {
        // Only what has children can be its parent's ancestor; a long chain of new processes must not be walked for each.
        for (ProcessFacts? ancestor = _firstChild is null ? null : parent; ancestor is not null; ancestor = ancestor._parent)
        {
            if (ancestor == this)
                return;
        }
        IsLinked = true;
        _parent = parent;
        _nextSibling = parent._firstChild;
        if (_nextSibling is not null)
            _nextSibling._previousSibling = this;
        parent._firstChild = this;
        for (int word = 0; word < _sources.Length; word++)
        {
            _parents[word] |= parent._sources[word];
            PassDown(word, parent._sources[word] | parent._ancestors[word]);
        }
    }

    /// <summary>Marks the process as a source, and with it its descendants.</summary>
    internal void MarkSource(int query)
    {
        int word = query / BitsPerWord;
        ulong bit = 1UL << (query % BitsPerWord);
        _sources[word] |= bit;
        for (ProcessFacts? child = _firstChild; child is not null; child = child._nextSibling)
        {
            child._parents[word] |= bit;
            child.PassDown(word, bit);
        }
    }

    /// <summary>Takes the process out of the tree and forgets it. Its children stay what they are.</summary>
    internal void Forget(TextArena arena)
    {
        for (ProcessFacts? child = _firstChild, next; child is not null; child = next)
        {
            next = child._nextSibling;
            child._parent = null;
            child._previousSibling = null;
            child._nextSibling = null;
        }
        _firstChild = null;
        if (_previousSibling is not null)
            _previousSibling._nextSibling = _nextSibling;
        else if (_parent is not null)
            _parent._firstChild = _nextSibling;
        if (_nextSibling is not null)
            _nextSibling._previousSibling = _previousSibling;
        _parent = null;
        _previousSibling = null;
        _nextSibling = null;
        Array.Clear(_sources);
        Array.Clear(_parents);
        Array.Clear(_ancestors);
        IsLinked = false;
        End = null;
        Id = default;
        arena.Return(_id);
        _id = default;
    }

    /// <summary>Makes this process and all below it descendants of sources. Walks the tree by its links: a deep one must not overflow the stack.</summary>
    private void PassDown(int word, ulong bits)
    {
        ProcessFacts at = this;
        while (true)
        {
            bool isNews = (at._ancestors[word] & bits) != bits;
            at._ancestors[word] |= bits;
            // What has the bits already has passed them on.
            if (isNews && at._firstChild is not null)
            {
                at = at._firstChild;
                continue;
            }
            while (at != this && at._nextSibling is null)
                at = at._parent!;
            if (at == this)
                return;
            at = at._nextSibling!;
        }
    }

    private static ulong[] Renumber(ulong[] bits, ReadOnlySpan<int> numbers)
    {
        var renumbered = new ulong[(numbers.Length + BitsPerWord - 1) / BitsPerWord];
        for (int query = 0; query < numbers.Length; query++)
        {
            if (numbers[query] != NewQuery && Test(bits, numbers[query]))
                renumbered[query / BitsPerWord] |= 1UL << (query % BitsPerWord);
        }
        return renumbered;
    }

    private static bool Test(ulong[] bits, int query) => (bits[query / BitsPerWord] & (1UL << (query % BitsPerWord))) != 0;
}
