namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <summary>
/// What the first of two events about one act on the registry has told, for the second: the kernel's class knows the whole path, the provider with a manifest the data of a
/// value, and whether a key is new. Acts of several threads may be between their first and second event at once.
/// </summary>
internal sealed class RegistryAct
{
    private const int Slots = 16;
    private const int LongestPath = 1024;

    private static readonly int MostData = ushort.MaxValue;

    private readonly char[] _path = new char[LongestPath];
    private byte[] _data = [];
    private int _thread;
    private int _pathLength;
    private int _dataLength;

    /// <summary>Whether the data are known.</summary>
    public bool HasData { get; private set; }

    /// <summary>The type of the data, REG_* of winnt.h.</summary>
    public uint Type { get; private set; }

    /// <summary>Whether a key that was there already was only opened.</summary>
    public bool IsOpened { get; private set; }

    /// <summary>The data.</summary>
    public ReadOnlySpan<byte> Data => _data.AsSpan(0, _dataLength);

    /// <summary>The path; empty when it is not known, or too long.</summary>
    public ReadOnlySpan<char> Path => _path.AsSpan(0, _pathLength);

    /// <summary>As many as threads are looked after.</summary>
    public static RegistryAct[] MakeSlots() => [.. Enumerable.Range(0, Slots).Select(static _ => new RegistryAct())];

    /// <summary>The slot of a thread; its number is a multiple of four.</summary>
    public static RegistryAct Of(RegistryAct[] slots, int thread) => slots[(int)((uint)thread / 4 % Slots)];

    /// <summary>Notes the first event of a thread.</summary>
    public void Begin(int thread, ReadOnlySpan<char> path, bool isOpened = false)
    {
        _thread = thread;
        _pathLength = path.Length <= LongestPath ? path.Length : 0;
        path[.._pathLength].CopyTo(_path);
        _dataLength = 0;
        HasData = false;
        IsOpened = isOpened;
    }

    /// <summary>Notes the data that the first event has.</summary>
    public void AddData(uint type, ReadOnlySpan<byte> data)
    {
        if (_data.Length < data.Length)
            _data = new byte[MostData];
        data.CopyTo(_data);
        _dataLength = data.Length;
        Type = type;
        HasData = true;
    }

    /// <summary>Whether the first event was of this thread, for which it is then no more.</summary>
    public bool TryEnd(int thread)
    {
        bool isOfThread = _thread == thread;
        _thread = 0;
        return isOfThread;
    }
}
