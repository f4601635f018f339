using System.Runtime.InteropServices;

namespace CallStackRules.Capture.Sources.Etw.Live;

/// <summary>Reads a running session: the system hands events to a thread of ours, which copies them into a ring, from which the thread with the rules takes them.</summary>
internal sealed class EtwReader : IRawEventReader
{
    // Together with the session's own buffers this bridges seconds in which the rules do not keep up.
    private const int RingBytes = 64 << 20;

    private readonly IEtwSession _session;
    private readonly RawEventRing _ring = new(RingBytes);
    private readonly Thread _thread;
    private long _lostBySession;

    /// <summary>Begins to read.</summary>
    /// <param name="session">The session; owned by this.</param>
    /// <exception cref="CaptureException">The system refuses.</exception>
    public EtwReader(IEtwSession session)
    {
        _session = session;
        try
        {
            session.Open(_ring);
        }
        catch (ExternalException e)
        {
            session.Dispose();
            throw new CaptureException($"The session cannot be read: {e.Message}", e);
        }
        _thread = new Thread(Deliver) { IsBackground = true, Name = "ETW", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <inheritdoc/>
    public TraceClock Clock => _session.Clock;

    /// <summary>The time now, as the clock counts.</summary>
    public long Now => _session.Now;

    /// <summary>A sensor of 64 bits watches a system of 64 bits.</summary>
    public int PointerSize => sizeof(ulong);

    /// <summary>Events and buffers that the system had no room for, as counted last, and events that the ring had none for.</summary>
    public long Lost => _lostBySession + _ring.Lost;

    /// <summary>Whether the thread that reads may wait for a moment: there is room for what comes meanwhile.</summary>
    public bool HasTime => !_ring.IsHalfFull;

    /// <summary>Asks the system what it has lost so far.</summary>
    public void CountLost()
    {
        (long events, long buffers) = _session.Lost;
        _lostBySession = Math.Max(_lostBySession, events + buffers);
    }

    /// <summary>Waits at most this long for the next event, whose spans are valid until the next call.</summary>
    public ReadResult Read(out RawEvent e, TimeSpan patience) => _ring.Read(out e, patience);

    /// <summary>Waits for the next event; false once the session was stopped and all is read.</summary>
    public bool TryRead(out RawEvent e)
    {
        ReadResult result;
        do
            result = _ring.Read(out e, Timeout.InfiniteTimeSpan);
        while (result == ReadResult.Nothing);
        return result == ReadResult.Event;
    }

    /// <summary>Ends the session. What was delivered can still be read. Any thread.</summary>
    public void Stop()
    {
        CountLost();
        _session.Stop();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        _thread.Join();
    }

    private void Deliver()
    {
        _session.Deliver();
        _ring.End();
    }
}
