namespace CallStackRules.Capture.Sources.Linux.Interop;

/// <summary>
/// A timer of the kernel's that ends this process unless it is put off (timer_create(2) with SIGKILL): it also runs out when the process was stopped, where no thread of ours
/// can do anything.
/// </summary>
/// <remarks>
/// struct sigevent: 64 bytes, of which s32 signal at 8 and s32 kind of notice at 12, 0 for a signal. struct itimerspec: s64 seconds and s64 nanoseconds between
/// repetitions, then the same until the first.
/// </remarks>
internal sealed class KillTimer : IDisposable
{
    private const int SignalKill = 9;

    private readonly int _timer;

    private KillTimer(int timer) => _timer = timer;

    /// <summary>Makes one that does not run yet; null when the system refuses.</summary>
    public static KillTimer? Create() => LinuxSystem.CreateTimer(SignalKill, out int timer) < 0 ? null : new KillTimer(timer);

    /// <summary>Lets it run out after this time, and not before.</summary>
    public void PutOff(TimeSpan time) => LinuxSystem.SetTimer(_timer, (long)time.TotalMilliseconds * 1_000_000);

    public void Dispose() => LinuxSystem.DeleteTimer(_timer);
}
