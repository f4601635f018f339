namespace CallStackRules.Events;

/// <summary>A reusable list of objects with fields. Empty is missing.</summary>
/// <typeparam name="T">The kind of object.</typeparam>
public sealed class ObjectList<T> : IClearable, IObjectList
    where T : class, IClearable, new()
{
    private readonly List<T> _items = [];

    /// <summary>How many objects there are.</summary>
    public int Count { get; private set; }

    /// <summary>The object at a place, from 0. Valid until the list is cleared.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return _items[index];
        }
    }

    /// <summary>Appends an object without any field. Allocates only when the list has never been this long.</summary>
    public T Add()
    {
        if (Count == _items.Count)
            _items.Add(new T());
        return _items[Count++];
    }

    object IObjectList.ItemAt(int index) => this[index];

    object IObjectList.AddItem() => Add();

    /// <inheritdoc/>
    public void Clear()
    {
        for (int i = 0; i < Count; i++)
            _items[i].Clear();
        Count = 0;
    }
}
