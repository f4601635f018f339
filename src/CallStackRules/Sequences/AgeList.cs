namespace CallStackRules.Sequences;

/// <summary>Something that stands in an <see cref="AgeList{T}"/>.</summary>
/// <typeparam name="T">The thing itself.</typeparam>
internal interface IAged<T>
    where T : class
{
    /// <summary>What was put in before.</summary>
    T? Older { get; set; }

    /// <summary>What was put in after.</summary>
    T? Newer { get; set; }
}

/// <summary>Things in the order in which they were put in. The things hold the links, so that one in the middle is taken out at once and nothing is allocated.</summary>
/// <typeparam name="T">The things; each is in one list at most.</typeparam>
internal sealed class AgeList<T>
    where T : class, IAged<T>
{
    private T? _newest;

    /// <summary>What was put in first; null when the list is empty.</summary>
    public T? Oldest { get; private set; }

    /// <summary>Puts in a thing that is in no list.</summary>
    public void Add(T item)
    {
        item.Older = _newest;
        item.Newer = null;
        if (_newest is not null)
            _newest.Newer = item;
        _newest = item;
        Oldest ??= item;
    }

    /// <summary>Takes out a thing that is in this list.</summary>
    public void Remove(T item)
    {
        if (item.Older is null)
            Oldest = item.Newer;
        else
            item.Older.Newer = item.Newer;
        if (item.Newer is null)
            _newest = item.Older;
        else
            item.Newer.Older = item.Older;
    }
}
