using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using CallStackRules.Capture.Sources.Etw.Live.Interop;

namespace CallStackRules.Capture.Sources.Etw.Live;

/// <summary>Reads a running session: Windows calls a thread of ours for each event, which copies it into a ring, from which the thread with the rules takes it.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class EtwReader : IRawEventReader
{
    private const int RingBytes = 64 << 20;
    private const int ContextOffset = 104;

    private readonly EtwSession _session;
    private readonly RawEventRing _ring = new(RingBytes);
    private readonly EventRecord _record = new();
    private readonly GCHandle _self;
    private readonly ulong _trace;
    private readonly Thread _thread;
    private (long Events, long Buffers) _lostBySession;

    /// <summary>Begins to read.</summary>
    /// <param name="session">The session; owned by this.</param>
    /// <exception cref="CaptureException">The system refuses.</exception>
    public EtwReader(EtwSession session)
    {
        _session = session;
        _self = GCHandle.Alloc(this);
        try
        {
            _trace = WindowsTracing.Open(session.Name, &Receive, GCHandle.ToIntPtr(_self));
        }
        catch (Win32Exception e)
        {
            _self.Free();
            throw new CaptureException($"The session '{session.Name}' cannot be read: {e.Message}", e);
        }
        _thread = new Thread(Deliver) { IsBackground = true, Name = "ETW", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <summary>Sessions stamp events with the performance counter.</summary>
    public TraceClock Clock { get; } = new(Stopwatch.GetTimestamp(), DateTime.UtcNow.Ticks, Stopwatch.Frequency);

    /// <summary>A sensor of 64 bits watches a system of 64 bits.</summary>
    public int PointerSize => sizeof(ulong);

    /// <summary>Events that the system had no room for, or the ring.</summary>
    public long Lost => _lostBySession.Events + _ring.Lost;

    /// <summary>Buffers of events that the system had no room for.</summary>
    public long LostBuffers => _lostBySession.Buffers;

    /// <summary>Asks the system what it has lost so far.</summary>
    public void CountLost()
    {
        (long events, long buffers) = _session.Lost;
        _lostBySession = (Math.Max(events, _lostBySession.Events), Math.Max(buffers, _lostBySession.Buffers));
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
        WindowsTracing.Close(_trace);
        _thread.Join();
        _self.Free();
    }

    private void Deliver()
    {
        _ = WindowsTracing.Process(_trace);
        _ring.End();
    }

    [UnmanagedCallersOnly]
    private static void Receive(byte* record)
    {
        var reader = (EtwReader)GCHandle.FromIntPtr(*(nint*)(record + ContextOffset)).Target!;
        reader._ring.TryWrite(reader._record.Read(record));
    }
}
