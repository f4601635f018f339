using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CallStackRules.Events;

/// <summary>
/// A piece of text that is not copied: part of a shared string or of a reused buffer. Missing (the default) differs from empty.
/// </summary>
/// <remarks>
/// A text over a buffer is valid until its owner reuses the buffer: for fields of an event, until the event is cleared.
/// </remarks>
public readonly struct Text : IEquatable<Text>
{
    private readonly object? _owner;
    private readonly int _start;
    private readonly int _length;

    /// <summary>The whole of a string; a null string is <see cref="Missing"/>.</summary>
    public Text(string? value)
    {
        _owner = value;
        _length = value?.Length ?? 0;
    }

    /// <summary>Part of a buffer, in UTF-16 units.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the buffer.</exception>
    public Text(char[] buffer, int start, int length)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start, (uint)buffer.Length, nameof(start));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)(buffer.Length - start), nameof(length));
        _owner = buffer;
        _start = start;
        _length = length;
    }

    private Text(object owner, int start, int length)
    {
        _owner = owner;
        _start = start;
        _length = length;
    }

    /// <summary>The text of a field that the event does not have.</summary>
    public static Text Missing => default;

    /// <summary>Whether there is no text at all; an empty text is not missing.</summary>
    public bool IsMissing => _owner is null;

    /// <summary>Length in UTF-16 units; 0 when missing.</summary>
    public int Length => _length;

    /// <summary>The characters; empty when missing.</summary>
    public ReadOnlySpan<char> Span
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (_owner is string text)
                return text.AsSpan(_start, _length);
            // The constructors let in nothing but a string or a char[] with its range checked.
            return _owner is null ? default : MemoryMarshal.CreateReadOnlySpan(
                ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Unsafe.As<char[]>(_owner)), _start), _length);
        }
    }

    /// <summary>A part of this text, sharing its storage.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside this text.</exception>
    public Text Slice(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start, (uint)_length, nameof(start));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)(_length - start), nameof(length));
        return _owner is null ? default : new Text(_owner, _start + start, length);
    }

    /// <summary>A string is a text; null is a missing one.</summary>
    public static implicit operator Text(string? value) => new(value);

    /// <summary>Whether both are missing, or both are the same characters (ordinal).</summary>
    public bool Equals(Text other) => IsMissing == other.IsMissing && Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Text other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => IsMissing ? 0 : string.GetHashCode(Span, StringComparison.Ordinal);

    /// <summary>Equality of characters and of being missing.</summary>
    public static bool operator ==(Text left, Text right) => left.Equals(right);

    /// <summary>Inequality of characters or of being missing.</summary>
    public static bool operator !=(Text left, Text right) => !left.Equals(right);

    /// <summary>The text as a string, empty when missing. Allocates unless it is the whole of a string.</summary>
    public override string ToString() => _owner is string text && _start == 0 && _length == text.Length ? text : Span.ToString();
}
