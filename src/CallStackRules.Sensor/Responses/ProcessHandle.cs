using System.Runtime.InteropServices;

namespace CallStackRules.Sensor.Responses;

/// <summary>
/// A handle of a process on Linux (pidfd_open(2)): it stays with the process it was opened for, so that a signal through it never hits another one that was given the
/// same number meanwhile.
/// </summary>
internal sealed partial class ProcessHandle : IDisposable
{
    // arch/x86/entry/syscalls/syscall_64.tbl; the same numbers on other architectures.
    private const long PidfdSendSignal = 424;
    private const long PidfdOpen = 434;
    private const int SignalKill = 9;
    private const int SignalStop = 19;

    private readonly int _descriptor;

    private ProcessHandle(int pid, int descriptor)
    {
        Pid = pid;
        _descriptor = descriptor;
    }

    /// <summary>The number the process has.</summary>
    public int Pid { get; }

    /// <summary>Opens a handle; null when there is no such process.</summary>
    public static ProcessHandle? Open(int pid)
    {
        int descriptor = (int)SystemCall(PidfdOpen, pid, 0, 0, 0);
        return descriptor < 0 ? null : new ProcessHandle(pid, descriptor);
    }

    /// <summary>Ends the process.</summary>
    /// <returns>Null, or why it could not be.</returns>
    public string? Kill() => SystemCall(PidfdSendSignal, _descriptor, SignalKill, 0, 0) == 0 ? null : Marshal.GetLastPInvokeErrorMessage();

    /// <summary>Stops the process where it is, so that it starts no other until it is ended.</summary>
    public void Stop() => _ = SystemCall(PidfdSendSignal, _descriptor, SignalStop, 0, 0);

    public void Dispose() => _ = Close(_descriptor);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long SystemCall(long number, long first, long second, nint third, long fourth);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
