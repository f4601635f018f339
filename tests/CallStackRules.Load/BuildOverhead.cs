using System.Diagnostics;
using System.Globalization;

namespace CallStackRules.Load;

/// <summary>How much longer a project builds while the sensor watches with all rules.</summary>
internal static class BuildOverhead
{
    private const double MostPercent = 5;

    /// <summary>Builds a project in pairs, with and without the sensor, and prints each.</summary>
    /// <param name="project">The project; it is built from scratch in its release configuration, by processes that end with the build.</param>
    /// <param name="pairs">How many pairs.</param>
    /// <returns>Whether the median pair is at most 5 % slower by the clock.</returns>
    public static bool Run(string project, int pairs)
    {
        // The first build restores and fills caches.
        Build(project);
        var byClock = new List<double>();
        var byProcessor = new List<double>();
        for (int i = 0; i < pairs; i++)
        {
            // What is warmer or cooler for whoever comes second must not always help the same.
            bool isFirst = i % 2 == 0;
            Measured with = default;
            if (isFirst)
                with = BuildWatched(project);
            Measured without = Build(project);
            if (!isFirst)
                with = BuildWatched(project);
            byClock.Add(Percent(with.Elapsed, without.Elapsed));
            byProcessor.Add(Percent(with.Busy, without.Busy));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
                pair {i + 1}   without {without.Elapsed:0.0} s, {without.Busy:0.0} s of processor time; with {with.Elapsed:0.0} s, {with.Busy:0.0} s and the sensor's own {with.Sensor:0.0} s; {with.Events} events, {with.Lost} lost
                         {byClock[^1]:+0.0;-0.0} % by the clock, {byProcessor[^1]:+0.0;-0.0} % by processor time of the build
                """));
        }
        double median = Median(byClock);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median   {median:+0.0;-0.0} % by the clock, {Median(byProcessor):+0.0;-0.0} % by processor time of the build"));
        Console.WriteLine(median <= MostPercent ? "Within 5 %." : "FAILED: more than 5 %, if the machine did nothing else.");
        return median <= MostPercent;
    }

    private static Measured BuildWatched(string project)
    {
        using SensorProcess sensor = SensorProcess.Start();
        // One that has run for a while has compiled its own code.
        using (Process warmUp = Process.Start(new ProcessStartInfo("dotnet", "--info") { RedirectStandardOutput = true })!)
        {
            warmUp.StandardOutput.ReadToEnd();
            warmUp.WaitForExit();
        }
        Thread.Sleep(TimeSpan.FromSeconds(2));
        double before = ProcessUse.Seconds(sensor.Pid);
        Measured measured = Build(project);
        double used = ProcessUse.Seconds(sensor.Pid) - before;
        System.Text.Json.JsonElement summary = SensorProcess.SummaryOf(sensor.Stop());
        return measured with
        {
            Sensor = used,
            Events = summary.GetProperty("events").GetInt64(),
            Lost = summary.GetProperty("capture").GetProperty("lostByKernel").GetInt64(),
        };
    }

    private static Measured Build(string project)
    {
        long start = Stopwatch.GetTimestamp();
        double before = ProcessUse.SecondsOfChildren();
        // Servers that outlive the build would do work that nobody counts.
        string[] arguments = ["build", project, "-c", "Release", "--no-incremental", "-nodeReuse:false", "-p:UseSharedCompilation=false", "-v:quiet", "-nologo"];
        using Process build = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        string output = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        if (build.ExitCode != 0)
            throw new LoadException($"The build failed:\n{output}");
        return new Measured(Stopwatch.GetElapsedTime(start).TotalSeconds, ProcessUse.SecondsOfChildren() - before);
    }

    private static double Percent(double with, double without) => ((with / without) - 1) * 100;

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>What one build took, in seconds.</summary>
    private readonly record struct Measured(double Elapsed, double Busy, double Sensor = 0, long Events = 0, long Lost = 0);
}
