using System.Diagnostics;
using System.Runtime.Versioning;
using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Etw.Live.Interop;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw.Live;

/// <summary>What happens on this machine, as event tracing for Windows tells it: from the session to events by the same pipeline that reads recorded traces.</summary>
/// <param name="needs">Which events some rule needs.</param>
[SupportedOSPlatform("windows")]
public sealed class EtwSource(CaptureNeeds needs) : ILiveSource
{
    private const string SessionName = "CallStackRules";

    /// <summary>Events between two times that the system is asked what it has lost.</summary>
    private const int EventsBetweenLooks = 64 * 1024;

    private EtwReader? _reader;
    private EtwPipeline? _pipeline;
    private FactCache? _facts;
    private bool _hasEnded;
    private int _sinceLook;

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
    public void Start()
    {
        EtwSession session = EtwSession.Start(SessionName, EtwNeeds.Plan(needs));
        try
        {
            _reader = new EtwReader(session);
        }
        catch (CaptureException)
        {
            session.Dispose();
            throw;
        }
        Missing = session.Refused;
        _facts = new FactCache(new WindowsFacts(_reader.Clock), _reader.Clock.Frequency);
        _pipeline = new EtwPipeline(_reader, Processes, Statistics, Capture, isManifestForProcesses: true, facts: _facts);
        _pipeline.AddVolume(@"\SystemRoot", Environment.GetFolderPath(Environment.SpecialFolder.Windows));
        for (char letter = 'A'; letter <= 'Z'; letter++)
            _pipeline.AddVolume(WindowsVolumes.DeviceOf($"{letter}:"), $"{letter}:");
    }

    /// <inheritdoc/>
    public void Stop() => _reader?.Stop();

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
    public ReadResult Read(EndpointEvent e, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (_reader is not { } reader || _pipeline is not { } pipeline)
            throw new InvalidOperationException($"{nameof(Start)} comes first.");
        while (!pipeline.TryTake(e))
        {
            if (_hasEnded)
                return ReadResult.End;
            switch (reader.Read(out RawEvent raw, patience))
            {
                case ReadResult.Event:
                    pipeline.Push(raw);
                    if (++_sinceLook == EventsBetweenLooks)
                        CountLost(reader);
                    break;
                case ReadResult.Nothing:
                    CountLost(reader);
                    pipeline.Advance(Stopwatch.GetTimestamp());
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
        _facts?.Dispose();
    }

    private void CountLost(EtwReader reader)
    {
        _sinceLook = 0;
        reader.CountLost();
        Capture.LostByKernel = reader.Lost + reader.LostBuffers;
        _pipeline?.NoteLost(Capture.LostByKernel);
    }
}
