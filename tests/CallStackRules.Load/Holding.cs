using System.Diagnostics;
using System.Globalization;

namespace CallStackRules.Load;

/// <summary>How much later a program begins when the sensor watches, and when it holds programs until the rules have seen them.</summary>
internal static class Holding
{
    private const double MostMicroseconds = 100;
    private const int Starts = 2000;

    /// <summary>The sensor has compiled its own code by then.</summary>
    private const int StartsToWarmUp = 1000;

    private static readonly (string Name, string[]? Options)[] Modes = [("alone", null), ("watched", []), ("held", ["--prevent"])];

    /// <summary>Starts programs without the sensor, with it and with <c>--prevent</c>, in turns, and prints how long they took.</summary>
    /// <param name="rounds">How many turns.</param>
    /// <returns>Whether holding adds at most 100 us to the median.</returns>
    public static bool Run(int rounds)
    {
        string folder = Directory.CreateTempSubdirectory("callstackrules-load-").FullName;
        try
        {
            string starts = CProgram.Compile("starts", folder);
            string withoutLoader = CProgram.CompileAlone("begun", folder);
            string withLoader = CProgram.Compile("begun", folder);
            Case[] cases =
            [
                new("without a loader, one after the other", withoutLoader, Pause: 0),
                new("without a loader, every 0.5 ms", withoutLoader, Pause: 500),
                new("without a loader, every 3 ms", withoutLoader, Pause: 3000),
                new("with a loader, which is held after it, every 0.5 ms", withLoader, Pause: 500),
            ];
            for (int i = 0; i < rounds; i++)
            {
                for (int mode = 0; mode < Modes.Length; mode++)
                    Measure(starts, cases, mode);
            }
            bool isWithin = true;
            foreach (Case @case in cases)
                isWithin &= Report(@case);
            return isWithin;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string starts, Case[] cases, int mode)
    {
        using SensorProcess? sensor = Modes[mode].Options is { } options ? SensorProcess.Start(options) : null;
        Start(starts, cases[0], StartsToWarmUp);
        foreach (Case @case in cases)
            @case.Of(mode).AddRange(Start(starts, @case, Starts));
        sensor?.Stop();
    }

    /// <summary>Microseconds from before <c>execve</c> until the program has begun, of each start.</summary>
    private static IEnumerable<double> Start(string starts, Case @case, int count)
    {
        string[] arguments = [count.ToString(CultureInfo.InvariantCulture), @case.Pause.ToString(CultureInfo.InvariantCulture), @case.Program];
        using Process process = Process.Start(new ProcessStartInfo(starts, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new LoadException($"The program that starts others ended with {process.ExitCode}.");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => long.Parse(line, CultureInfo.InvariantCulture) / 1000.0);
    }

    private static bool Report(Case @case)
    {
        Console.WriteLine(@case.Name);
        double alone = Percentile(@case.Of(0), 50);
        double added = 0;
        for (int mode = 0; mode < Modes.Length; mode++)
        {
            List<double> times = @case.Of(mode);
            added = Percentile(times, 50) - alone;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {Modes[mode].Name,-10}{Percentile(times, 50),6:0} us ({added:+0;-0;0}), 99th percentile {Percentile(times, 99):0} us"));
        }
        bool isWithin = added <= MostMicroseconds;
        Console.WriteLine(isWithin ? "  Within 100 us." : "  FAILED: holding adds more than 100 us, if the machine did nothing else.");
        return isWithin;
    }

    private static double Percentile(List<double> values, int percent) => values.Order().ElementAt(values.Count * percent / 100);

    /// <summary>One kind of start, with what was measured in each mode.</summary>
    /// <param name="Name">In words.</param>
    /// <param name="Program">What is started.</param>
    /// <param name="Pause">Microseconds before each.</param>
    private sealed record Case(string Name, string Program, int Pause)
    {
        private readonly List<double>[] _times = [.. Modes.Select(static _ => new List<double>())];

        public List<double> Of(int mode) => _times[mode];
    }
}
