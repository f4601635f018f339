using CallStackRules.Events;
using CallStackRules.Matching;

namespace CallStackRules.Sequences;

/// <summary>
/// The values that join events, written one after another into one reusable text: each with its type and length, so that two keys are the same values exactly when
/// they are the same characters.
/// </summary>
public sealed class JoinKey
{
    private const char Missing = 'N';
    private const char TextTag = 'T';
    private const char WholeTag = 'I';
    private const char FractionTag = 'F';
    private const char BooleanTag = 'B';
    private const char ListTag = 'L';

    private char[] _characters = new char[128];
    private int _length;

    /// <summary>The key as characters.</summary>
    public ReadOnlySpan<char> Span => _characters.AsSpan(0, _length);

    /// <summary>Empties the key.</summary>
    public void Clear() => _length = 0;

    /// <summary>Appends a text.</summary>
    /// <returns>False when it is missing and not optional.</returns>
    public bool Add(Text value, bool isOptional)
    {
        if (value.IsMissing)
            return AddMissing(isOptional);
        Append(TextTag, value.Length);
        Span<char> room = Reserve(value.Length);
        value.Span.CopyTo(room);
        return true;
    }

    /// <summary>Appends a whole number.</summary>
    /// <returns>False when it is missing and not optional.</returns>
    public bool Add(long? value, bool isOptional)
    {
        if (value is not { } number)
            return AddMissing(isOptional);
        Append(WholeTag, number);
        return true;
    }

    /// <summary>Appends a number; 1.0 is the same key as 1.</summary>
    /// <returns>False when it is missing and not optional.</returns>
    public bool Add(double? value, bool isOptional)
    {
        if (value is not { } number)
            return AddMissing(isOptional);
        if (Arithmetic.Whole(value) is { } whole)
            return Add((long?)whole, isOptional);
        Append(FractionTag, BitConverter.DoubleToInt64Bits(number));
        return true;
    }

    /// <summary>Appends a number of either kind.</summary>
    /// <returns>False when it is missing and not optional.</returns>
    public bool Add(Number value, bool isOptional) => value.Integer is not null ? Add(value.Integer, isOptional) : Add(value.Fraction, isOptional);

    /// <summary>Appends true or false.</summary>
    /// <returns>False when it is missing and not optional.</returns>
    public bool Add(bool? value, bool isOptional)
    {
        if (value is not { } flag)
            return AddMissing(isOptional);
        Append(BooleanTag, flag ? 1 : 0);
        return true;
    }

    /// <summary>Makes the values that were added last one list. A list of one value is the same key as the value.</summary>
    /// <param name="count">How many values the list has.</param>
    /// <param name="isOptional">Whether there may be none, which is missing.</param>
    /// <returns>False when the list is empty and not optional.</returns>
    /// <remarks>The number follows the values: read from the end, a key has one reading only.</remarks>
    public bool EndList(int count, bool isOptional)
    {
        if (count == 0)
            return AddMissing(isOptional);
        if (count > 1)
            Append(ListTag, count);
        return true;
    }

    private bool AddMissing(bool isOptional)
    {
        if (isOptional)
            Reserve(1)[0] = Missing;
        return isOptional;
    }

    /// <summary>A tag and 64 bits as four characters.</summary>
    private void Append(char tag, long bits)
    {
        Span<char> room = Reserve(5);
        room[0] = tag;
        for (int i = 0; i < 4; i++)
            room[i + 1] = (char)(bits >> (16 * i));
    }

    private Span<char> Reserve(int length)
    {
        if (_characters.Length - _length < length)
            Array.Resize(ref _characters, Math.Max(_characters.Length * 2, _length + length));
        Span<char> room = _characters.AsSpan(_length, length);
        _length += length;
        return room;
    }
}
