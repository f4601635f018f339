using CallStackRules.Events;

namespace CallStackRules.Capture.Sources;

/// <summary>One string for each text that many things have in common: digests and signers of files, names of accounts.</summary>
/// <remarks>When there are too many it begins anew, so that made-up texts cannot fill the memory; strings that were handed out stay.</remarks>
internal sealed class SharedTexts
{
    private const int Capacity = 64 * 1024;

    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public SharedTexts() => _lookup = _texts.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>A text of an event as one that stays. Allocates for new texts only; a missing text stays missing.</summary>
    public Text Keep(Text text) => text.IsMissing ? text : Keep(text.Span);

    /// <summary>Characters of an event as a text that stays. Allocates for new texts only.</summary>
    public string Keep(ReadOnlySpan<char> text)
    {
        if (_lookup.TryGetValue(text, out string? known))
            return known;
        if (_texts.Count == Capacity)
            _texts.Clear();
        string kept = text.ToString();
        _texts.Add(kept);
        return kept;
    }
}
