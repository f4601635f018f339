namespace CallStackRules.Events;

/// <summary>The texts of one object that outlives events, in blocks of an arena that go back to it together.</summary>
/// <param name="arena">Gives the room.</param>
public sealed class KeptTexts(TextArena arena)
{
    private const int BlockLength = 256;

    /// <summary>Blocks at most. Who describes one object again and again gets strings from there on, and cannot fill the arena.</summary>
    private const int MostBlocks = 256;

    private readonly List<TextBlock> _blocks = [];
    private TextBlock _current;
    private int _used;

    /// <summary>Copies a text. Valid until <see cref="Clear"/>; a missing text stays missing.</summary>
    public Text Keep(Text text) => text.IsMissing ? default : Keep(text.Span);

    /// <summary>Copies characters. Valid until <see cref="Clear"/>.</summary>
    public Text Keep(ReadOnlySpan<char> characters)
    {
        if (_blocks.Count == 0 || _current.Length - _used < characters.Length)
        {
            if (_blocks.Count == MostBlocks)
                return characters.ToString();
            _current = arena.Rent(Math.Max(BlockLength, characters.Length));
            _used = 0;
            _blocks.Add(_current);
        }
        characters.CopyTo(_current.Span[_used..]);
        Text kept = _current.Text(_used, characters.Length);
        _used += characters.Length;
        return kept;
    }

    /// <summary>Gives all room back: the texts are no longer valid.</summary>
    public void Clear()
    {
        foreach (TextBlock block in _blocks)
            arena.Return(block);
        _blocks.Clear();
        _current = default;
        _used = 0;
    }
}
