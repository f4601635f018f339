using System.Buffers.Binary;
using System.Text;

namespace CallStackRules.Capture.Symbols;

/// <summary>Functions by address. A name becomes a string when it is first asked for.</summary>
/// <remarks>
/// An entry of a symbol table has 24 bytes: st_name at 0, st_info at 4 (type in the lower half), st_shndx at 6, st_value at 8, st_size at 16.
/// </remarks>
internal sealed class ElfSymbols
{
    private const int EntrySize = 24;
    private const int TypeNone = 0;
    private const int TypeFunction = 2;
    private const int TypeIndirectFunction = 10;
    private const int LongestName = 1024;

    private readonly List<Symbol> _found = [];
    private readonly List<byte[]> _texts = [];
    private Symbol[] _symbols = [];
    private string?[] _names = [];

    /// <summary>Adds the functions of a table.</summary>
    /// <param name="entries">The table.</param>
    /// <param name="text">The names.</param>
    public void Add(byte[] entries, byte[] text)
    {
        _texts.Add(text);
        for (int place = 0; place + EntrySize <= entries.Length; place += EntrySize)
        {
            ReadOnlySpan<byte> entry = entries.AsSpan(place, EntrySize);
            int type = entry[4] & 15;
            bool isDefined = BinaryPrimitives.ReadUInt16LittleEndian(entry[6..]) != 0;
            uint name = BinaryPrimitives.ReadUInt32LittleEndian(entry);
            if (isDefined && type is TypeNone or TypeFunction or TypeIndirectFunction && name != 0 && name < (uint)text.Length)
                _found.Add(new Symbol(BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]), BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]), _texts.Count - 1, (int)name, type));
        }
    }

    /// <summary>Makes what was added findable.</summary>
    public void Sort()
    {
        // Of several names for one address a function's comes before a mere label's; the shortest wins, as others are aliases with prefixes.
        _symbols = [.. _found.OrderBy(static symbol => symbol.Address).ThenBy(static symbol => symbol.Type == TypeNone).ThenByDescending(static symbol => symbol.Size)
            .DistinctBy(static symbol => symbol.Address)];
        _names = new string?[_symbols.Length];
        _found.Clear();
        _found.TrimExcess();
    }

    /// <summary>Finds the function that an address is in.</summary>
    public bool TryFind(ulong address, out string name, out ulong offset)
    {
        name = "";
        offset = 0;
        int low = 0;
        int high = _symbols.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_symbols[middle].Address <= address)
                low = middle + 1;
            else
                high = middle;
        }
        if (low == 0)
            return false;
        Symbol symbol = _symbols[low - 1];
        offset = address - symbol.Address;
        // Without a size a function reaches to the next one.
        if (symbol.Size != 0 && offset >= symbol.Size)
            return false;
        name = _names[low - 1] ??= ReadName(symbol);
        return true;
    }

    private string ReadName(Symbol symbol)
    {
        ReadOnlySpan<byte> text = _texts[symbol.Table].AsSpan(symbol.Name);
        int end = text.IndexOf((byte)0);
        text = end < 0 ? text : text[..end];
        return Encoding.UTF8.GetString(text[..Math.Min(text.Length, LongestName)]);
    }

    private readonly record struct Symbol(ulong Address, ulong Size, int Table, int Name, int Type);
}
