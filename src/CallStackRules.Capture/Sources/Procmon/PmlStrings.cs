using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CallStackRules.Capture.Sources.Procmon;

/// <summary>The strings that processes and modules refer to by number. Each is read when it is first asked for.</summary>
/// <remarks>u32 count, u32[count] offsets from the table's start, then for each u32 bytes and UTF-16 text.</remarks>
internal sealed class PmlStrings
{
    private const int MostBytes = 1024 * 1024;

    private readonly PmlBytes _bytes;
    private readonly PmlWindow _window;
    private readonly long _start;
    private readonly uint _count;
    private readonly Dictionary<uint, string> _made = [];

    /// <summary>Prepares to read the table.</summary>
    /// <exception cref="InvalidDataException">The table is damaged.</exception>
    public PmlStrings(PmlBytes bytes, long start)
    {
        _bytes = bytes;
        _window = new PmlWindow(bytes, 4096);
        _start = start;
        _count = BinaryPrimitives.ReadUInt32LittleEndian(_window.Read(start, 4));
        if (start + 4 > bytes.Length - ((long)_count * 4))
            throw bytes.Damage(start, $"the string table says it has {_count} entries, more than the file has room for.");
    }

    /// <summary>The string with a number, without the zeros that end it.</summary>
    /// <exception cref="InvalidDataException">There is none, or it is damaged.</exception>
    public string this[uint number]
    {
        get
        {
            if (_made.TryGetValue(number, out string? made))
                return made;
            if (number >= _count)
                throw _bytes.Damage(_start, $"string {number} is referred to, but the table has {_count}.");
            long entry = _start + BinaryPrimitives.ReadUInt32LittleEndian(_window.Read(_start + 4 + ((long)number * 4), 4));
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(_window.Read(entry, 4));
            if (length > MostBytes)
                throw _bytes.Damage(entry, $"string {number} is said to have {length} bytes.");
            string text = MemoryMarshal.Cast<byte, char>(_window.Read(entry + 4, length)).TrimEnd('\0').ToString();
            _made.Add(number, text);
            return text;
        }
    }
}
