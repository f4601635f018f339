using System.Diagnostics;
using System.Text.Json;
using CallStackRules.Sensor.Commands;

namespace CallStackRules.Sensor.Tests.Live;

/// <summary>The sensor as an operator starts it: a process of its own that watches this machine.</summary>
internal sealed class LiveSensor : IDisposable
{
    private readonly Process _process;
    private readonly List<JsonElement> _lines = [];
    private readonly Task _reading;

    private LiveSensor(Process process)
    {
        _process = process;
        _reading = Task.Run(ReadLines);
    }

    /// <summary>Starts the sensor and waits until it watches.</summary>
    public static LiveSensor Start(params string[] options)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Live capture is for Linux.");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["exec", typeof(RunCommand).Assembly.Location, "run", "--json", .. options])
            start.ArgumentList.Add(argument);
        Process process = Process.Start(start)!;
        string? line = process.StandardError.ReadLine();
        if (line is "ready")
            return new LiveSensor(process);
        process.WaitForExit();
        Skip.If(process.ExitCode == ExitCode.NoCapture, $"The kernel refuses live capture here: {line}");
        throw new InvalidOperationException($"{line}\n{process.StandardError.ReadToEnd()}");
    }

    /// <summary>Stops the sensor as a service manager does.</summary>
    /// <returns>What it printed: alerts, and the summary last.</returns>
    public IReadOnlyList<JsonElement> Stop(out int exitCode)
    {
        Signal("TERM");
        exitCode = WaitForExit();
        _reading.Wait();
        return _lines;
    }

    /// <summary>Waits until the sensor has printed an alert of a rule.</summary>
    public void WaitForAlert(string rule)
    {
        Assert.True(SpinWait.SpinUntil(HasAlert, TimeSpan.FromMinutes(1)), $"No alert of the rule '{rule}'.");

        bool HasAlert()
        {
            lock (_lines)
                return _lines.Exists(line => line.TryGetProperty("rule", out JsonElement known) && known.GetProperty("name").GetString() == rule);
        }
    }

    /// <summary>Sends the sensor a signal.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end of the sensor.</summary>
    /// <returns>Its exit code.</returns>
    public int WaitForExit()
    {
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>Ends the sensor without warning.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private void ReadLines()
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            lock (_lines)
                _lines.Add(JsonDocument.Parse(line).RootElement);
        }
    }
}
