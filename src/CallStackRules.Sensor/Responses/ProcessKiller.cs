using System.Diagnostics;
using System.Globalization;
using CallStackRules.Capture.Processes;

namespace CallStackRules.Sensor.Responses;

/// <summary>Ends processes that rules ask to be ended: those that an entity id names, and no others.</summary>
/// <remarks>
/// First a handle is opened, which stays with its process; then it is looked whether that process is the one that is meant, by when it started; then it is ended through
/// the handle. Where its descendants are to go with it, it is stopped first and they are stopped as they are found, until a look finds no more: so nobody starts another
/// meanwhile. Then all are ended, the oldest first. Protected processes and threads of the kernel are never touched.
/// </remarks>
/// <param name="protectedProcesses">Whom never to touch.</param>
internal sealed class ProcessKiller(ProtectedProcesses protectedProcesses)
{
    /// <summary>Clock ticks by which two ways to say when a process started may differ.</summary>
    private const long Tolerance = 2;

    /// <summary>Number of the process that all threads of the kernel descend from.</summary>
    private const int KernelThreads = 2;

    /// <summary>Looks for more descendants, at most: whoever outruns these loses what was found.</summary>
    private const int MostLooks = 8;

    /// <summary>How long to wait for those that were told to stop: whoever waits in the kernel for a disk stops when it is done.</summary>
    private static readonly TimeSpan LongestStop = TimeSpan.FromMilliseconds(200);

    private readonly string _boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Replace("-", "", StringComparison.Ordinal);

    /// <summary>Ends a process.</summary>
    /// <param name="entityId">Its identifier.</param>
    /// <param name="withDescendants">Whether its children, theirs and so on are ended, too.</param>
    /// <param name="isDryRun">Whether only to say what would be done.</param>
    /// <returns>What was done, or why nothing was.</returns>
    public (ResponseOutcome Outcome, string Reason) Kill(ReadOnlySpan<char> entityId, bool withDescendants, bool isDryRun = false)
    {
        if (!LinuxEntityId.TryParse(entityId, out ReadOnlySpan<char> boot, out int pid, out long startTicks))
            return (ResponseOutcome.Refused, $"refused: '{entityId}' is no identifier of a process of Linux");
        if (!_boot.AsSpan().StartsWith(boot))
            return (ResponseOutcome.Refused, $"refused: '{entityId}' is of another machine, or of before this one was started");
        using ProcessHandle? handle = TryOpen(pid, startTicks, out string problem);
        if (handle is null)
            return (ResponseOutcome.Refused, problem);
        if (isDryRun)
            return (ResponseOutcome.DryRun, $"would kill: process {pid}{(withDescendants ? " and its descendants" : "")}");
        return withDescendants ? KillTree(handle) : Kill(handle);
    }

    private static (ResponseOutcome Outcome, string Reason) Kill(ProcessHandle handle) => handle.Kill() is { } problem
        ? (ResponseOutcome.Failed, $"failed: process {handle.Pid}: {problem}")
        : (ResponseOutcome.Done, $"killed: process {handle.Pid}");

    private (ResponseOutcome Outcome, string Reason) KillTree(ProcessHandle root)
    {
        root.Stop();
        WaitUntilStopped([root]);
        var found = new List<ProcessHandle>();
        var known = new HashSet<int> { root.Pid };
        try
        {
            for (int look = 0; look < MostLooks && TryStopMore(known, found); look++)
            {
            }
            (ResponseOutcome outcome, string reason) = Kill(root);
            foreach (ProcessHandle descendant in found)
                reason += $"; {Kill(descendant).Reason}";
            return (outcome, reason);
        }
        finally
        {
            found.ForEach(static handle => handle.Dispose());
        }
    }

    /// <summary>Stops descendants that were not known.</summary>
    private bool TryStopMore(HashSet<int> known, List<ProcessHandle> found)
    {
        int before = found.Count;
        List<(int Pid, ProcessStatus Status)> processes = [.. All()];
        for (bool grew = true; grew;)
        {
            grew = false;
            foreach ((int pid, ProcessStatus status) in processes)
            {
                if (!known.Contains(status.Parent) || !known.Add(pid))
                    continue;
                grew = true;
                if (TryOpen(pid, status.StartTicks, out _) is not { } handle)
                    continue;
                handle.Stop();
                found.Add(handle);
            }
        }
        WaitUntilStopped(found[before..]);
        return found.Count > before;
    }

    /// <summary>Waits until nobody of some can start another process: a signal has not arrived yet when it has been sent.</summary>
    private static void WaitUntilStopped(List<ProcessHandle> stopping)
    {
        long start = Stopwatch.GetTimestamp();
        while (!stopping.TrueForAll(static handle => ProcessStatus.HasStopped(handle.Pid)) && Stopwatch.GetElapsedTime(start) < LongestStop)
            Thread.Sleep(1);
    }

    /// <summary>A handle of the process that is meant.</summary>
    /// <param name="pid">Its number.</param>
    /// <param name="startTicks">When it started.</param>
    /// <param name="problem">Why there is none.</param>
    private ProcessHandle? TryOpen(int pid, long startTicks, out string problem)
    {
        problem = $"refused: process {pid} is the sensor itself, or one it descends from";
        if (protectedProcesses.Contains(pid))
            return null;
        ProcessHandle? handle = ProcessHandle.Open(pid);
        // What is read now is of the process that the handle is for, or that has ended.
        problem = handle is null || ProcessStatus.Read(pid) is not { } status ? $"gone: process {pid} has ended"
            : Math.Abs(status.StartTicks - startTicks) > Tolerance ? $"gone: the number {pid} belongs to another process by now"
            : status.Parent == KernelThreads || pid == KernelThreads ? $"refused: process {pid} is a thread of the kernel"
            : "";
        if (problem.Length == 0)
            return handle;
        handle?.Dispose();
        return null;
    }

    private static IEnumerable<(int Pid, ProcessStatus Status)> All()
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && ProcessStatus.Read(pid) is { } status)
                yield return (pid, status);
        }
    }
}
