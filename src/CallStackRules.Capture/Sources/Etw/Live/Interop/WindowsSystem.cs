using System.Runtime.Versioning;
using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Memory.Interop;
using Microsoft.Diagnostics.Tracing.Session;

namespace CallStackRules.Capture.Sources.Etw.Live.Interop;

/// <summary>The Windows that this runs on.</summary>
[SupportedOSPlatform("windows")]
public sealed class WindowsSystem : IEtwSystem
{
    private const int BufferMegabytes = 64;

    private WindowsSystem()
    {
    }

    bool IEtwSystem.IsElevated => TraceEventSession.IsElevated() == true;

    /// <summary>What happens on this machine; yet to be started.</summary>
    /// <param name="needs">Which events some rule needs.</param>
    /// <param name="recording">The <c>.etl</c> file that is recorded meanwhile; null for none.</param>
    public static ILiveSource Watch(CaptureNeeds needs, string? recording) => new EtwSource(needs, new WindowsSystem(), recording);

    bool IEtwSystem.TryEnablePrivilege(string privilege) => WindowsTracing.Enable(privilege);

    void IEtwSystem.EndSession(string name) => TraceEventSession.GetActiveSession(name)?.Stop(noThrow: true);

    IEtwSession IEtwSystem.Begin(string name, string? file)
    {
        TraceEventSession session = file is null ? new TraceEventSession(name) : new TraceEventSession(name, file);
        session.StopOnDispose = true;
        session.BufferSizeMB = BufferMegabytes;
        return new WindowsSession(session);
    }

    ISystemFacts IEtwSystem.OpenFacts(TraceClock clock, SourceStatistics statistics, CaptureStatistics capture, Func<bool> mayWait)
    {
        var calls = new WindowsCalls();
        return new LiveFacts(calls, clock, new FileLooks(statistics, capture, mayWait, calls.CheckSignature));
    }
}
