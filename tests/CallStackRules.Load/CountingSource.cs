using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Events;

namespace CallStackRules.Load;

/// <summary>A live source that counts the events of one process on their way.</summary>
/// <param name="source">Where events come from.</param>
/// <param name="look">Called before each read, on the reading thread, with the number of events so far.</param>
internal sealed class CountingSource(ILiveSource source, Action<long> look) : ILiveSource
{
    /// <summary>The process whose events are counted.</summary>
    public int Pid { get; set; } = -1;

    /// <summary>Events of that process with the action <c>open</c>.</summary>
    public long Opens { get; private set; }

    /// <summary>Frames that these events had at least; null before the first.</summary>
    public int? LeastFrames { get; private set; }

    public SourceStatistics Statistics => source.Statistics;

    public CaptureStatistics Capture => source.Capture;

    public ProcessTable Processes => source.Processes;

    public IReadOnlyList<string> Missing => source.Missing;

    public IReadOnlyList<string> SheddingOrder => source.SheddingOrder;

    public int Shedding
    {
        get => source.Shedding;
        set => source.Shedding = value;
    }

    public bool AwaitsVerdict => source.AwaitsVerdict;

    public void Start() => source.Start();

    public void Stop() => source.Stop();

    public bool TryRead(EndpointEvent e) => source.TryRead(e);

    public ReadResult Read(EndpointEvent e, TimeSpan patience)
    {
        look(source.Statistics.Used);
        ReadResult result = source.Read(e, patience);
        if (result == ReadResult.Event && e.Process?.Pid == Pid && e.Event.Action.Span is "open" && e.File.Path.Span is "/dev/null")
        {
            Opens++;
            LeastFrames = Math.Min(LeastFrames ?? int.MaxValue, e.Thread.CallStack.Count);
        }
        return result;
    }

    public void Answer(bool allow) => source.Answer(allow);

    public void Dispose() => source.Dispose();
}
