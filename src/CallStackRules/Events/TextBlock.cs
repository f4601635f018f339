namespace CallStackRules.Events;

/// <summary>Room in a <see cref="TextArena"/>, until it is given back; the default is no room.</summary>
public readonly struct TextBlock
{
    internal TextBlock(char[] room, int start, int length, int number)
    {
        Room = room;
        Start = start;
        Length = length;
        Number = number;
    }

    internal char[]? Room { get; }

    internal int Start { get; }

    /// <summary>The block's number in its arena.</summary>
    internal int Number { get; }

    /// <summary>How many characters there is room for.</summary>
    public int Length { get; }

    /// <summary>The room.</summary>
    public Span<char> Span => Room.AsSpan(Start, Length);

    /// <summary>A part of what is written here. Valid until the block is given back.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the block.</exception>
    public Text Text(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start, (uint)Length, nameof(start));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)(Length - start), nameof(length));
        return Room is null ? default : new Text(Room, Start + start, length);
    }
}
