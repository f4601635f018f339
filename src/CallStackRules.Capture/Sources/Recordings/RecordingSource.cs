using CallStackRules.Capture.Processes;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Recordings;

/// <summary>Events of recordings that <see cref="RecordingWriter"/> wrote.</summary>
/// <remarks>
/// A block that is damaged is passed over, and the next one is searched for by its mark; what it held is counted as not used. A file that ends early is used as far as it goes.
/// Warnings name the byte where the trouble begins.
/// </remarks>
public sealed class RecordingSource : IEventSource
{
    private readonly IReadOnlyList<string> _files;
    private readonly ToldProcesses _told;
    private readonly RecordingReader _events;
    private int _next;
    private RecordingFile? _file;
    private long _bytesOfFilesRead;

    /// <summary>Opens no file yet, but sees that all are there.</summary>
    /// <param name="files">Paths, read in this order.</param>
    /// <param name="processes">The processes known so far; those of the events are added.</param>
    /// <exception cref="FileNotFoundException">One of the files is not there.</exception>
    public RecordingSource(IReadOnlyList<string> files, ProcessTable processes)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(processes);
        _files = files;
        _told = new ToldProcesses(processes);
        _events = new RecordingReader(Statistics);
        Statistics.TotalBytes = RecordedFiles.Measure(files);
    }

    /// <inheritdoc/>
    public SourceStatistics Statistics { get; } = new();

    /// <summary>Whether a file begins like a recording.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static bool IsRecording(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Span<byte> mark = stackalloc byte[RecordingLayout.MarkSize];
        return file.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false) == mark.Length && mark.SequenceEqual(RecordingLayout.FileMark);
    }

    /// <inheritdoc/>
    public bool TryRead(EndpointEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        while (true)
        {
            e.Clear();
            if (_events.Remaining > 0)
            {
                if (!TryFill(e))
                    continue;
                _told.Remember(e);
                Statistics.Events++;
                Statistics.Used++;
                return true;
            }
            if (!_events.IsAtEnd)
            {
                Leave(1, "damaged block", _file!.BlockStart, "the block that begins at this byte has more in it than it says.");
                _events.End();
            }
            if (!TryReadBlock())
                return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private bool TryFill(EndpointEvent e)
    {
        try
        {
            _events.Read(e);
            return true;
        }
        catch (InvalidDataException problem)
        {
            Leave(_events.Remaining, "damaged block", _file!.BlockStart, $"the block that begins at this byte is damaged: {problem.Message}");
            _events.End();
            return false;
        }
    }

    /// <summary>Goes to the next block; false when all files are read.</summary>
    private bool TryReadBlock()
    {
        while (true)
        {
            if (_file is null && !TryOpen())
            {
                if (_next >= _files.Count)
                    return false;
                continue;
            }
            RecordingFile file = _file!;
            RecordingPart part = file.Read();
            Statistics.BytesRead = _bytesOfFilesRead + file.Position;
            switch (part)
            {
                case RecordingPart.Block:
                    _events.Begin(file.Block, file.Events);
                    return true;
                case RecordingPart.Damaged:
                    Leave(Math.Max(1, file.Events), "damaged block", file.BlockStart, file.Damage);
                    break;
                case RecordingPart.End:
                    if (file.Dropped > 0)
                        Statistics.Warn(file.Path, file.Position, $"{file.Dropped} events were dropped when this was recorded: the disk was too slow.");
                    Close();
                    break;
                default:
                    Statistics.Warn(file.Path, file.Position, "the recording ends here without its end: the sensor was killed, or the file was cut. What is there is used.");
                    Close();
                    break;
            }
        }
    }

    private bool TryOpen()
    {
        if (_next >= _files.Count)
            return false;
        string path = _files[_next++];
        try
        {
            _file = RecordingFile.Open(path);
            Statistics.UnknownFields += _events.UseFields(_file.Fields);
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            Statistics.CountUnused("unreadable file");
            Statistics.Warn(path, 0, e.Message);
            return false;
        }
    }

    private void Close()
    {
        _bytesOfFilesRead += _file!.Position;
        _file.Dispose();
        _file = null;
    }

    private void Leave(int events, string reason, long offset, string warning)
    {
        for (int i = 0; i < events; i++)
            Statistics.CountUnused(reason);
        Statistics.Warn(_file!.Path, offset, warning);
    }
}
