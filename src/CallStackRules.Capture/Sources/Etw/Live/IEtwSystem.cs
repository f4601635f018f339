using CallStackRules.Capture.Memory;

namespace CallStackRules.Capture.Sources.Etw.Live;

/// <summary>What live capture asks of a system with event tracing: Windows, or the tests', which plays a recorded trace.</summary>
internal interface IEtwSystem
{
    /// <summary>Whether the account is an administrator's, with its rights in use.</summary>
    bool IsElevated { get; }

    /// <summary>Makes use of a privilege that the account has.</summary>
    /// <returns>False when it has it not.</returns>
    bool TryEnablePrivilege(string privilege);

    /// <summary>Ends the session of a name; nothing where there is none.</summary>
    void EndSession(string name);

    /// <summary>Makes a session that has yet to be told what to trace.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="file">The file that it writes to; null for one that is read while it runs.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">The system refuses.</exception>
    IEtwSession Begin(string name, string? file);

    /// <summary>What the system can be asked while events are read.</summary>
    /// <param name="clock">The clock of the questions.</param>
    /// <param name="statistics">Counts what was not read in time.</param>
    /// <param name="capture">Counts what came of digests.</param>
    /// <param name="mayWait">Whether there is time to wait for an answer.</param>
    ISystemFacts OpenFacts(TraceClock clock, SourceStatistics statistics, CaptureStatistics capture, Func<bool> mayWait);
}

/// <summary>A session of event tracing. Its calls throw <see cref="System.Runtime.InteropServices.ExternalException"/> where the system refuses.</summary>
internal interface IEtwSession : IDisposable
{
    /// <summary>How its timestamps become points in time, by the system's clock as it is now.</summary>
    TraceClock Clock { get; }

    /// <summary>The time now, as the clock counts.</summary>
    long Now { get; }

    /// <summary>Events and buffers of events that found no room, as the system counts them now; 0 once the session has ended.</summary>
    (long Events, long Buffers) Lost { get; }

    /// <summary>Traces classic kernel events; to be called first.</summary>
    /// <param name="groups">Which.</param>
    /// <param name="stacks">Which of them come with the stack of their thread.</param>
    void EnableKernel(KernelGroups groups, IReadOnlyList<ClassicEventId> stacks);

    /// <summary>Traces a provider with a manifest.</summary>
    void Enable(EtwProvider provider);

    /// <summary>Opens the session for reading.</summary>
    /// <param name="ring">Takes its events.</param>
    void Open(RawEventRing ring);

    /// <summary>Writes events to the ring until the session ends. On a thread of its own.</summary>
    void Deliver();

    /// <summary>Ends the session. What was delivered can still be read. Any thread.</summary>
    void Stop();
}
