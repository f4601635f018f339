using System.Globalization;

namespace CallStackRules.Sensor.Responses;

/// <summary>Fields of <c>/proc/PID/stat</c> (proc(5)).</summary>
/// <param name="State">Field 3: what the process, or the thread, does.</param>
/// <param name="Parent">Field 4.</param>
/// <param name="StartTicks">Field 22: clock ticks since boot.</param>
internal readonly record struct ProcessStatus(char State, int Parent, long StartTicks)
{
    /// <summary>Whether it runs no more instructions: it is stopped, traced, or has ended.</summary>
    private bool IsAtRest => State is 'T' or 't' or 'Z' or 'X' or 'x';

    /// <summary>Reads those of a process; null when there is no such process.</summary>
    public static ProcessStatus? Read(int pid) => Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}"));

    /// <summary>Whether every thread of a process is stopped, or there is no such process.</summary>
    public static bool HasStopped(int pid)
    {
        try
        {
            return Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/task")).All(static thread => Read(thread) is not { IsAtRest: false });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static ProcessStatus? Read(string folder)
    {
        try
        {
            string line = File.ReadAllText(folder + "/stat");
            // The name in parentheses may hold anything; behind it comes field 3.
            string[] fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessStatus(fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture), long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
