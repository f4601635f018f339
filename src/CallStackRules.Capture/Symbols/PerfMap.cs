using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using CallStackRules.Capture.Modules;
using Microsoft.Win32.SafeHandles;

namespace CallStackRules.Capture.Symbols;

/// <summary>
/// The names that a runtime gives to code it has written, from <c>/tmp/perf-PID.map</c>: a line is <c>start size name</c>, numbers hexadecimal, as in the
/// kernel's <c>tools/perf/Documentation/jit-interface.txt</c>. For one thread.
/// </summary>
/// <remarks>
/// The file is the process's own and may contain anything, so sizes are bounded. Runtimes reuse addresses: of two entries for one address the later line holds.
/// </remarks>
public sealed class PerfMap
{
    /// <summary>Bytes of the file that are read; what a longer file has behind them is left out.</summary>
    public const int MostBytes = 64 << 20;

    /// <summary>Entries that are kept.</summary>
    public const int MostEntries = 1 << 20;

    // Entries can overlap when addresses are used again: how many are looked at before an address is said to have no name.
    private const int Overlaps = 16;

    private readonly string _path;
    private readonly List<Entry> _entries = [];
    private long _read;
    private long _seenLength;

    /// <summary>Names from a file, which is read by <see cref="Refresh"/>.</summary>
    /// <param name="path">Where the process has it: <c>/proc/PID/root/tmp/perf-N.map</c>, where N is the process's number in its own namespace.</param>
    public PerfMap(string path) => _path = path;

    /// <summary>How many entries are known.</summary>
    public int Count => _entries.Count;

    /// <summary>Lines that made no sense, and entries beyond <see cref="MostEntries"/>.</summary>
    public long Skipped { get; private set; }

    /// <summary>Reads what was written since the last time. Costs a look at the file's length when that is nothing.</summary>
    /// <returns>Whether there are new entries.</returns>
    public bool Refresh()
    {
        using SafeFileHandle? file = FileIdentity.OpenRegular(_path, out _);
        if (file is null)
            return false;
        try
        {
            long length = Math.Min(RandomAccess.GetLength(file), MostBytes);
            if (length == _seenLength)
                return false;
            // A file that shrank was written anew.
            if (length < _seenLength)
            {
                _entries.Clear();
                _read = 0;
            }
            _seenLength = length;
            var bytes = new byte[(int)(length - _read)];
            return Add(bytes.AsSpan(0, RandomAccess.Read(file, bytes, _read)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The name of the code at an address of the process.</summary>
    /// <param name="address">The address.</param>
    /// <param name="name">What the runtime calls the code, made into a string once.</param>
    /// <param name="offset">Bytes from the start of the code to the address.</param>
    public bool TryFind(ulong address, out string? name, out ulong offset)
    {
        (name, offset) = (null, 0);
        Span<Entry> entries = CollectionsMarshal.AsSpan(_entries);
        int index = LastAtOrBefore(entries, address);
        for (int tries = 0; index >= 0 && tries < Overlaps; index--, tries++)
        {
            ref Entry entry = ref entries[index];
            if (address - entry.Start >= entry.Size)
                continue;
            offset = address - entry.Start;
            name = entry.Name ??= Encoding.UTF8.GetString(entry.Bytes!);
            entry.Bytes = null;
            return true;
        }
        return false;
    }

    /// <summary>Adds the lines of a text. A last line without a newline is still being written and is left for the next time.</summary>
    internal bool Add(ReadOnlySpan<byte> text)
    {
        int before = _entries.Count;
        while (text.IndexOf((byte)'\n') is var length and >= 0)
        {
            AddLine(text[..length]);
            text = text[(length + 1)..];
            _read += length + 1;
        }
        if (_entries.Count == before)
            return false;
        for (int i = before; i < _entries.Count; i++)
            CollectionsMarshal.AsSpan(_entries)[i].Line = i;
        _entries.Sort((left, right) => left.Start != right.Start ? left.Start.CompareTo(right.Start) : left.Line.CompareTo(right.Line));
        return true;
    }

    private void AddLine(ReadOnlySpan<byte> line)
    {
        if (_entries.Count < MostEntries && TryTakeHex(ref line, out ulong start) && TryTakeHex(ref line, out ulong size) && size > 0 && !line.IsEmpty)
            _entries.Add(new Entry { Start = start, Size = size, Bytes = line[..Math.Min(line.Length, ElfSymbols.LongestName)].ToArray() });
        else
            Skipped++;
    }

    private static bool TryTakeHex(ref ReadOnlySpan<byte> line, out ulong value)
    {
        // Some runtimes write 0x before the numbers.
        if (line.StartsWith("0x"u8))
            line = line[2..];
        if (!Utf8Parser.TryParse(line, out value, out int length, 'x') || length >= line.Length || line[length] != (byte)' ')
            return false;
        line = line[(length + 1)..];
        return true;
    }

    private static int LastAtOrBefore(ReadOnlySpan<Entry> entries, ulong address)
    {
        int low = 0;
        int high = entries.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (entries[middle].Start <= address)
                low = middle + 1;
            else
                high = middle;
        }
        return low - 1;
    }

    private struct Entry
    {
        public ulong Start;
        public ulong Size;
        public int Line;
        public byte[]? Bytes;
        public string? Name;
    }
}
