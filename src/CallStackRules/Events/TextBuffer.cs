namespace CallStackRules.Events;

/// <summary>
/// Characters of one event, appended and then forgotten together. Texts handed out stay valid until <see cref="Clear"/>.
/// </summary>
/// <remarks>
/// A text never moves: when a block is full the next one is used, so texts that were handed out keep pointing at the block they are in.
/// </remarks>
public sealed class TextBuffer
{
    private const int BlockLength = 16 * 1024;

    private readonly List<char[]> _blocks = [new char[BlockLength]];
    private int _block;
    private int _used;

    /// <summary>Copies characters and returns them as a text.</summary>
    public Text Add(ReadOnlySpan<char> characters)
    {
        Span<char> room = Reserve(characters.Length);
        characters.CopyTo(room);
        return Commit(characters.Length);
    }

    /// <summary>Room for up to <paramref name="length"/> characters, to be written and then taken with <see cref="Commit"/>.</summary>
    public Span<char> Reserve(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        while (_blocks[_block].Length - _used < length)
        {
            _block++;
            _used = 0;
            if (_block == _blocks.Count)
                _blocks.Add(new char[Math.Max(BlockLength, length)]);
        }
        return _blocks[_block].AsSpan(_used, length);
    }

    /// <summary>The first <paramref name="length"/> characters of the room last reserved, as a text.</summary>
    public Text Commit(int length)
    {
        var text = new Text(_blocks[_block], _used, length);
        _used += length;
        return text;
    }

    /// <summary>Forgets all texts. Blocks beyond the first few are given up, so that one huge event does not stay in memory.</summary>
    public void Clear()
    {
        const int blocksToKeep = 8;
        if (_blocks.Count > blocksToKeep)
            _blocks.RemoveRange(blocksToKeep, _blocks.Count - blocksToKeep);
        _block = 0;
        _used = 0;
    }
}
