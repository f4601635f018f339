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
        private readonly (int First, int Second, int Third) _places;
        private readonly string?[] _table;
        private readonly int _shift;

        public Group(string[] items, bool ignoreCase)
        {
            int[] parts = new int[items.Length];
            _places = (ChoosePlace(items, parts, ignoreCase), ChoosePlace(items, parts, ignoreCase), ChoosePlace(items, parts, ignoreCase));
            // At most half full, so that a probe soon meets an empty slot.
            _table = new string?[(int)BitOperations.RoundUpToPowerOf2((uint)items.Length * 2)];
            _shift = 32 - BitOperations.Log2((uint)_table.Length);
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

        /// <summary>Picks the place that splits the parts, into which earlier places split the items, into most parts; and splits them.</summary>
        private static int ChoosePlace(string[] items, int[] parts, bool ignoreCase)
        {
            int best = 0;
            var bestNumbers = new Dictionary<(int Part, char Unit), int>();
            for (int place = 0; place < items[0].Length; place++)
            {
                var numbers = new Dictionary<(int Part, char Unit), int>();
                for (int i = 0; i < items.Length; i++)
                    numbers.TryAdd((parts[i], Fold(items[i][place], ignoreCase)), numbers.Count);
                if (numbers.Count > bestNumbers.Count)
                    (best, bestNumbers) = (place, numbers);
            }
            for (int i = 0; i < items.Length && bestNumbers.Count > 0; i++)
                parts[i] = bestNumbers[(parts[i], Fold(items[i][best], ignoreCase))];
            return best;
        }

        private int Slot(ReadOnlySpan<char> text, bool ignoreCase)
        {
            if (text.IsEmpty)
                return 0;
            uint hash = Fold(text[_places.First], ignoreCase);
            hash = (hash * 0x9E3779B1) ^ Fold(text[_places.Second], ignoreCase);
            hash = (hash * 0x9E3779B1) ^ Fold(text[_places.Third], ignoreCase);
            // The high bits of a multiplicative hash are the well mixed ones.
            return (int)((hash * 0x9E3779B1) >> _shift);
        }

        /// <summary>A unit that units which count as equal share: those that are equal but for case have one upper case.</summary>
        private static char Fold(char unit, bool ignoreCase)
        {
            if (!ignoreCase)
                return unit;
            if (char.IsAscii(unit))
                return char.IsAsciiLetterLower(unit) ? (char)(unit & ~0x20) : unit;
            return char.ToUpperInvariant(unit);
        }
    }
}
