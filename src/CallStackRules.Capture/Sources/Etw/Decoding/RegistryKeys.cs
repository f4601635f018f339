using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <summary>
/// The paths of registry keys by their control block: events name a key by it, and the path below it. Names come when a key is opened, and of all open keys at the
/// trace's beginning and end.
/// </summary>
/// <param name="statistics">Counts when all are forgotten.</param>
internal sealed class RegistryKeys(SourceStatistics statistics)
{
    /// <summary>Keys that are kept. When there are more, all are forgotten: their events then have relative paths only.</summary>
    private const int Capacity = 256 * 1024;

    private static readonly (string Kernel, string Hive)[] Hives = [(@"\REGISTRY\MACHINE", "HKLM"), (@"\REGISTRY\USER", "HKEY_USERS")];

    private readonly Dictionary<ulong, string> _paths = [];

    /// <summary>Takes the path of a control block.</summary>
    public void Add(ulong block, ReadOnlySpan<char> path)
    {
        if (_paths.TryGetValue(block, out string? known) && path.SequenceEqual(known))
            return;
        if (_paths.Count == Capacity)
        {
            statistics.CountFieldProblem("too many registry keys: all were forgotten");
            _paths.Clear();
        }
        _paths[block] = path.ToString();
    }

    /// <summary>Forgets a control block, which may be used for another key.</summary>
    public void Remove(ulong block) => _paths.Remove(block);

    /// <summary>Whether a path is whole: it begins with its hive.</summary>
    public static bool HasHive(ReadOnlySpan<char> path)
    {
        foreach ((_, string hive) in Hives)
        {
            if (path.StartsWith(hive, StringComparison.Ordinal))
                return true;
        }
        return false;
    }

    /// <summary>The whole path of a name below a key, its hive written as rules have it.</summary>
    public Text Resolve(ulong block, ReadOnlySpan<char> name, TextBuffer buffer)
    {
        ReadOnlySpan<char> key = block != 0 && _paths.TryGetValue(block, out string? path) ? path : default;
        string hive = "";
        ReadOnlySpan<char> first = key.IsEmpty ? name : key;
        foreach ((string kernel, string known) in Hives)
        {
            if (first.StartsWith(kernel, StringComparison.OrdinalIgnoreCase) && (first.Length == kernel.Length || first[kernel.Length] == '\\'))
            {
                hive = known;
                first = first[kernel.Length..];
                break;
            }
        }
        ReadOnlySpan<char> rest = key.IsEmpty ? default : name;
        Span<char> room = buffer.Reserve(hive.Length + first.Length + 1 + rest.Length);
        hive.CopyTo(room);
        first.CopyTo(room[hive.Length..]);
        int length = hive.Length + first.Length;
        if (!rest.IsEmpty)
        {
            room[length++] = '\\';
            rest.CopyTo(room[length..]);
            length += rest.Length;
        }
        return buffer.Commit(length);
    }
}
