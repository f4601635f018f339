using CallStackRules.Capture.Processes;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw.Files;

/// <summary>
/// Recorded traces of ETW: <c>.etl</c>, plain or in an archive, and what TraceEvent and .NET make, <c>.etlx</c> and <c>.nettrace</c>. What a file is, is told from its content.
/// See <c>docs/sources/etw.md</c>.
/// </summary>
public sealed class EtwFileSource : IEventSource
{
    private readonly IReadOnlyList<string> _files;
    private readonly EventKinds _kinds = new();
    private IRawEventReader? _reader;
    private int _nextFile;

    /// <summary>Prepares to read files one after the other as one recording.</summary>
    /// <param name="files">Paths of the files.</param>
    /// <param name="processes">Where processes are kept.</param>
    /// <exception cref="FileNotFoundException">One of the files is not there.</exception>
    /// <exception cref="InvalidDataException">The first file is no trace, or its header is damaged; the message names the file and the place.</exception>
    public EtwFileSource(IReadOnlyList<string> files, ProcessTable processes)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(processes);
        ArgumentOutOfRangeException.ThrowIfZero(files.Count, nameof(files));
        foreach (string file in files)
        {
            if (!File.Exists(file))
                throw new FileNotFoundException($"{file}: no such file.", file);
        }
        _files = files;
        _reader = Open(_files[_nextFile++]);
    }

    /// <inheritdoc/>
    public SourceStatistics Statistics { get; } = new();

    /// <summary>What was lost while recording, what is damaged, and what is missing of stacks.</summary>
    public CaptureStatistics Capture { get; } = new();

    /// <summary>Whether a file is a trace, by its content.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static bool IsTrace(string file) => EtlReader.IsTrace(file) || TraceLogReader.IsTrace(file);

    /// <inheritdoc/>
    public bool TryRead(EndpointEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        while (_reader is { } reader)
        {
            if (!reader.TryRead(out RawEvent raw))
            {
                CloseCurrent();
                GoToNext();
                continue;
            }
            _kinds.Count(raw);
            Statistics.CountUnused("not decoded");
        }
        Statistics.Kinds ??= _kinds.ByName();
        return false;
    }

    /// <summary>Closes the file being read.</summary>
    public void Dispose() => CloseCurrent();

    private IRawEventReader Open(string file)
    {
        IRawEventReader reader = TraceLogReader.IsTrace(file) ? new TraceLogReader(file) : new EtlReader(file, Statistics);
        Capture.LostByKernel += reader.Lost;
        return reader;
    }

    private void CloseCurrent()
    {
        if (_reader is EtlReader { Damaged: var damaged })
            Capture.BadRecords += damaged;
        _reader?.Dispose();
        _reader = null;
    }

    // A damaged file does not keep the others from being read.
    private void GoToNext()
    {
        while (_reader is null && _nextFile < _files.Count)
        {
            string file = _files[_nextFile++];
            try
            {
                _reader = Open(file);
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                Statistics.CountUnused("file damaged");
                Statistics.WarnAt(file, 0, e.Message);
            }
        }
    }
}
