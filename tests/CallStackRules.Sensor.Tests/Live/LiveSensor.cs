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
    public static LiveSensor Start(params string[] options) => Watch(Process.Start(Command(options))!);

    /// <summary>Starts the sensor with no capability but some, and waits until it watches.</summary>
    /// <param name="capabilities">Their names without <c>cap_</c>.</param>
    /// <param name="warning">The first thing it says besides that it watches.</param>
    public static LiveSensor StartWith(string[] capabilities, out string? warning)
    {
        LiveSensor sensor = Watch(Process.Start(Restricted(capabilities))!);
        warning = sensor._process.StandardError.ReadLine();
        return sensor;
    }

    /// <summary>Starts the sensor with no capability but some, where it is refused.</summary>
    /// <returns>What it said, and its exit code.</returns>
    public static (string Message, int ExitCode) Refuse(string[] capabilities, params string[] options)
    {
        using Process process = Process.Start(Restricted(capabilities, options))!;
        string message = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (message, process.ExitCode);
    }

    private static ProcessStartInfo Command(string[] options)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Live capture is for Linux.");
        string[] arguments = ["exec", typeof(RunCommand).Assembly.Location, "run", "--json", .. options];
        return new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
    }

    private static ProcessStartInfo Restricted(string[] capabilities, params string[] options)
    {
        ProcessStartInfo start = Command(options);
        Skip.IfNot(Environment.IsPrivilegedProcess, "Only root can start a program with fewer capabilities than all.");
        Skip.IfNot(File.Exists("/usr/bin/setpriv"), "setpriv is not installed, which takes capabilities away.");
        start.ArgumentList.Insert(0, start.FileName);
        start.ArgumentList.Insert(0, $"--bounding-set=-all{string.Concat(capabilities.Select(static name => ",+" + name))}");
        start.FileName = "setpriv";
        return start;
    }

    private static LiveSensor Watch(Process process)
    {
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

    /// <summary>Waits until the sensor has printed an alert of a rule, a minute at most.</summary>
    public void WaitForAlert(string rule)
    {
        SpinWait.SpinUntil(HasAlert, TimeSpan.FromMinutes(1));

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
