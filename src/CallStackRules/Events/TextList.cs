namespace CallStackRules.Events;

/// <summary>A reusable list of texts: the values of a field that has several. Empty is missing.</summary>
public sealed class TextList
{
    private Text[] _items = [];

    /// <summary>How many texts there are.</summary>
    public int Count { get; private set; }

    /// <summary>The text at a place, from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public Text this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return _items[index];
        }
    }

    /// <summary>Appends a text. Allocates only when the list has never been this long.</summary>
    public void Add(Text text)
    {
        if (Count == _items.Length)
            Array.Resize(ref _items, Math.Max(4, Count * 2));
        _items[Count++] = text;
    }

    /// <summary>Removes all texts and keeps the room for them.</summary>
    public void Clear()
    {
        if (Count == 0)
            return;
        Array.Clear(_items, 0, Count);
        Count = 0;
    }
}
