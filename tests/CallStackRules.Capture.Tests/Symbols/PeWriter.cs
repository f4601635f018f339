using System.Text;

namespace CallStackRules.Capture.Tests.Symbols;

/// <summary>Makes the smallest images of Windows that have exports: a section of code at 0x1000, one of data at 0x2000 that holds the export table and resources.</summary>
internal sealed class PeWriter(bool is64Bit)
{
    public const uint CodeStart = 0x1000;
    public const uint CodeEnd = 0x1800;
    public const uint DataStart = 0x2000;

    private const uint TableSize = 0x1000;
    private const uint ResourceStart = 0x800;
    private readonly List<(uint Rva, string? Forwarder)> _functions = [];
    private readonly List<(string Name, int Function)> _names = [];

    /// <summary>The version resource; null for none.</summary>
    public byte[]? Version { get; init; }

    public void Export(uint rva, params string[] names)
    {
        _functions.Add((rva, null));
        foreach (string name in names)
            _names.Add((name, _functions.Count - 1));
    }

    public void Forward(string name, string target)
    {
        _functions.Add((0, target));
        _names.Add((name, _functions.Count - 1));
    }

    public byte[] ToArray(uint firstOrdinal = 1)
    {
        byte[] table = Table(firstOrdinal);
        byte[] resources = Version is null ? [] : Resources(Version);
        var image = new MemoryStream();
        var writer = new BinaryWriter(image);
        writer.Write("MZ"u8);
        writer.Write(new byte[58]);
        writer.Write(64);
        writer.Write("PE\0\0"u8);
        // COFF header.
        writer.Write((ushort)(is64Bit ? 0x8664 : 0x14c));
        writer.Write((ushort)2);
        writer.Write(new byte[12]);
        writer.Write((ushort)(is64Bit ? 240 : 224));
        writer.Write((ushort)0x2022);
        // Optional header: magic, sizes, alignments, sizes of the image and of the headers.
        long optional = image.Position;
        writer.Write((ushort)(is64Bit ? 0x20b : 0x10b));
        writer.Write(new byte[30]);
        writer.Write(0x1000);
        writer.Write(0x200);
        writer.Write(new byte[16]);
        writer.Write(0x3000);
        writer.Write(0x400);
        image.Position = optional + (is64Bit ? 108 : 92);
        writer.Write(16);
        writer.Write(DataStart);
        writer.Write((uint)table.Length);
        writer.Write(new byte[8]);
        writer.Write(Version is null ? 0 : DataStart + ResourceStart);
        writer.Write(resources.Length);
        writer.Write(new byte[13 * 8]);
        Section(writer, ".text", CodeStart, CodeEnd - CodeStart, 0x400, 0x60000020);
        Section(writer, ".rdata", DataStart, TableSize, 0x600, 0x40000040);
        writer.Write(new byte[0x400 - image.Position]);
        writer.Write(new byte[0x200]);
        writer.Write(table);
        writer.Write(new byte[ResourceStart - table.Length]);
        writer.Write(resources);
        writer.Write(new byte[TableSize - ResourceStart - resources.Length]);
        return image.ToArray();
    }

    /// <summary>Type 16, number 1, language 1033.</summary>
    private static byte[] Resources(byte[] version)
    {
        var table = new MemoryStream();
        var writer = new BinaryWriter(table);
        foreach ((uint number, uint to) in ((uint, uint)[])[(16, 0x8000_0018), (1, 0x8000_0030), (1033, 0x48)])
        {
            writer.Write(new byte[14]);
            writer.Write((ushort)1);
            writer.Write(number);
            writer.Write(to);
        }
        writer.Write(DataStart + ResourceStart + 0x58);
        writer.Write(version.Length);
        writer.Write(new byte[8]);
        writer.Write(version);
        return table.ToArray();
    }

    private static void Section(BinaryWriter writer, string name, uint start, uint size, uint place, uint characteristics)
    {
        writer.Write(Encoding.ASCII.GetBytes(name.PadRight(8, '\0')));
        writer.Write(size);
        writer.Write(start);
        writer.Write(place == 0x400 ? 0x200u : size);
        writer.Write(place);
        writer.Write(new byte[12]);
        writer.Write(characteristics);
    }

    private byte[] Table(uint firstOrdinal)
    {
        uint functions = DataStart + 40;
        uint names = functions + ((uint)_functions.Count * 4);
        uint ordinals = names + ((uint)_names.Count * 4);
        uint texts = ordinals + ((uint)_names.Count * 2);
        var textBytes = new MemoryStream();
        uint Text(string text)
        {
            uint place = texts + (uint)textBytes.Length;
            textBytes.Write(Encoding.ASCII.GetBytes(text + "\0"));
            return place;
        }
        var table = new MemoryStream();
        var writer = new BinaryWriter(table);
        writer.Write(new byte[16]);
        writer.Write(firstOrdinal);
        writer.Write(_functions.Count);
        writer.Write(_names.Count);
        writer.Write(functions);
        writer.Write(names);
        writer.Write(ordinals);
        foreach ((uint rva, string? forwarder) in _functions)
            writer.Write(forwarder is null ? rva : Text(forwarder));
        foreach ((string name, _) in _names)
            writer.Write(Text(name));
        foreach ((_, int function) in _names)
            writer.Write((ushort)function);
        writer.Write(textBytes.ToArray());
        return table.ToArray();
    }
}
