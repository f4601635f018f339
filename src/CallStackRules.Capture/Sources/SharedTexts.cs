using CallStackRules.Events;

namespace CallStackRules.Capture.Sources;

/// <summary>One copy of each text that many things have in common: digests and signers of files, names of accounts.</summary>
/// <remarks>When there are too many it begins anew, so that made-up texts cannot fill the memory; texts that were handed out stay.</remarks>
internal sealed class SharedTexts
{
    private const int Capacity = 64 * 1024;

    /// <summary>Characters that there is room for with each prepared text: most are digests.</summary>
    private const int CharactersOfText = 64;

    private readonly HashSet<Text> _texts;
    private readonly HashSet<Text>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private TextArena _room = new();

    /// <summary>Prepares an empty collection.</summary>
    /// <param name="prepared">Texts there is room for from the beginning.</param>
    public SharedTexts(int prepared = 0)
    {
        _texts = new HashSet<Text>(prepared, TextComparer.Ordinal);
        _lookup = _texts.GetAlternateLookup<ReadOnlySpan<char>>();
        _room.Prepare((long)prepared * CharactersOfText);
    }

    /// <summary>A text of an event as one that stays. Allocates for new texts only, when there is no room; a missing text stays missing.</summary>
    public Text Keep(Text text) => text.IsMissing ? text : Keep(text.Span);

    /// <summary>Characters of an event as a text that stays. Allocates for new texts only, when there is no room.</summary>
    public Text Keep(ReadOnlySpan<char> text)
    {
        if (_lookup.TryGetValue(text, out Text known))
            return known;
        if (_texts.Count == Capacity)
        {
            _texts.Clear();
            _room = new TextArena();
        }
        TextBlock block = _room.Rent(text.Length);
        text.CopyTo(block.Span);
        Text kept = block.Text(0, text.Length);
        _texts.Add(kept);
        return kept;
    }
}
