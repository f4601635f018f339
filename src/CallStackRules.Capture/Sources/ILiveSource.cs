using CallStackRules.Capture.Processes;

namespace CallStackRules.Capture.Sources;

/// <summary>
/// A source that captures while the machine runs: the kernel on Linux or Windows. <see cref="IEventSource.TryRead"/> waits for the next event and returns false once
/// the source was stopped and what had been captured before is read. One thread reads; <see cref="Stop"/> may come from any.
/// </summary>
public interface ILiveSource : IEventSource
{
    /// <summary>What capture itself has counted: lost events, incomplete stacks.</summary>
    CaptureStatistics Capture { get; }

    /// <summary>The processes that are known.</summary>
    ProcessTable Processes { get; }

    /// <summary>What this system cannot tell, in the system's own words; known once capture has begun.</summary>
    IReadOnlyList<string> Missing { get; }

    /// <summary>In what capture is weaker than it could be, why, and how to change that; null when it is not. Known once capture has begun.</summary>
    string? Weakness => null;

    /// <summary>Begins to capture. When it returns, what happens from now on is seen.</summary>
    /// <exception cref="CaptureException">The system refuses; the message says what is missing and how to grant it.</exception>
    void Start();

    /// <summary>Ends capture.</summary>
    void Stop();

    /// <summary>
    /// Waits at most this long for an event.
    /// </summary>
    /// <returns><see cref="ReadResult.Event"/> when the event was filled.</returns>
    ReadResult Read(Events.EndpointEvent e, TimeSpan patience);

    /// <summary>What can be left out to save time, in words: the least valuable first. Empty when the source leaves nothing out.</summary>
    IReadOnlyList<string> SheddingOrder => [];

    /// <summary>How many of <see cref="SheddingOrder"/> are left out, from its beginning. What is left out is counted in <see cref="CaptureStatistics.Shed"/>.</summary>
    int Shedding
    {
        get => 0;
        set => ArgumentOutOfRangeException.ThrowIfNotEqual(value, 0);
    }

    /// <summary>
    /// Whether the event that was read last is a question: the program it tells of is held until <see cref="Answer"/>. It comes again as an event when it runs. Reading
    /// on without an answer lets it run.
    /// </summary>
    bool AwaitsVerdict { get; }

    /// <summary>Lets the held program run, or refuses it.</summary>
    /// <param name="allow">Whether it may run.</param>
    void Answer(bool allow);
}

/// <summary>What came of waiting for an event.</summary>
public enum ReadResult
{
    /// <summary>The event was filled.</summary>
    Event,
    /// <summary>Nothing happened in the time given.</summary>
    Nothing,
    /// <summary>The source was stopped, and all that was captured before is read.</summary>
    End,
}
