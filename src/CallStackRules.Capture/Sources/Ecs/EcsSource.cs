using System.Text.Json;
using CallStackRules.Capture.Processes;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Ecs;

/// <summary>
/// Events of files in the shape of the Elastic Common Schema, as Elastic Endpoint writes them: an object a line, plain or compressed with gzip. Files that are one
/// object over many lines, several of them, or an array of objects are read too.
/// </summary>
/// <remarks>
/// The fields of an event are exactly those of its record; only a call stack's summary and final user module are worked out where the record has none. What earlier
/// records told shows in one place, which no field reads: the parent of an event's parent process, and so on up.
/// </remarks>
public sealed class EcsSource : IEventSource
{
    private readonly IReadOnlyList<string> _files;
    private readonly ToldProcesses _told;
    private readonly EcsReader _reader;
    private int _next;
    private EcsRecordReader? _records;
    private long _bytesOfFilesRead;
    private long _linesOfFilesRead;

    /// <summary>Opens no file yet, but sees that all are there.</summary>
    /// <param name="files">Paths, read in this order.</param>
    /// <param name="processes">The processes known so far; those of the records are added.</param>
    /// <exception cref="FileNotFoundException">One of the files is not there.</exception>
    public EcsSource(IReadOnlyList<string> files, ProcessTable processes)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(processes);
        _files = files;
        _told = new ToldProcesses(processes);
        Statistics.TotalBytes = RecordedFiles.Measure(files);
        _reader = new EcsReader(Statistics);
    }

    /// <inheritdoc/>
    public SourceStatistics Statistics { get; } = new();

    /// <inheritdoc/>
    public bool TryRead(EndpointEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        while (TryReadRecord(out ReadOnlyMemory<byte> record))
        {
            if (!TryFill(record.Span, e))
                continue;
            _told.Remember(e);
            Statistics.Events++;
            Statistics.Used++;
            return true;
        }
        e.Clear();
        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _records?.Dispose();

    private bool TryReadRecord(out ReadOnlyMemory<byte> record)
    {
        record = default;
        while (_records is not null || _next < _files.Count)
        {
            _records ??= new EcsRecordReader(_files[_next]);
            LineKind kind = _records.Read(out record);
            Statistics.Lines = _linesOfFilesRead + _records.Lines;
            Statistics.BytesRead = _bytesOfFilesRead + _records.BytesRead;
            switch (kind)
            {
                case LineKind.Line:
                    return true;
                case LineKind.TooLong:
                    Leave("too long", $"longer than {LineReader.LongestLine >> 20} MB on one line, or {EcsRecordReader.LongestText >> 20} MB in all; split it.");
                    break;
                case LineKind.Damaged:
                    Leave("damaged file", $"the rest of the file cannot be read: {_records.Damage}");
                    break;
                default:
                    _bytesOfFilesRead = Statistics.BytesRead;
                    _linesOfFilesRead = Statistics.Lines;
                    _records.Dispose();
                    _records = null;
                    _next++;
                    break;
            }
        }
        return false;
    }

    private bool TryFill(ReadOnlySpan<byte> record, EndpointEvent e)
    {
        try
        {
            if (_reader.Read(record, e) > 0)
                return true;
            Leave("no known field", "the object has no field of an event; is this another format?");
        }
        catch (JsonException problem)
        {
            Leave("not JSON", $"not a JSON object: {problem.Message}");
        }
        return false;
    }

    private void Leave(string reason, string warning)
    {
        Statistics.CountUnused(reason);
        Statistics.Warn(_files[_next], _records!.Line, warning);
    }
}
