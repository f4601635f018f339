namespace CallStackRules.Events;

/// <summary>
/// Fields of an event that have no property of their own: mostly those of other products' recordings. Sparse: an event has few of them.
/// </summary>
public sealed class FurtherFields : IClearable
{
    private readonly Dictionary<string, Slot> _slots = new(StringComparer.Ordinal);
    private readonly List<Slot> _filled = [];
    private readonly List<string> _names = [];

    /// <summary>Whether there is any field.</summary>
    public bool Any => _filled.Count > 0;

    /// <summary>The names of the fields there are, in the order in which they were filled.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>A field's text; missing when it has none.</summary>
    public Text Text(string name) => Find(name) is { } slot ? slot.Text : default;

    /// <summary>A field's texts; null when it has none.</summary>
    public TextList? Texts(string name) => Find(name) is { Texts: { Count: > 0 } texts } ? texts : null;

    /// <summary>A field's whole number; null when it has none.</summary>
    public long? Long(string name) => Find(name)?.Long;

    /// <summary>A field's number; null when it has none.</summary>
    public double? Double(string name) => Find(name)?.Double;

    /// <summary>A field's truth value; null when it has none.</summary>
    public bool? Bool(string name) => Find(name)?.Bool;

    /// <summary>Sets a field's text.</summary>
    public void Set(string name, Text value) => Fill(name).Text = value;

    /// <summary>Sets a field's whole number.</summary>
    public void Set(string name, long? value) => Fill(name).Long = value;

    /// <summary>Sets a field's number.</summary>
    public void Set(string name, double? value) => Fill(name).Double = value;

    /// <summary>Sets a field's truth value.</summary>
    public void Set(string name, bool? value) => Fill(name).Bool = value;

    /// <summary>The list of a field of several texts, to be filled.</summary>
    public TextList FillTexts(string name) => Fill(name).Texts ??= new TextList();

    /// <inheritdoc/>
    public void Clear()
    {
        foreach (Slot slot in _filled)
            slot.Clear();
        _filled.Clear();
        _names.Clear();
    }

    // Nothing is looked up in the events of sources that fill nothing here.
    private Slot? Find(string name) => _filled.Count > 0 && _slots.TryGetValue(name, out Slot? slot) ? slot : null;

    /// <summary>The room of a field, which is made once.</summary>
    private Slot Fill(string name)
    {
        if (!_slots.TryGetValue(name, out Slot? slot))
            _slots.Add(name, slot = new Slot());
        if (!slot.IsFilled)
        {
            slot.IsFilled = true;
            _filled.Add(slot);
            _names.Add(name);
        }
        return slot;
    }

    private sealed class Slot
    {
        public bool IsFilled { get; set; }

        public Text Text { get; set; }

        public TextList? Texts { get; set; }

        public long? Long { get; set; }

        public double? Double { get; set; }

        public bool? Bool { get; set; }

        public void Clear()
        {
            IsFilled = false;
            Text = default;
            Texts?.Clear();
            Long = null;
            Double = null;
            Bool = null;
        }
    }
}
