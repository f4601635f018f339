namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <summary>
/// The paths of files by the numbers that events name them with, those of an open file (FileObject) and those of a file (FileKey): paths come when a
/// file is opened, and of all open files at the trace's end.
/// </summary>
/// <remarks>
/// The paths stand in a ring, so that nothing is allocated for a file: what was told long ago is overwritten. Numbers are used again, the newest path
/// counts.
/// </remarks>
/// <param name="statistics">Counts when all are forgotten.</param>
internal sealed class FileNames(SourceStatistics statistics)
{
    /// <summary>Numbers that are kept. When there are more, all are forgotten.</summary>
    private const int Capacity = 64 * 1024;

    /// <summary>Characters that are kept.</summary>
    private const int Characters = 4 * 1024 * 1024;

    private readonly Dictionary<ulong, Place> _places = [];
    private char[] _ring = [];
    private long _written;

    /// <summary>Takes the path of a number.</summary>
    public void Add(ulong file, ReadOnlySpan<char> path)
    {
        if (file == 0 || path.IsEmpty)
            return;
        if (_places.Count == Capacity && !_places.ContainsKey(file))
        {
            statistics.CountFieldProblem("too many files: all were forgotten");
            _places.Clear();
        }
        if (_ring.Length == 0)
            _ring = new char[Characters];
        int start = (int)(_written % Characters);
        if (path.Length > Characters - start)
        {
            _written += Characters - start;
            start = 0;
        }
        path.CopyTo(_ring.AsSpan(start));
        _places[file] = new Place(_written, path.Length);
        _written += path.Length;
    }

    /// <summary>
    /// The path of a number, as the kernel wrote it; empty when nothing told it, or too long ago. Valid until the next <see cref="Add"/>.
    /// </summary>
    public ReadOnlySpan<char> Find(ulong file) =>
        _places.TryGetValue(file, out Place place) && _written - place.Start <= Characters
            ? _ring.AsSpan((int)(place.Start % Characters), place.Length)
            : default;

    private readonly record struct Place(long Start, int Length);
}
