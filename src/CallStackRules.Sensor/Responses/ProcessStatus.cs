using System.Globalization;

namespace CallStackRules.Sensor.Responses;

/// <summary>Fields of <c>/proc/PID/stat</c> (proc(5)).</summary>
/// <param name="Parent">Field 4.</param>
/// <param name="StartTicks">Field 22: clock ticks since boot.</param>
internal readonly record struct ProcessStatus(int Parent, long StartTicks)
{
    /// <summary>Reads them; null when there is no such process.</summary>
    public static ProcessStatus? Read(int pid)
    {
        try
        {
            string line = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            // The name in parentheses may hold anything; behind it comes field 3.
            string[] fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessStatus(int.Parse(fields[1], CultureInfo.InvariantCulture), long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
