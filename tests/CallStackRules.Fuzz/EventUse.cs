using System.Buffers;
using System.Text.Json;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Ecs;
using CallStackRules.Events;
using CallStackRules.Rules;
using CallStackRules.Sensor.Pipeline;

namespace CallStackRules.Fuzz;

/// <summary>What the sensor does with an event, wherever it comes from: all rules look at it, and it is written.</summary>
internal static class EventUse
{
    private static readonly RuleSet<EndpointEvent> Rules = BuiltRules.LoadBuiltIn();
    private static readonly List<EventRule<EndpointEvent>> Matches = [];
    private static readonly ArrayBufferWriter<byte> Written = new();
    private static readonly EcsWriter Writer = new();

    /// <summary>Uses one event.</summary>
    public static void Of(EndpointEvent e)
    {
        Matches.Clear();
        Rules.Match(e, Matches);
        Written.ResetWrittenCount();
        using var json = new Utf8JsonWriter(Written);
        Writer.Write(json, e);
    }

    /// <summary>Uses all events of a source.</summary>
    public static void OfAll(IEventSource source)
    {
        var e = new EndpointEvent();
        while (source.TryRead(e))
            Of(e);
    }
}
