using System.Numerics;
using CallStackRules.Events;

namespace CallStackRules.Matching;

/// <summary>A fixed set of texts, up to many thousands.</summary>
/// <remarks>
/// Items are grouped by length. Within a group a small open table is probed by a few units at the places where the items of that group differ most, so a text
/// is mostly refused by its length or by three of its units, and compared with an item once when it is accepted.
/// </remarks>
public sealed class TextSet
{
    private readonly bool _ignoreCase;
    private readonly Group?[] _groupsByLength;

    /// <summary>Prepares a set.</summary>
    /// <param name="ignoreCase">Whether case is ignored, one UTF-16 unit to one unit.</param>
    /// <param name="items">The texts; equal ones count once.</param>
    public TextSet(bool ignoreCase, params string[] items)
    {
        ArgumentNullException.ThrowIfNull(items);
        _ignoreCase = ignoreCase;
        _groupsByLength = new Group?[items.Length == 0 ? 0 : items.Max(item => item.Length) + 1];
        foreach (IGrouping<int, string> group in items.GroupBy(item => item.Length))
            _groupsByLength[group.Key] = new Group(Distinct(group, ignoreCase), ignoreCase);
    }

    /// <summary>Whether the text is one of the set; a missing text never is.</summary>
    public bool Contains(Text text) => !text.IsMissing && Contains(text.Span);

    internal bool Contains(ReadOnlySpan<char> text) =>
        text.Length < _groupsByLength.Length && _groupsByLength[text.Length] is { } group && group.Contains(text, _ignoreCase);

    private static string[] Distinct(IEnumerable<string> items, bool ignoreCase)
    {
        // The runtime's comparer joins a few texts that differ in surrogates; ordinal equality is never too coarse.
        IEnumerable<string> ordinal = items.Distinct(StringComparer.Ordinal);
        return ignoreCase
            ? [.. ordinal.GroupBy(item => item, StringComparer.OrdinalIgnoreCase).SelectMany(same => UnitComparison.HasSurrogates(same.Key) ? same : same.Take(1))]
            : [.. ordinal];
    }

    /// <summary>The items of one length.</summary>
    private sealed class Group
    {
        private const int Probes = 3;

        private readonly int[] _places = new int[Probes];
        private readonly string?[] _table;

        public Group(string[] items, bool ignoreCase)
        {
            ChoosePlaces(items, ignoreCase);
            // At most half full, so that a probe soon meets an empty slot.
            _table = new string?[(int)BitOperations.RoundUpToPowerOf2((uint)items.Length * 2)];
            foreach (string item in items)
            {
                int slot = Slot(item, ignoreCase);
                while (_table[slot] is not null)
                    slot = (slot + 1) & (_table.Length - 1);
                _table[slot] = item;
            }
        }

        public bool Contains(ReadOnlySpan<char> text, bool ignoreCase)
        {
            for (int slot = Slot(text, ignoreCase); _table[slot] is { } item; slot = (slot + 1) & (_table.Length - 1))
            {
                if (UnitComparison.AreEqual(text, item, ignoreCase))
                    return true;
            }
            return false;
        }

        /// <summary>Picks, one after another, the place that splits the items into most parts.</summary>
        private void ChoosePlaces(string[] items, bool ignoreCase)
        {
            int[] parts = new int[items.Length];
            int length = items[0].Length;
            for (int probe = 0; probe < Probes; probe++)
            {
                int best = 0, bestCount = 0;
                var seen = new HashSet<(int, char)>();
                for (int place = 0; place < length; place++)
                {
                    seen.Clear();
                    for (int i = 0; i < items.Length; i++)
                        seen.Add((parts[i], Fold(items[i][place], ignoreCase)));
                    if (seen.Count > bestCount)
                        (best, bestCount) = (place, seen.Count);
                }
                _places[probe] = best;
                var numbers = new Dictionary<(int, char), int>();
                for (int i = 0; i < items.Length && length > 0; i++)
                {
                    (int, char) part = (parts[i], Fold(items[i][best], ignoreCase));
                    if (!numbers.TryGetValue(part, out int number))
                        numbers.Add(part, number = numbers.Count);
                    parts[i] = number;
                }
            }
        }

        private int Slot(ReadOnlySpan<char> text, bool ignoreCase)
        {
            if (text.IsEmpty)
                return 0;
            uint hash = 0;
            foreach (int place in _places)
                hash = (hash ^ Fold(text[place], ignoreCase)) * 0x9E3779B1;
            // The high half of a multiplicative hash is the well mixed one.
            return (int)(hash >> 16) & (_table.Length - 1);
        }

        /// <summary>A unit that units which count as equal share: those that are equal but for case have one upper case.</summary>
        private static char Fold(char unit, bool ignoreCase) => ignoreCase ? char.ToUpperInvariant(unit) : unit;
    }
}
