using System.Runtime.InteropServices;

namespace CallStackRules.Capture.Sources;

/// <summary>What a source has read, and what of it could not be used and why. Loss is reported, never silent.</summary>
public sealed class SourceStatistics
{
    /// <summary>How many warnings are kept; later ones are only counted.</summary>
    public const int MostWarnings = 100;

    private readonly Dictionary<string, long> _unused = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _fieldProblems = new(StringComparer.Ordinal);
    private readonly List<string> _warnings = [];

    /// <summary>Records read, used or not.</summary>
    public long Events { get; set; }

    /// <summary>Events handed on.</summary>
    public long Used { get; set; }

    /// <summary>Records not handed on, by reason. Together with <see cref="Used"/> these are all <see cref="Events"/>.</summary>
    public IReadOnlyDictionary<string, long> Unused => _unused;

    /// <summary>Values left out of events that were handed on, by reason.</summary>
    public IReadOnlyDictionary<string, long> FieldProblems => _fieldProblems;

    /// <summary>Values of the recording that the event model has no field for.</summary>
    public long UnknownFields { get; set; }

    /// <summary>Events read, by provider and number; null while they are read, and where the source does not tell.</summary>
    public IReadOnlyDictionary<string, long>? Kinds { get; set; }

    /// <summary>Lines read.</summary>
    public long Lines { get; set; }

    /// <summary>Bytes of the files read so far, as they lie on the disk.</summary>
    public long BytesRead { get; set; }

    /// <summary>Bytes of all files, for a progress bar; null when not known.</summary>
    public long? TotalBytes { get; set; }

    /// <summary>The first <see cref="MostWarnings"/> problems, each with its file and line.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Problems of which no warning was kept.</summary>
    public long WarningsLeftOut { get; private set; }

    /// <summary>Counts a record that was read and not handed on.</summary>
    /// <param name="reason">Why, in a few words of which there are few: <c>not JSON</c>, <c>event id 255 not mapped</c>.</param>
    public void CountUnused(string reason)
    {
        Events++;
        Count(_unused, reason);
    }

    /// <summary>Counts a value that was left out of an event.</summary>
    /// <param name="reason">Why, in a few words of which there are few.</param>
    public void CountFieldProblem(string reason) => Count(_fieldProblems, reason);

    /// <summary>Keeps a problem for the user to read.</summary>
    /// <param name="file">The file it is in.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="problem">What is wrong and what to do.</param>
    public void Warn(string file, long line, string problem) => Warn($"{file}:{line}: {problem}");

    /// <summary>Keeps a problem of a file that has no lines for the user to read.</summary>
    /// <param name="file">The file it is in.</param>
    /// <param name="offset">The place, in bytes from its beginning.</param>
    /// <param name="problem">What is wrong and what to do.</param>
    public void WarnAt(string file, long offset, string problem) => Warn($"{file}: byte {offset}: {problem}");

    /// <summary>Keeps a problem for the user to read.</summary>
    /// <param name="message">What is wrong and where, and what to do.</param>
    public void Warn(string message)
    {
        if (_warnings.Count < MostWarnings)
            _warnings.Add(message);
        else
            WarningsLeftOut++;
    }

    private static void Count(Dictionary<string, long> counts, string reason) =>
        CollectionsMarshal.GetValueRefOrAddDefault(counts, reason, out _)++;
}
