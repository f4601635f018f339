using System.Globalization;
using CallStackRules.Capture.Processes;

namespace CallStackRules.Sensor.Responses;

/// <summary>Ends processes that rules ask to be ended: those that an entity id names, and no others.</summary>
/// <remarks>
/// First a handle is opened, which stays with its process; then it is looked whether that process is the one that is meant, by when it started; then it is ended through
/// the handle. The sensor itself, those it descends from, the first process and threads of the kernel are never touched.
/// </remarks>
internal sealed class ProcessKiller
{
    /// <summary>Clock ticks by which two ways to say when a process started may differ.</summary>
    private const long Tolerance = 2;

    /// <summary>Number of the process that all threads of the kernel descend from.</summary>
    private const int KernelThreads = 2;

    private readonly string _boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Replace("-", "", StringComparison.Ordinal);
    private readonly HashSet<int> _untouchable = [.. OursAndAncestors()];

    /// <summary>Ends a process.</summary>
    /// <param name="entityId">Its identifier.</param>
    /// <param name="withDescendants">Whether its children, theirs and so on are ended, too.</param>
    /// <returns>What was done, or why nothing was, for the log.</returns>
    public string Kill(ReadOnlySpan<char> entityId, bool withDescendants)
    {
        if (!LinuxEntityId.TryParse(entityId, out ReadOnlySpan<char> boot, out int pid, out long startTicks))
            return $"refused: '{entityId}' is no identifier of a process of Linux";
        if (!_boot.AsSpan().StartsWith(boot))
            return $"refused: '{entityId}' is of another machine, or of before this one was started";
        List<(int Pid, long StartTicks)> descendants = withDescendants ? Descendants(pid) : [];
        string result = Kill(pid, startTicks);
        // Whoever was not what was meant has no descendants that are.
        if (!result.StartsWith("killed", StringComparison.Ordinal))
            return result;
        foreach ((int descendant, long started) in descendants)
            result += $"; {Kill(descendant, started)}";
        return result;
    }

    private string Kill(int pid, long startTicks)
    {
        if (_untouchable.Contains(pid))
            return $"refused: process {pid} is the sensor itself, or one it descends from";
        using ProcessHandle? handle = ProcessHandle.Open(pid);
        if (handle is null || Stat(pid) is not { } stat)
            return $"gone: process {pid} has ended";
        if (Math.Abs(stat.StartTicks - startTicks) > Tolerance)
            return $"gone: the number {pid} belongs to another process by now";
        if (stat.Parent == KernelThreads || pid == KernelThreads)
            return $"refused: process {pid} is a thread of the kernel";
        return handle.Kill() is { } problem ? $"failed: process {pid}: {problem}" : $"killed: process {pid}";
    }

    private static IEnumerable<int> OursAndAncestors()
    {
        yield return 1;
        for (int pid = Environment.ProcessId; pid > 1; pid = Stat(pid)?.Parent ?? 0)
            yield return pid;
    }

    private static List<(int Pid, long StartTicks)> Descendants(int root)
    {
        var processes = new Dictionary<int, (int Parent, long StartTicks)>();
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && Stat(pid) is { } stat)
                processes[pid] = stat;
        }
        var found = new List<(int Pid, long StartTicks)>();
        var known = new HashSet<int> { root };
        for (bool grew = true; grew;)
        {
            grew = false;
            foreach ((int pid, (int parent, long startTicks)) in processes)
            {
                if (!known.Contains(parent) || !known.Add(pid))
                    continue;
                found.Add((pid, startTicks));
                grew = true;
            }
        }
        return found;
    }

    private static (int Parent, long StartTicks)? Stat(int pid)
    {
        try
        {
            string line = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            // The name in parentheses may hold anything; behind it comes field 3.
            string[] fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            return (int.Parse(fields[1], CultureInfo.InvariantCulture), long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
