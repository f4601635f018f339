using System.Diagnostics;
using CallStackRules.Sensor.Commands;

namespace CallStackRules.Sensor.Tests.Live;

/// <summary>Whatever hangs, the sensor ends when it is told to.</summary>
public sealed class HangTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void A_sensor_whose_recording_nobody_takes_ends_nevertheless_when_it_is_stopped()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Pipes with names are for Linux.");
        string pipe = _folder["recording"];
        Process.Start("mkfifo", [pipe]).WaitForExit();
        // Open at both ends, so that the sensor can open it, too; nobody reads.
        using var ends = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite);
        using LiveSensor sensor = LiveSensor.Start("--record", pipe);
        using (Process load = Process.Start("sh", ["-c", "for i in $(seq 300); do cat /etc/hostname > /dev/null; done"]))
            load.WaitForExit();

        sensor.Signal("TERM");

        Assert.Equal(ExitCode.Hung, sensor.WaitForExit());
    }
}
