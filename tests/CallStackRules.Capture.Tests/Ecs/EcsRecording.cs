using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Ecs;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Ecs;

/// <summary>A recording in a file of its own that is deleted afterwards.</summary>
internal sealed class EcsRecording : IDisposable
{
    public EcsRecording(params string[] lines)
        : this(Encoding.UTF8.GetBytes(string.Join('\n', lines)))
    {
    }

    public EcsRecording(byte[] content)
    {
        File.WriteAllBytes(FileName, content);
        Source = new EcsSource([FileName], new ProcessTable());
    }

    public string FileName { get; } = Path.Combine(Path.GetTempPath(), $"ecs-{Guid.NewGuid():N}.ndjson");

    public EcsSource Source { get; }

    public SourceStatistics Statistics => Source.Statistics;

    public EndpointEvent Event { get; } = new();

    /// <summary>Reads on, and fails when there is no further event.</summary>
    public EndpointEvent Next()
    {
        Assert.True(Source.TryRead(Event), "The recording has ended.");
        return Event;
    }

    /// <summary>Reads to the end.</summary>
    public int ReadAll()
    {
        int events = 0;
        while (Source.TryRead(Event))
            events++;
        return events;
    }

    /// <summary>The event as JSON.</summary>
    public static string Write(EndpointEvent e, bool callStacks = true)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
            new EcsWriter { WritesCallStacks = callStacks }.Write(writer, e);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>The event as a tree.</summary>
    public static JsonNode Tree(EndpointEvent e) => JsonNode.Parse(Write(e))!;

    public void Dispose()
    {
        Source.Dispose();
        File.Delete(FileName);
    }
}
