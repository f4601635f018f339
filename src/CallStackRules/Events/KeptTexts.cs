using System.Runtime.InteropServices;

namespace CallStackRules.Events;

/// <summary>The texts of one object that outlives events, in blocks of an arena that go back to it together.</summary>
/// <remarks>Each block begins with where the one before is, so that nothing is needed but the last.</remarks>
/// <param name="arena">Gives the room.</param>
public sealed class KeptTexts(TextArena arena)
{
    private const int BlockLength = 256;

    /// <summary>Characters at most. Who describes one object again and again gets strings from there on, and cannot fill the arena.</summary>
    private const int MostCharacters = 128 * 1024;

    /// <summary>Characters at the beginning of a block: number and length of the block before.</summary>
    private const int LinkLength = 4;

    private TextBlock _last;
    private int _used;
    private int _total;

    /// <summary>Copies a text. Valid until <see cref="Clear"/>; a missing text stays missing.</summary>
    public Text Keep(Text text) => text.IsMissing ? default : Keep(text.Span);

    /// <summary>Copies characters. Valid until <see cref="Clear"/>.</summary>
    public Text Keep(ReadOnlySpan<char> characters)
    {
        if (_last.Room is null || _last.Length - _used < characters.Length)
        {
            int length = Math.Max(BlockLength, LinkLength + characters.Length);
            if (length > TextArena.SlabLength || _total + length > MostCharacters)
                return characters.ToString();
            Begin(arena.Rent(length));
        }
        characters.CopyTo(_last.Span[_used..]);
        Text kept = _last.Text(_used, characters.Length);
        _used += characters.Length;
        return kept;
    }

    /// <summary>Gives all room back: the texts are no longer valid.</summary>
    public void Clear()
    {
        while (_last.Room is not null)
        {
            Span<int> link = Link(_last);
            (int number, int length) = (link[0], link[1]);
            arena.Return(_last);
            _last = length == 0 ? default : arena.BlockOf(number, length);
        }
        _used = 0;
        _total = 0;
    }

    private void Begin(TextBlock block)
    {
        Span<int> link = Link(block);
        link[0] = _last.Number;
        link[1] = _last.Length;
        _last = block;
        _used = LinkLength;
        _total += block.Length;
    }

    private static Span<int> Link(TextBlock block) => MemoryMarshal.Cast<char, int>(block.Span[..LinkLength]);
}
