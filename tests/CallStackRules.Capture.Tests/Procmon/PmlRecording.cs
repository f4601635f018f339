using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Procmon;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Procmon;

/// <summary>A log in a temporary file that is read event by event.</summary>
internal sealed class PmlRecording : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PmlRecording(byte[] log)
    {
        File = Path.Combine(_folder.Path, "log.pml");
        System.IO.File.WriteAllBytes(File, log);
        try
        {
            Source = new ProcmonSource([File], new ProcessTable());
        }
        catch
        {
            _folder.Dispose();
            throw;
        }
    }

    public string File { get; }

    public ProcmonSource Source { get; }

    public SourceStatistics Statistics => Source.Statistics;

    public EndpointEvent Event { get; } = new();

    /// <summary>The next event; fails when there is none.</summary>
    public EndpointEvent Next()
    {
        Assert.True(Source.TryRead(Event), string.Join(' ', Statistics.Unused));
        return Event;
    }

    public void Dispose()
    {
        Source.Dispose();
        _folder.Dispose();
    }
}
