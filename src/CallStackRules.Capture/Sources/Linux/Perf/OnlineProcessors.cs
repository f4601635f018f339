using System.Globalization;

namespace CallStackRules.Capture.Sources.Linux.Perf;

/// <summary>The processors that run, by number. <see cref="Environment.ProcessorCount"/> will not do: it says how many we may use ourselves.</summary>
internal static class OnlineProcessors
{
    /// <summary>Reads the kernel's list.</summary>
    public static IReadOnlyList<int> Read() => Parse(File.ReadAllText("/sys/devices/system/cpu/online"));

    /// <summary>Understands a list as in <c>0-3,8</c>.</summary>
    internal static IReadOnlyList<int> Parse(string list)
    {
        var processors = new List<int>();
        foreach (string range in list.Trim().Split(','))
        {
            string[] ends = range.Split('-');
            int last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
            for (int i = int.Parse(ends[0], CultureInfo.InvariantCulture); i <= last; i++)
                processors.Add(i);
        }
        return processors;
    }
}
