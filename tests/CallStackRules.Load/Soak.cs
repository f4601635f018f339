using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace CallStackRules.Load;

/// <summary>
/// Processes and threads that begin, run programs, load, map, protect and end at full speed under the sensor, which records. It must live, know every process, not grow,
/// and its recording must replay with the same alerts.
/// </summary>
internal static class Soak
{
    /// <summary>How much more memory the last third of the time may have than the second: what collections leave differs from one to the next.</summary>
    private const double MostGrowth = 1.10;

    /// <summary>Runs it and prints what came of it.</summary>
    /// <param name="seconds">How long.</param>
    /// <param name="workers">Processes that make the load at once.</param>
    /// <returns>Whether all that is checked holds.</returns>
    public static bool Run(int seconds, int workers)
    {
        // Not below the temporary folder, which rules look at.
        string folder = Directory.CreateDirectory($"/var/lib/callstackrules-load-{Environment.ProcessId}").FullName;
        try
        {
            return Run(folder, seconds, workers);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Run(string folder, int seconds, int workers)
    {
        string program = CProgram.Compile("churn", folder);
        string library = CProgram.CompileLibrary(folder);
        string recording = Path.Combine(folder, "recording");
        using SensorProcess sensor = SensorProcess.Start("--record", recording);
        using Process churn = Process.Start(new ProcessStartInfo(program, [Text(seconds), Text(workers), library]) { RedirectStandardOutput = true })!;
        var memory = new List<double>();
        while (!churn.HasExited && sensor.IsAlive)
        {
            Thread.Sleep(TimeSpan.FromSeconds(1));
            if (sensor.IsAlive)
                memory.Add(ProcessUse.ResidentMebibytes(sensor.Pid));
        }
        long rounds = churn.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(static line => long.Parse(line, CultureInfo.InvariantCulture));
        IReadOnlyList<string> live = sensor.Stop();
        JsonElement summary = SensorProcess.SummaryOf(live);
        JsonElement capture = summary.GetProperty("capture");
        IReadOnlyList<string> replayed = SensorProcess.Replay(recording);

        int third = memory.Count / 3;
        (double middle, double last) = (memory.Skip(third).Take(third).Average(), memory.Skip(2 * third).Average());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {rounds} rounds in {seconds} s; {new FileInfo(recording).Length / 1e6:0.0} MB recorded
            resident  first {memory[0]:0.0}, middle third {middle:0.0}, last third {last:0.0} MiB on average
            summary   {summary}
            """));
        return Check(capture.GetProperty("badRecords").GetInt64() == 0, "every record could be read")
            & Check(capture.GetProperty("unknownProcesses").GetInt64() == 0, "every process was known")
            & Check(last <= middle * MostGrowth, "memory did not grow")
            & Check(live.Count > 1, "there were alerts")
            & Check(live.SkipLast(1).Select(Describe).SequenceEqual(replayed.SkipLast(1).Select(Describe)),
                $"the recording replays with the {live.Count - 1} alerts that were raised live ({replayed.Count - 1})");
    }

    private static bool Check(bool holds, string what)
    {
        Console.WriteLine(holds ? $"ok        {what}" : $"FAILED    not so: {what}");
        return holds;
    }

    private static string Describe(string line)
    {
        JsonElement alert = JsonDocument.Parse(line).RootElement;
        return $"{alert.GetProperty("rule").GetProperty("id")} {alert.GetProperty("process").GetProperty("entity_id")} {alert.GetProperty("@timestamp")}";
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
