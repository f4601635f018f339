using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CallStackRules.Sensor.Commands;

namespace CallStackRules.Load;

/// <summary>The sensor with all rules, as an operator starts it.</summary>
internal sealed class SensorProcess : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly Task _reading;

    private SensorProcess(Process process)
    {
        _process = process;
        // When the measurement is interrupted, the sensor must not go on alone.
        AppDomain.CurrentDomain.ProcessExit += Kill;
        _reading = Task.Run(ReadLines);
        // What else it says must not fill the pipe.
        _ = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Number of the process.</summary>
    public int Pid => _process.Id;

    /// <summary>Whether it runs.</summary>
    public bool IsAlive => !_process.HasExited;

    /// <summary>Starts the sensor and waits until it watches.</summary>
    /// <param name="options">Options of <c>run</c>.</param>
    /// <exception cref="LoadException">It does not start.</exception>
    public static SensorProcess Start(params string[] options)
    {
        Process process = Process.Start(Command("run", options))!;
        string? line = process.StandardError.ReadLine();
        return line is "ready" ? new SensorProcess(process) : throw new LoadException($"The sensor does not start: {line}");
    }

    /// <summary>Runs the rules over a recording.</summary>
    /// <returns>What was printed: alerts, and the summary last.</returns>
    public static IReadOnlyList<string> Replay(string recording)
    {
        ProcessStartInfo start = Command("replay", [recording]);
        start.RedirectStandardError = false;
        using Process process = Process.Start(start)!;
        return process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Stops the sensor as a service manager does.</summary>
    /// <returns>What it printed: alerts, and the summary last.</returns>
    /// <exception cref="LoadException">It did not end well.</exception>
    public IReadOnlyList<string> Stop()
    {
        using (var kill = Process.Start("kill", ["-TERM", Pid.ToString(CultureInfo.InvariantCulture)]))
            kill.WaitForExit();
        _process.WaitForExit();
        _reading.Wait();
        return _process.ExitCode == ExitCode.Ok ? _lines : throw new LoadException($"The sensor ended with {_process.ExitCode}.");
    }

    /// <summary>The summary of a run or a replay.</summary>
    public static JsonElement SummaryOf(IReadOnlyList<string> lines) => JsonDocument.Parse(lines[^1]).RootElement.GetProperty("summary");

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= Kill;
        Kill(this, EventArgs.Empty);
        _process.Dispose();
    }

    private void Kill(object? sender, EventArgs e)
    {
        if (IsAlive)
            _process.Kill();
    }

    private static ProcessStartInfo Command(string command, string[] options)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["exec", typeof(RunCommand).Assembly.Location, command, "--json", .. options])
            start.ArgumentList.Add(argument);
        return start;
    }

    private void ReadLines()
    {
        while (_process.StandardOutput.ReadLine() is { } line)
            _lines.Add(line);
    }
}
