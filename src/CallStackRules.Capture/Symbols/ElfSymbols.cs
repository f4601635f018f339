using System.Buffers.Binary;
using System.Text;

namespace CallStackRules.Capture.Symbols;

/// <summary>The functions of an ELF image, by address: those of .symtab, or where it was stripped, of .dynsym.</summary>
/// <remarks>
/// Of several names for one address the plainest is taken: fewest leading underscores, then shortest, then first in ordinal order. libc's <c>open</c>,
/// <c>__open</c>, <c>open64</c> and <c>__open64</c> are one function; rules read <c>open</c>.
/// </remarks>
public sealed class ElfSymbols
{
    /// <summary>Bytes of a name that are kept.</summary>
    public const int LongestName = 1024;

    private const int SymbolSize = 24;
    private const int MostSymbolBytes = 128 << 20;
    private const int MostNameBytes = 256 << 20;
    private const int MostNames = 64 * 1024;
    // Functions can lie in others (aliases of parts, cold parts): how many are looked at before an address is said to have no name.
    private const int Nesting = 8;

    private readonly Symbol[] _symbols;
    private readonly byte[] _names;
    private readonly ElfSegment[] _segments;
    private readonly Dictionary<uint, string> _made = [];

    private ElfSymbols(Symbol[] symbols, byte[] names, ElfSegment[] segments) => (_symbols, _names, _segments) = (symbols, names, segments);

    /// <summary>How many functions are known.</summary>
    public int Count => _symbols.Length;

    /// <summary>The function that an address is in.</summary>
    /// <param name="address">Virtual address as the file counts: see <see cref="ElfImage.TryGetVirtualAddress"/>.</param>
    /// <param name="name">Its name, made into a string once.</param>
    /// <param name="offset">Bytes from its start to the address.</param>
    public bool TryFind(ulong address, out string? name, out ulong offset)
    {
        name = null;
        offset = 0;
        int index = LastAtOrBefore(address);
        for (int tries = 0; index >= 0 && tries < Nesting; index--, tries++)
        {
            ref readonly Symbol symbol = ref _symbols[index];
            if (address - symbol.Address >= Extent(index))
                continue;
            offset = address - symbol.Address;
            name = NameAt(symbol.Name);
            return true;
        }
        return false;
    }

    /// <summary>Reads the functions. There are none when the tables are damaged.</summary>
    internal static ElfSymbols Read(ElfBytes bytes, ElfSection[] sections, ElfSegment[] segments)
    {
        foreach (uint type in (ReadOnlySpan<uint>)[ElfSection.SymbolTable, ElfSection.DynamicSymbols])
        {
            ElfSection table = Array.Find(sections, section => section.Type == type);
            if (table.Type != type || table.Link >= (uint)sections.Length || bytes.Read(table.Offset, table.Size, MostSymbolBytes) is not { } entries)
                continue;
            ElfSection strings = sections[table.Link];
            if (bytes.Read(strings.Offset, strings.Size, MostNameBytes) is not { } names)
                continue;
            Symbol[] symbols = ReadFunctions(entries, names);
            if (symbols.Length > 0)
                return new ElfSymbols(symbols, names, segments);
        }
        return new ElfSymbols([], [], segments);
    }

    // Elf64_Sym: st_name u32 at 0, st_info u8 at 4 (low half: 2 = function, 10 = function chosen when loaded), st_shndx u16 at 6 (0 = from elsewhere),
    // st_value u64 at 8, st_size u64 at 16.
    private static Symbol[] ReadFunctions(ReadOnlySpan<byte> entries, byte[] names)
    {
        var functions = new List<Symbol>(entries.Length / SymbolSize);
        for (; entries.Length >= SymbolSize; entries = entries[SymbolSize..])
        {
            uint name = BinaryPrimitives.ReadUInt32LittleEndian(entries);
            bool isFunction = (entries[4] & 15) is 2 or 10 && BinaryPrimitives.ReadUInt16LittleEndian(entries[6..]) != 0;
            if (isFunction && name < (uint)names.Length && names[name] != 0)
                functions.Add(new Symbol(BinaryPrimitives.ReadUInt64LittleEndian(entries[8..]), BinaryPrimitives.ReadUInt64LittleEndian(entries[16..]), name));
        }
        functions.Sort((left, right) => left.Address.CompareTo(right.Address));
        return WithoutAliases(functions, names);
    }

    private static Symbol[] WithoutAliases(List<Symbol> functions, byte[] names)
    {
        int kept = 0;
        for (int i = 0; i < functions.Count; i++)
        {
            Symbol symbol = functions[i];
            if (kept > 0 && functions[kept - 1].Address == symbol.Address)
            {
                Symbol other = functions[kept - 1];
                Symbol plainer = IsPlainer(NameBytes(names, symbol.Name), NameBytes(names, other.Name)) ? symbol : other;
                functions[kept - 1] = plainer with { Size = Math.Max(symbol.Size, other.Size) };
                continue;
            }
            functions[kept++] = symbol;
        }
        return functions.GetRange(0, kept).ToArray();
    }

    private static bool IsPlainer(ReadOnlySpan<byte> name, ReadOnlySpan<byte> other)
    {
        int underscores = Underscores(name) - Underscores(other);
        if (underscores != 0)
            return underscores < 0;
        return name.Length != other.Length ? name.Length < other.Length : name.SequenceCompareTo(other) < 0;
    }

    private static int Underscores(ReadOnlySpan<byte> name)
    {
        int first = name.IndexOfAnyExcept((byte)'_');
        return first < 0 ? name.Length : first;
    }

    private static ReadOnlySpan<byte> NameBytes(byte[] names, uint offset)
    {
        ReadOnlySpan<byte> rest = names.AsSpan((int)offset);
        int length = rest[..Math.Min(rest.Length, LongestName)].IndexOf((byte)0);
        return rest[..(length < 0 ? Math.Min(rest.Length, LongestName) : length)];
    }

    private int LastAtOrBefore(ulong address)
    {
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
        return low - 1;
    }

    /// <summary>Bytes of a function. One written in assembler often has no size: it reaches to the next, and the last one to the end of its segment.</summary>
    private ulong Extent(int index)
    {
        ref readonly Symbol symbol = ref _symbols[index];
        if (symbol.Size > 0)
            return symbol.Size;
        if (index + 1 < _symbols.Length)
            return _symbols[index + 1].Address - symbol.Address;
        foreach (ElfSegment segment in _segments)
        {
            if (segment.IsExecutable && symbol.Address - segment.Address < segment.FileSize)
                return segment.Address + segment.FileSize - symbol.Address;
        }
        return 0;
    }

    private string NameAt(uint offset)
    {
        if (_made.TryGetValue(offset, out string? name))
            return name;
        if (_made.Count == MostNames)
            _made.Clear();
        name = Encoding.UTF8.GetString(NameBytes(_names, offset));
        _made.Add(offset, name);
        return name;
    }

    private readonly record struct Symbol(ulong Address, ulong Size, uint Name);
}
