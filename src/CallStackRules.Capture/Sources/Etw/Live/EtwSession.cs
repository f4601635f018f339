using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using CallStackRules.Capture.Sources.Etw.Live.Interop;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;
using Microsoft.Diagnostics.Tracing.Session;

namespace CallStackRules.Capture.Sources.Etw.Live;

/// <summary>A session of event tracing that does what a plan says, for <see cref="EtwReader"/> to read.</summary>
[SupportedOSPlatform("windows")]
internal sealed class EtwSession : IDisposable
{
    // Together with the ring this bridges seconds in which the rules do not keep up.
    private const int BufferMegabytes = 64;

    private readonly TraceEventSession _session;
    private readonly List<string> _refused = [];

    private EtwSession(TraceEventSession session) => _session = session;

    /// <summary>Name of the session.</summary>
    public string Name => _session.SessionName;

    /// <summary>What the system refused to tell of; the rest is captured.</summary>
    public IReadOnlyList<string> Refused => _refused;

    /// <summary>Events and buffers that found no room, as the system counts them now; 0 once the session has ended.</summary>
    public (long Events, long Buffers) Lost
    {
        get
        {
            try
            {
                (_, uint events, uint buffers) = WindowsTracing.Ask(Name);
                return (events, buffers);
            }
            catch (Win32Exception)
            {
                return default;
            }
        }
    }

    /// <summary>Begins a session. One of the same name that was left behind when its owner crashed is ended first.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="plan">What to enable.</param>
    /// <exception cref="CaptureException">The system refuses.</exception>
    public static EtwSession Start(string name, EtwPlan plan)
    {
        if (IntPtr.Size != 8)
            throw new CaptureException("Live capture needs the 64-bit sensor.");
        if (TraceEventSession.IsElevated() != true)
            throw new CaptureException("Live capture needs an elevated account: run as administrator, or as the service ('service install').");
        // Walking stacks needs the first, looking into other accounts' processes the second.
        foreach (string privilege in (ReadOnlySpan<string>)["SeSystemProfilePrivilege", "SeDebugPrivilege"])
        {
            if (!WindowsTracing.Enable(privilege))
                throw new CaptureException($"The account does not have {privilege}: run as administrator or as the system account, or grant it in the local security policy.");
        }
        EtwSession? session = null;
        try
        {
            TraceEventSession.GetActiveSession(name)?.Stop(noThrow: true);
            session = new EtwSession(new TraceEventSession(name));
            session.Enable(plan);
            return session;
        }
        catch (Exception e) when (e is COMException or Win32Exception or UnauthorizedAccessException or IOException)
        {
            session?.Dispose();
            throw new CaptureException($"The session '{name}' cannot be started: {e.Message} 'logman query -ets' shows what runs; Windows has room for 8 sessions of kernel events.", e);
        }
    }

    /// <summary>Ends the session. What was delivered can still be read.</summary>
    public void Stop() => _session.Stop(noThrow: true);

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private void Enable(EtwPlan plan)
    {
        _session.StopOnDispose = true;
        _session.BufferSizeMB = BufferMegabytes;
        // Kernel events first: TraceEvent starts the session with them. Its own list of stacks stays empty and gives way to ours.
        _session.EnableKernelProvider((KernelTraceEventParser.Keywords)plan.Kernel, KernelTraceEventParser.Keywords.None);
        if (plan.KernelStacks.Count > 0)
            WindowsTracing.SetStacks(WindowsTracing.Ask(Name).Handle, ClassicEventId.ToBytes(plan.KernelStacks));
        foreach (EtwProvider provider in plan.Providers)
        {
            var options = new TraceEventProviderOptions { StacksEnabled = provider.StackEvents.Count > 0, EventIDStacksToEnable = [.. provider.StackEvents] };
            try
            {
                _session.EnableProvider(provider.Id, TraceEventLevel.Informational, provider.Keywords == 0 ? ulong.MaxValue : provider.Keywords, options);
            }
            catch (Exception e) when (provider.RefusableName is not null && e is (COMException or Win32Exception or UnauthorizedAccessException))
            {
                _refused.Add(provider.RefusableName);
            }
        }
    }
}
