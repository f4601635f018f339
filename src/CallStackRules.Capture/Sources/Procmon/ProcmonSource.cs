using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Windows;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Procmon;

/// <summary>
/// Logs of Process Monitor (<c>.PML</c>), plain or compressed with zlib or gzip. See <c>docs/sources/procmon.md</c> for what becomes of each operation.
/// </summary>
public sealed class ProcmonSource : IEventSource
{
    private readonly IReadOnlyList<string> _files;
    private readonly ProcessTable _table;
    private readonly ModuleTable _modules;
    private readonly WindowsAccounts _accounts = new(new SharedTexts());
    private long _bytesOfFilesRead;
    private int _nextFile;
    private PmlLog? _log;
    private ProcmonMapper? _mapper;
    private uint _next;

    /// <summary>Prepares to read files one after the other as one recording.</summary>
    /// <param name="files">Paths of the files.</param>
    /// <param name="processes">Where processes are kept.</param>
    /// <exception cref="FileNotFoundException">One of the files is not there.</exception>
    /// <exception cref="InvalidDataException">The first file is no log, or its tables are damaged; the message names the file and the place.</exception>
    public ProcmonSource(IReadOnlyList<string> files, ProcessTable processes)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(processes);
        ArgumentOutOfRangeException.ThrowIfZero(files.Count, nameof(files));
        Statistics.TotalBytes = RecordedFiles.Measure(files);
        _files = files;
        _table = processes;
        _modules = new ModuleTable(Statistics);
        OpenNext();
    }

    /// <inheritdoc/>
    public SourceStatistics Statistics { get; } = new();

    /// <summary>Whether a file is a log, compressed or not, by its content.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static bool IsLog(string file) => PmlBytes.IsLog(file);

    /// <inheritdoc/>
    public bool TryRead(EndpointEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        while (_log is { } log && _mapper is { } mapper)
        {
            if (_next == log.Header.EventCount)
            {
                CloseCurrent();
                GoToNext();
                continue;
            }
            uint number = _next++;
            Statistics.BytesRead = _bytesOfFilesRead + (long)((double)_next / log.Header.EventCount * log.Bytes.CompressedLength);
            if (Map(mapper, number, e) is { } reason)
            {
                Statistics.CountUnused(reason);
                continue;
            }
            Statistics.Events++;
            Statistics.Used++;
            return true;
        }
        return false;
    }

    /// <summary>Closes the file being read.</summary>
    public void Dispose() => _log?.Dispose();

    private string? Map(ProcmonMapper mapper, uint number, EndpointEvent e)
    {
        try
        {
            return mapper.Map(number, e);
        }
        catch (InvalidDataException damage)
        {
            Statistics.Warn(_log!.Bytes.Path, number, damage.Message[(_log.Bytes.Path.Length + ": ".Length)..]);
            return "event damaged";
        }
    }

    private void GoToNext()
    {
        while (_log is null && _nextFile < _files.Count)
        {
            try
            {
                OpenNext();
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                Statistics.CountUnused("file damaged");
                Statistics.Warn(_files[_nextFile - 1], 0, e.Message);
            }
        }
    }

    private void OpenNext()
    {
        var log = new PmlLog(_files[_nextFile++]);
        try
        {
            _mapper = new ProcmonMapper(log, new ProcmonProcesses(log, _table, _modules, _accounts), Statistics);
        }
        catch
        {
            log.Dispose();
            throw;
        }
        _log = log;
        _next = 0;
    }

    private void CloseCurrent()
    {
        _bytesOfFilesRead += _log!.Bytes.CompressedLength;
        _log.Dispose();
        _log = null;
        _mapper = null;
    }
}
