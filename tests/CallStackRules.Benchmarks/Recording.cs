using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Ecs;
using CallStackRules.Events;

namespace CallStackRules.Benchmarks;

/// <summary>The demo recording in memory, an event object each, so that matching is measured without reading.</summary>
internal static class Recording
{
    /// <summary>Path of the recording, copied beside the program.</summary>
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "demo.ndjson");

    /// <summary>All its events.</summary>
    public static EndpointEvent[] Load()
    {
        using var source = new EcsSource([Path], new ProcessTable());
        var events = new List<EndpointEvent>();
        while (true)
        {
            var e = new EndpointEvent();
            if (!source.TryRead(e))
                return [.. events];
            events.Add(e);
        }
    }
}
