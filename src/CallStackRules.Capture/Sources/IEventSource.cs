using CallStackRules.Events;

namespace CallStackRules.Capture.Sources;

/// <summary>A source that is asked for its events one after the other: a recording.</summary>
public interface IEventSource : IDisposable
{
    /// <summary>What was read so far, and what of it could not be used.</summary>
    SourceStatistics Statistics { get; }

    /// <summary>
    /// Clears the event and fills it with the next one of the recording. What cannot be used is counted and passed over.
    /// </summary>
    /// <returns>False at the end of the recording.</returns>
    bool TryRead(EndpointEvent e);
}
