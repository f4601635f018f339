using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Processes;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw.Live;

/// <summary>
/// What happens on this machine, as event tracing for Windows tells it: from the session to events by the same pipeline that reads recorded traces. A trace is recorded by a
/// second session with the same plan, so that a full disk ends the recording and not the capture.
/// </summary>
/// <param name="needs">Which events some rule needs.</param>
/// <param name="system">Where sessions run, and who is asked.</param>
/// <param name="recording">The <c>.etl</c> file that is recorded meanwhile, with the answers of the system beside it; null for none.</param>
internal sealed class EtwSource(CaptureNeeds needs, IEtwSystem system, string? recording = null) : ILiveSource
{
    /// <summary>Name of the session that is read.</summary>
    public const string SessionName = "CallStackRules";

    /// <summary>Name of the session that records.</summary>
    public const string RecordingName = "CallStackRulesRecording";

    /// <summary>Events between two times that the system is asked what it has lost.</summary>
    private const int EventsBetweenLooks = 64 * 1024;

    /// <summary>How far the system's clock may be from the one that events are dated by, before that follows: the session only counts on from its start, which loses seconds in a day.</summary>
    private static readonly long MostDrift = TimeSpan.FromMilliseconds(100).Ticks;

    private IEtwSession? _recordingSession;
    private FactRecorder? _recorder;
    private EtwReader? _reader;
    private EtwPipeline? _pipeline;
    private FactCache? _facts;
    private TraceClock _clock;
    private volatile bool _isStopped;
    private bool _hasEnded;
    private int _sinceLook;
    private long _notRecorded;

    /// <inheritdoc/>
    public SourceStatistics Statistics { get; } = new();

    /// <inheritdoc/>
    public CaptureStatistics Capture { get; } = new();

    /// <inheritdoc/>
    public ProcessTable Processes { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<string> Missing { get; private set; } = [];

    /// <inheritdoc/>
    public bool AwaitsVerdict => false;

    /// <inheritdoc/>
    /// <exception cref="IOException">The file of answers cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Start()
    {
        EtwPlan plan = EtwNeeds.Plan(needs);
        var refused = new List<string>();
        // First the recording, so that nothing is seen that it does not have.
        if (recording is not null)
            _recordingSession = EtwStart.Begin(system, RecordingName, recording, plan, []);
        _reader = new EtwReader(EtwStart.Begin(system, SessionName, file: null, plan, refused));
        Missing = refused;
        _clock = _reader.Clock;
        ISystemFacts facts = system.OpenFacts(_clock, Statistics, Capture, () => _reader.HasTime);
        if (recording is not null)
            facts = _recorder = new FactRecorder(facts, recording + FactRecorder.Extension);
        _facts = new FactCache(facts, Statistics, _reader.Clock.Frequency);
        _pipeline = new EtwPipeline(_reader, Processes, Statistics, Capture, facts: _facts, wantsContent: needs.Reads("file.Ext.header_bytes"));
    }

    /// <inheritdoc/>
    public void Stop()
    {
        _isStopped = true;
        _reader?.Stop();
    }

    /// <inheritdoc/>
    public bool TryRead(EndpointEvent e)
    {
        ReadResult result;
        do
            result = Read(e, Timeout.InfiniteTimeSpan);
        while (result == ReadResult.Nothing);
        return result == ReadResult.Event;
    }

    /// <inheritdoc/>
    /// <exception cref="CaptureException">Somebody else has ended the session.</exception>
    public ReadResult Read(EndpointEvent e, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (_reader is not { } reader || _pipeline is not { } pipeline)
            throw new InvalidOperationException($"{nameof(Start)} comes first.");
        while (!pipeline.TryTake(e))
        {
            if (_hasEnded)
                return End();
            switch (reader.Read(out RawEvent raw, patience))
            {
                case ReadResult.Event:
                    pipeline.Push(raw);
                    if (++_sinceLook == EventsBetweenLooks)
                        Look(reader);
                    break;
                case ReadResult.Nothing:
                    Look(reader);
                    pipeline.Advance(reader.Now);
                    return pipeline.TryTake(e) ? ReadResult.Event : ReadResult.Nothing;
                default:
                    _hasEnded = true;
                    pipeline.End();
                    break;
            }
        }
        return ReadResult.Event;
    }

    /// <summary>No program is held.</summary>
    public void Answer(bool allow)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader?.Dispose();
        _recordingSession?.Dispose();
        _facts?.Dispose();
    }

    /// <summary>Ends the recording, too: it has all that was seen.</summary>
    private ReadResult End()
    {
        _recorder?.End();
        CountLost(_reader!);
        _recordingSession?.Stop();
        return _isStopped
            ? ReadResult.End
            : throw new CaptureException($"Another program has ended the session '{SessionName}': nothing is seen any more. Find out which, and start the sensor again.");
    }

    private void Look(EtwReader reader)
    {
        _sinceLook = 0;
        CountLost(reader);
        TraceClock clock = reader.Clock;
        if (Math.Abs(clock.ToUtcTicks(clock.Timestamp) - _clock.ToUtcTicks(clock.Timestamp)) <= MostDrift)
            return;
        _clock = clock;
        _pipeline?.SetClock(clock);
    }

    private void CountLost(EtwReader reader)
    {
        reader.CountLost();
        Capture.LostByKernel = reader.Lost;
        _pipeline?.NoteLost(Capture.LostByKernel);
        if (_recordingSession is null || _recorder is null)
            return;
        (long events, long buffers) = _recordingSession.Lost;
        _notRecorded = Math.Max(_notRecorded, events + buffers);
        Capture.NotRecorded = _notRecorded + _recorder.NotWritten;
        Capture.RecordingProblem = _recorder.Problem;
    }
}
