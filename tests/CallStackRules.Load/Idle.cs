using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace CallStackRules.Load;

/// <summary>What the sensor uses while it has little to do.</summary>
internal static class Idle
{
    private const double MostPercent = 0.5;
    private const double MostMebibytes = 100;

    /// <summary>Runs the sensor for a while and prints what it used, and what the rest of the machine did meanwhile.</summary>
    /// <param name="seconds">How long.</param>
    /// <returns>Whether it used less than 0.5 % of one processor and less than 100 MiB.</returns>
    public static bool Run(int seconds)
    {
        using SensorProcess sensor = SensorProcess.Start();
        // Processes are read and code is compiled before.
        Thread.Sleep(TimeSpan.FromSeconds(5));
        long start = Stopwatch.GetTimestamp();
        (double busy, double machine) = (ProcessUse.Seconds(sensor.Pid), ProcessUse.SecondsOfMachine());
        double most = 0;
        for (int i = 0; i < seconds; i++)
        {
            Thread.Sleep(TimeSpan.FromSeconds(1));
            most = Math.Max(most, ProcessUse.ResidentMebibytes(sensor.Pid));
        }
        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        busy = ProcessUse.Seconds(sensor.Pid) - busy;
        machine = ProcessUse.SecondsOfMachine() - machine;
        JsonElement summary = SensorProcess.SummaryOf(sensor.Stop());
        double percent = busy / elapsed * 100;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            sensor            {percent:0.00} % of one processor, {most:0.0} MiB resident at most
            everything else   {(machine - busy) / elapsed * 100:0.0} % of one processor; {summary.GetProperty("events").GetInt64() / (elapsed + 5):0.0} events a second
            """));
        bool isWithin = percent < MostPercent && most < MostMebibytes;
        Console.WriteLine(isWithin ? "Within 0.5 % and 100 MiB." : "FAILED: more than 0.5 % or 100 MiB, if the machine was idle.");
        return isWithin;
    }
}
