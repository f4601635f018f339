using System.Runtime.InteropServices;
using CallStackRules.Events;
using CallStackRules.Matching;

namespace CallStackRules.Sequences;

/// <summary>
/// What is kept of an event that matched a step: the values of the rule's fields for that step. Fields are numbered in the order of
/// <see cref="StepsPlan.KeptFields"/>; each has no, one or several values.
/// </summary>
/// <remarks>All is in one block: where each field's values end, the values, and the characters of those that are texts.</remarks>
public sealed class Snapshot
{
    private const int CharactersPerEnd = sizeof(int) / sizeof(char);
    private const int CharactersPerValue = KeptValue.Size / sizeof(char);

    private TextBlock _block;
    private int _count;

    /// <summary>When the event happened, in milliseconds since 1970-01-01 UTC.</summary>
    public long Time { get; internal set; }

    /// <summary>The number of the event, by arrival.</summary>
    internal long Arrival { get; set; }

    /// <summary>How many fields are kept.</summary>
    public int FieldCount { get; private set; }

    /// <summary>How many values a field has.</summary>
    public int Count(int field) => End(field) - Start(field);

    /// <summary>What kind of value a field has at a place; <see cref="ValueKind.Missing"/> behind the last.</summary>
    public ValueKind Kind(int field, int index = 0) => index < Count(field) ? Value(field, index).Kind : ValueKind.Missing;

    /// <summary>A field's text at a place; missing when there is none.</summary>
    public Text Text(int field, int index = 0)
    {
        if (Kind(field, index) != ValueKind.Text)
            return default;
        KeptValue value = Value(field, index);
        return _block.Text(ValuesStart + (_count * CharactersPerValue) + (int)value.Bits, value.Length);
    }

    /// <summary>A field's number at a place; missing when there is none.</summary>
    public Number Number(int field, int index = 0) => Kind(field, index) switch
    {
        // Without the casts the arms would agree on a fraction.
        ValueKind.Whole => (Number)(long?)Value(field, index).Bits,
        ValueKind.Fraction => (Number)(double?)BitConverter.Int64BitsToDouble(Value(field, index).Bits),
        _ => default,
    };

    /// <summary>A field's Boolean at a place; null when there is none.</summary>
    public bool? Boolean(int field, int index = 0) => Kind(field, index) == ValueKind.Boolean ? Value(field, index).Bits != 0 : null;

    /// <summary>Takes over what was written, in place of what is kept.</summary>
    /// <param name="writer">What was written.</param>
    /// <param name="arena">Gives the room, always the same one for a snapshot.</param>
    public void Set(SnapshotWriter writer, TextArena arena)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Clear(arena);
        FieldCount = writer.Ends.Length;
        _count = writer.Values.Length;
        _block = arena.Rent((FieldCount * CharactersPerEnd) + (_count * CharactersPerValue) + writer.Characters.Length);
        Span<char> room = _block.Span;
        MemoryMarshal.Cast<int, char>(writer.Ends).CopyTo(room);
        MemoryMarshal.Cast<KeptValue, char>(writer.Values).CopyTo(room[ValuesStart..]);
        writer.Characters.CopyTo(room[(ValuesStart + (_count * CharactersPerValue))..]);
    }

    /// <summary>Forgets all fields and gives the room back: texts that were read are no longer valid.</summary>
    public void Clear(TextArena arena)
    {
        ArgumentNullException.ThrowIfNull(arena);
        arena.Return(_block);
        _block = default;
        FieldCount = 0;
        _count = 0;
    }

    private int ValuesStart => FieldCount * CharactersPerEnd;

    private int Start(int field) => field == 0 ? 0 : End(field - 1);

    private int End(int field)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)field, (uint)FieldCount, nameof(field));
        return Read<int>(field * CharactersPerEnd);
    }

    private KeptValue Value(int field, int index) => Read<KeptValue>(ValuesStart + ((Start(field) + index) * CharactersPerValue));

    private T Read<T>(int start)
        where T : unmanaged => MemoryMarshal.Read<T>(MemoryMarshal.AsBytes(_block.Span[start..]));
}
