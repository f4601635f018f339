using System.Buffers.Binary;
using CallStackRules.CallStacks;
using CallStackRules.Capture.Modules;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Procmon;

/// <summary>The modules of one process as the log lists them: address to module, and what the files say of themselves.</summary>
/// <remarks>
/// With 64-bit addresses (in brackets 32-bit ones) a module has 72 (64) bytes:
/// <code>
/// offset    type    field
///  0 (0)    pointer unknown
///  8 (4)    pointer base
/// 16 (8)    u32     bytes
/// 20 (12)   u32     path, a string's number
/// 24 (16)   u32     version, likewise
/// 28 (20)   u32     company
/// 32 (24)   u32     description
/// 36 (28)   u32     time stamp of the file
/// 40 (32)   u8[24]  unknown
/// </code>
/// </remarks>
internal sealed class ProcmonModules
{
    private readonly Module[] _modules;
    private readonly PmlStrings _strings;
    private int _last;

    private ProcmonModules(Module[] modules, PmlStrings strings) => (_modules, _strings) = (modules, strings);

    /// <summary>
    /// Whether addresses can be looked up. A list of one module or none belongs to a process that Process Monitor could not look into: it says nothing of its memory.
    /// </summary>
    public bool IsUsable => _modules.Length > 1;

    /// <summary>Bytes that a module has in the log.</summary>
    public static int SizeOfModule(int pointerSize) => (2 * pointerSize) + 48;

    /// <summary>Reads a list.</summary>
    /// <exception cref="InvalidDataException">A string is damaged.</exception>
    public static ProcmonModules Read(ReadOnlySpan<byte> list, int pointerSize, PmlStrings strings, ModuleTable table)
    {
        int size = SizeOfModule(pointerSize);
        var modules = new Module[list.Length / size];
        for (int i = 0; i < modules.Length; i++)
        {
            ReadOnlySpan<byte> entry = list.Slice(i * size, size);
            ulong start = pointerSize == 8 ? BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]);
            entry = entry[(2 * pointerSize)..];
            modules[i] = new Module(
                start, BinaryPrimitives.ReadUInt32LittleEndian(entry), table.Get(strings[BinaryPrimitives.ReadUInt32LittleEndian(entry[4..])]),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]), BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]));
        }
        Array.Sort(modules, static (left, right) => left.Start.CompareTo(right.Start));
        return new ProcmonModules(modules, strings);
    }

    /// <summary>The module that an address is in; null when it is in none.</summary>
    public ModuleInfo? Find(ulong address, out ulong rva)
    {
        int index = IndexOf(address);
        rva = index < 0 ? 0 : address - _modules[index].Start;
        return index < 0 ? null : _modules[index].File;
    }

    /// <summary>Writes what the module at an address says of itself. Does nothing when it is not listed.</summary>
    public void Describe(ulong start, PeInfo pe)
    {
        int index = IndexOf(start);
        if (index < 0)
            return;
        pe.FileVersion = Said(_modules[index].Version);
        pe.Company = Said(_modules[index].Company);
        pe.Description = Said(_modules[index].Description);
    }

    private Text Said(uint number) => _strings[number] is { Length: > 0 } text ? text : default(Text);

    private int IndexOf(ulong address)
    {
        // Neighbouring frames are often in the same module.
        if ((uint)_last < (uint)_modules.Length && _modules[_last].Contains(address))
            return _last;
        int low = 0;
        int high = _modules.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_modules[middle].Start <= address)
                low = middle + 1;
            else
                high = middle;
        }
        if (low == 0 || !_modules[low - 1].Contains(address))
            return -1;
        _last = low - 1;
        return _last;
    }

    private readonly record struct Module(ulong Start, uint Size, ModuleInfo File, uint Version, uint Company, uint Description)
    {
        public bool Contains(ulong address) => address - Start < Size;
    }
}
