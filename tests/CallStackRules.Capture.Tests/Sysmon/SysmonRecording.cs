using System.Text;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Sysmon;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Sysmon;

/// <summary>A recording made of lines, in a file of its own that is deleted afterwards.</summary>
internal sealed class SysmonRecording : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"sysmon-{Guid.NewGuid():N}.ndjson");

    public SysmonRecording(params string[] lines)
        : this(Encoding.UTF8.GetBytes(string.Join('\n', lines)))
    {
    }

    public SysmonRecording(byte[] content)
    {
        File.WriteAllBytes(_path, content);
        Source = new SysmonSource([_path], new ProcessTable());
    }

    public string FileName => _path;

    public SysmonSource Source { get; }

    public SourceStatistics Statistics => Source.Statistics;

    public EndpointEvent Event { get; } = new();

    /// <summary>Reads on, and fails when there is no further event.</summary>
    public EndpointEvent Next()
    {
        Assert.True(Source.TryRead(Event), "The recording has ended.");
        return Event;
    }

    /// <summary>Passes over so many events and reads the one after.</summary>
    public EndpointEvent After(int events)
    {
        for (int i = 0; i < events; i++)
            Next();
        return Next();
    }

    public int ReadAll()
    {
        int events = 0;
        while (Source.TryRead(Event))
            events++;
        return events;
    }

    public void Dispose()
    {
        Source.Dispose();
        File.Delete(_path);
    }
}
