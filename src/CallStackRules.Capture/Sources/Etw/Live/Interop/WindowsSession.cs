using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;
using Microsoft.Diagnostics.Tracing.Session;

namespace CallStackRules.Capture.Sources.Etw.Live.Interop;

/// <summary>A session of Windows: TraceEvent makes it, our own calls add the stacks of classic events, and read it.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class WindowsSession(TraceEventSession session) : IEtwSession
{
    private const int ContextOffset = 104;

    private readonly EventRecord _record = new();
    private RawEventRing? _ring;
    private GCHandle _self;
    private ulong _trace;

    public TraceClock Clock => new(Stopwatch.GetTimestamp(), DateTime.UtcNow.Ticks, Stopwatch.Frequency);

    public long Now => Stopwatch.GetTimestamp();

    public (long Events, long Buffers) Lost
    {
        get
        {
            try
            {
                (_, long events, long buffers) = WindowsTracing.Ask(session.SessionName);
                return (events, buffers);
            }
            catch (Win32Exception)
            {
                return default;
            }
        }
    }

    public void EnableKernel(KernelGroups groups, IReadOnlyList<ClassicEventId> stacks)
    {
        // TraceEvent's own list of stacks stays empty and gives way to ours.
        session.EnableKernelProvider((KernelTraceEventParser.Keywords)groups, KernelTraceEventParser.Keywords.None);
        if (stacks.Count > 0)
            WindowsTracing.SetStacks(WindowsTracing.Ask(session.SessionName).Handle, ClassicEventId.ToBytes(stacks));
    }

    public void Enable(EtwProvider provider) =>
        session.EnableProvider(provider.Id, TraceEventLevel.Informational, provider.Keywords == 0 ? ulong.MaxValue : provider.Keywords, provider.ToOptions());

    public void Open(RawEventRing ring)
    {
        _ring = ring;
        _self = GCHandle.Alloc(this);
        _trace = WindowsTracing.Open(session.SessionName, &Receive, GCHandle.ToIntPtr(_self));
    }

    public void Deliver()
    {
        _ = WindowsTracing.Process(_trace);
        _self.Free();
    }

    public void Stop() => session.Stop(noThrow: true);

    public void Dispose()
    {
        session.Dispose();
        if (_trace != 0)
            WindowsTracing.Close(_trace);
    }

    [UnmanagedCallersOnly]
    private static void Receive(byte* record)
    {
        var self = (WindowsSession)GCHandle.FromIntPtr(*(nint*)(record + ContextOffset)).Target!;
        self._ring!.TryWrite(self._record.Read(record));
    }
}
