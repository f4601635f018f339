using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Events;

namespace CallStackRules.Sensor.Tests.Pipeline;

/// <summary>A live source that tells of so many starts of a process, and ends.</summary>
/// <param name="events">How many.</param>
internal sealed class ScriptedSource(int events) : ILiveSource
{
    public IReadOnlyList<string> SheddingOrder { get; init; } = ["first", "second"];

    public int Shedding { get; set; }

    public SourceStatistics Statistics { get; } = new();

    public CaptureStatistics Capture { get; } = new();

    public ProcessTable Processes { get; } = new();

    public IReadOnlyList<string> Missing => [];

    /// <summary>Whether each start is a question.</summary>
    public bool AwaitsVerdict { get; init; }

    /// <summary>The answers to them.</summary>
    public List<bool> Answers { get; } = [];

    /// <summary>The process that starts.</summary>
    public ProcessInfo Process { get; } = new() { EntityId = "boot-7-1", Pid = 7, Executable = "/bin/x" };

    public void Start()
    {
    }

    public void Stop()
    {
    }

    public ReadResult Read(EndpointEvent e, TimeSpan patience) => TryRead(e) ? ReadResult.Event : ReadResult.End;

    public bool TryRead(EndpointEvent e)
    {
        e.Clear();
        if (Statistics.Used == events)
            return false;
        Statistics.Used++;
        Statistics.Events++;
        e.UtcTicks = DateTime.UtcNow.Ticks;
        e.Event.Category.Add("process");
        e.Event.Action = "start";
        e.Process = Process;
        return true;
    }

    public void Answer(bool allow) => Answers.Add(allow);

    public void Dispose()
    {
    }
}
