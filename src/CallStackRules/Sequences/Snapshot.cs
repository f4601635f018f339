using CallStackRules.Events;
using CallStackRules.Matching;

namespace CallStackRules.Sequences;

/// <summary>
/// What is kept of an event that matched a step: the values of the rule's fields for that step, copied into room that is reused. Fields are numbered in the
/// order of <see cref="StepsPlan.KeptFields"/>; each has no, one or several values.
/// </summary>
public sealed class Snapshot
{
    private int[] _ends = new int[8];
    private Value[] _values = new Value[8];
    private char[] _characters = new char[64];
    private int _fields;
    private int _count;
    private int _used;

    /// <summary>When the event happened, in milliseconds since 1970-01-01 UTC.</summary>
    public long Time { get; internal set; }

    /// <summary>The number of the event, by arrival.</summary>
    internal long Arrival { get; set; }

    /// <summary>How many fields are kept.</summary>
    public int FieldCount => _fields;

    /// <summary>Forgets all fields.</summary>
    public void Clear()
    {
        _fields = 0;
        _count = 0;
        _used = 0;
    }

    /// <summary>Appends a value to the field that is being written.</summary>
    public void Add(Text value)
    {
        if (value.IsMissing)
            return;
        // What describes a process is a string that its events share, and need not be copied.
        if (value.SharedString is { } shared)
        {
            Append(new Value(ValueKind.Text, 0, value.Length, shared));
            return;
        }
        if (_characters.Length - _used < value.Length)
            Array.Resize(ref _characters, Math.Max(_characters.Length * 2, _used + value.Length));
        value.Span.CopyTo(_characters.AsSpan(_used));
        Append(new Value(ValueKind.Text, _used, value.Length, null));
        _used += value.Length;
    }

    /// <summary>Appends a value to the field that is being written.</summary>
    public void Add(long? value)
    {
        if (value is { } number)
            Append(new Value(ValueKind.Whole, number, 0, null));
    }

    /// <summary>Appends a value to the field that is being written.</summary>
    public void Add(double? value)
    {
        if (value is { } number)
            Append(new Value(ValueKind.Fraction, BitConverter.DoubleToInt64Bits(number), 0, null));
    }

    /// <summary>Appends a value to the field that is being written.</summary>
    public void Add(Number value)
    {
        Add(value.Integer);
        Add(value.Fraction);
    }

    /// <summary>Appends a value to the field that is being written.</summary>
    public void Add(bool? value)
    {
        if (value is { } flag)
            Append(new Value(ValueKind.Boolean, flag ? 1 : 0, 0, null));
    }

    /// <summary>Ends the field that is being written; the next value belongs to the next field.</summary>
    public void EndField()
    {
        if (_fields == _ends.Length)
            Array.Resize(ref _ends, _fields * 2);
        _ends[_fields++] = _count;
    }

    /// <summary>How many values a field has.</summary>
    public int Count(int field) => _ends[field] - Start(field);

    /// <summary>What kind of value a field has at a place; <see cref="ValueKind.Missing"/> behind the last.</summary>
    public ValueKind Kind(int field, int index = 0) => index < Count(field) ? _values[Start(field) + index].Kind : ValueKind.Missing;

    /// <summary>A field's text at a place; missing when there is none.</summary>
    public Text Text(int field, int index = 0)
    {
        if (Kind(field, index) != ValueKind.Text)
            return default;
        Value value = _values[Start(field) + index];
        return value.Shared is null ? new Text(_characters, (int)value.Bits, value.Length) : new Text(value.Shared);
    }

    /// <summary>A field's number at a place; missing when there is none.</summary>
    public Number Number(int field, int index = 0) => Kind(field, index) switch
    {
        // Without the casts the arms would agree on a fraction.
        ValueKind.Whole => (Number)(long?)_values[Start(field) + index].Bits,
        ValueKind.Fraction => (Number)(double?)BitConverter.Int64BitsToDouble(_values[Start(field) + index].Bits),
        _ => default,
    };

    /// <summary>A field's Boolean at a place; null when there is none.</summary>
    public bool? Boolean(int field, int index = 0) => Kind(field, index) == ValueKind.Boolean ? _values[Start(field) + index].Bits != 0 : null;

    private int Start(int field) => field == 0 ? 0 : _ends[field - 1];

    private void Append(Value value)
    {
        if (_count == _values.Length)
            Array.Resize(ref _values, _count * 2);
        _values[_count++] = value;
    }

    private readonly record struct Value(ValueKind Kind, long Bits, int Length, string? Shared);
}

/// <summary>What kind a kept value is of.</summary>
public enum ValueKind
{
    /// <summary>No value.</summary>
    Missing,
    /// <summary>Text.</summary>
    Text,
    /// <summary>A whole number.</summary>
    Whole,
    /// <summary>A number with a fraction.</summary>
    Fraction,
    /// <summary>True or false.</summary>
    Boolean,
}
