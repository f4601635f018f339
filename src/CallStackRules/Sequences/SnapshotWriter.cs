using CallStackRules.Events;
using CallStackRules.Matching;

namespace CallStackRules.Sequences;

/// <summary>Takes the values of an event's fields, one after another, into room that is reused, until a <see cref="Snapshot"/> keeps them.</summary>
public sealed class SnapshotWriter
{
    /// <summary>Characters that there is room for from the beginning: a command line of Windows has up to 32,767, and is kept beside its arguments.</summary>
    private const int PreparedCharacters = 128 * 1024;

    private int[] _ends = new int[16];
    private KeptValue[] _values = new KeptValue[32];
    private char[] _characters = new char[PreparedCharacters];
    private int _fields;
    private int _count;
    private int _used;

    /// <summary>For each field, how many values there are with its last.</summary>
    internal ReadOnlySpan<int> Ends => _ends.AsSpan(0, _fields);

    /// <summary>The values of all fields.</summary>
    internal ReadOnlySpan<KeptValue> Values => _values.AsSpan(0, _count);

    /// <summary>The characters of all texts.</summary>
    internal ReadOnlySpan<char> Characters => _characters.AsSpan(0, _used);

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
        if (_characters.Length - _used < value.Length)
            Array.Resize(ref _characters, Math.Max(_characters.Length * 2, _used + value.Length));
        value.Span.CopyTo(_characters.AsSpan(_used));
        Append(new KeptValue(_used, value.Length, ValueKind.Text));
        _used += value.Length;
    }

    /// <summary>Appends a value to the field that is being written.</summary>
    public void Add(long? value)
    {
        if (value is { } number)
            Append(new KeptValue(number, 0, ValueKind.Whole));
    }

    /// <summary>Appends a value to the field that is being written.</summary>
    public void Add(double? value)
    {
        if (value is { } number)
            Append(new KeptValue(BitConverter.DoubleToInt64Bits(number), 0, ValueKind.Fraction));
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
            Append(new KeptValue(flag ? 1 : 0, 0, ValueKind.Boolean));
    }

    /// <summary>Ends the field that is being written; the next value belongs to the next field.</summary>
    public void EndField()
    {
        if (_fields == _ends.Length)
            Array.Resize(ref _ends, _fields * 2);
        _ends[_fields++] = _count;
    }

    private void Append(KeptValue value)
    {
        if (_count == _values.Length)
            Array.Resize(ref _values, _count * 2);
        _values[_count++] = value;
    }
}
