using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Etw.Stacks;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw.Files;

/// <summary>
/// Recorded traces of ETW: <c>.etl</c>, plain or in an archive, and what TraceEvent and .NET make, <c>.etlx</c> and <c>.nettrace</c>. What a file is, is told from its content.
/// See <c>docs/sources/etw.md</c>.
/// </summary>
public sealed class EtwFileSource : IEventSource
{
    private readonly IReadOnlyList<string> _files;
    private readonly ProcessTable _processes;
    private readonly EventKinds _kinds = new();
    private IRawEventReader? _reader;
    private EtwPipeline? _pipeline;
    private FactCache? _facts;
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
        Statistics.TotalBytes = RecordedFiles.Measure(files);
        _files = files;
        _processes = processes;
        OpenNext();
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
        while (_reader is { } reader && _pipeline is { } pipeline)
        {
            if (pipeline.TryTake(e))
                return true;
            if (pipeline.IsEnded)
            {
                CloseCurrent();
                GoToNext();
            }
            else if (TryReadRaw(reader, out RawEvent raw))
            {
                _kinds.Count(raw);
                pipeline.Push(raw);
            }
            else
            {
                pipeline.End();
            }
        }
        Statistics.Kinds ??= _kinds.ByName();
        return false;
    }

    /// <summary>Closes the file being read.</summary>
    public void Dispose() => CloseCurrent();

    /// <summary>A file that turns out to be damaged ends there.</summary>
    private bool TryReadRaw(IRawEventReader reader, out RawEvent raw)
    {
        try
        {
            return reader.TryRead(out raw);
        }
        catch (InvalidDataException damage)
        {
            Capture.BadRecords++;
            Statistics.Warn(damage.Message);
            raw = default;
            return false;
        }
    }

    private void OpenNext()
    {
        string file = _files[_nextFile++];
        string answers = file + FactRecorder.Extension;
        RecordedFacts? recorded = File.Exists(answers) ? new RecordedFacts(answers) : null;
        if (recorded?.Damage is { } damage)
            Statistics.Warn(damage);
        _reader = Open(file, Statistics);
        Capture.LostByKernel += _reader.Lost;
        _facts = recorded is null ? null : new FactCache(recorded, Statistics, _reader.Clock.Frequency);
        _pipeline = new EtwPipeline(_reader, _processes, Statistics, Capture, () => ReadKeys(file), facts: _facts);
    }

    private static IRawEventReader Open(string file, SourceStatistics statistics) =>
        TraceLogReader.IsTrace(file) ? new TraceLogReader(file) : new EtlReader(file, statistics);

    private StackKeys ReadKeys(string file)
    {
        // What is damaged is told by the one who reads the events.
        using IRawEventReader reader = Open(file, new SourceStatistics());
        return StackKeys.Read(reader, Statistics);
    }

    private void CloseCurrent()
    {
        if (_reader is EtlReader { Damaged: var damaged })
            Capture.BadRecords += damaged;
        _reader?.Dispose();
        _facts?.Dispose();
        _reader = null;
        _pipeline = null;
    }

    // A damaged file does not keep the others from being read.
    private void GoToNext()
    {
        while (_reader is null && _nextFile < _files.Count)
        {
            try
            {
                OpenNext();
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                Statistics.CountUnused("file damaged");
                Statistics.WarnAt(_files[_nextFile - 1], 0, e.Message);
            }
        }
    }
}
