using System.Globalization;

namespace CallStackRules.Load;

/// <summary>What processes and threads use, from <c>/proc</c> (proc(5)).</summary>
internal static class ProcessUse
{
    private const double TicksPerSecond = 100;

    /// <summary>Memory of a process that is resident, in MiB, mapped rings included.</summary>
    public static double ResidentMebibytes(int pid)
    {
        string line = File.ReadLines($"/proc/{pid}/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
    }

    /// <summary>Processor time that all threads of a process have used, in seconds.</summary>
    public static double Seconds(int pid) => Field(pid, 14) + Field(pid, 15);

    /// <summary>Processor time of the children of this process, theirs included, that have ended, in seconds.</summary>
    public static double SecondsOfChildren() => Field(Environment.ProcessId, 16) + Field(Environment.ProcessId, 17);

    /// <summary>Processor time of everything on this machine, in seconds.</summary>
    public static double SecondsOfMachine()
    {
        // cpu user nice system idle iowait irq softirq ...
        const int idle = 4;
        const int waiting = 5;
        string[] fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Enumerable.Range(1, 7).Where(static i => i is not (idle or waiting)).Sum(i => double.Parse(fields[i], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>Processor time that the calling thread has used, in seconds, to the nanosecond.</summary>
    public static double SecondsOfThisThread()
    {
        ReadOnlySpan<char> content = File.ReadAllText("/proc/thread-self/schedstat");
        return long.Parse(content[..content.IndexOf(' ')], CultureInfo.InvariantCulture) / 1e9;
    }

    // A field of /proc/PID/stat in clock ticks, by its number in proc(5); the second is a name in parentheses, which may hold anything.
    private static double Field(int pid, int number)
    {
        string content = File.ReadAllText($"/proc/{pid}/stat");
        string[] fields = content[(content.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[number - 3], CultureInfo.InvariantCulture) / TicksPerSecond;
    }
}
