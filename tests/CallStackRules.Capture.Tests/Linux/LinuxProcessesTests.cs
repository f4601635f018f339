using System.Diagnostics;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Linux.Processes;

namespace CallStackRules.Capture.Tests.Linux;

public sealed class LinuxProcessesTests
{
    private const ulong Second = 1_000_000_000;

    [SkippableFact]
    public void Processes_that_ended_are_forgotten_so_that_memory_does_not_grow_with_the_time_that_the_sensor_runs()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Live capture is for Linux.");
        const int born = 10_000_000;
        var table = new ProcessTable(keepAfterEnd: TimeSpan.FromSeconds(10));
        var processes = new LinuxProcesses(table, new CaptureStatistics(), new BootClock());
        ulong time = (ulong)Stopwatch.GetTimestamp();
        processes.Advance(time);
        processes.GetOrRead(Environment.ProcessId);
        (int known, int inTable) = (processes.Count, table.Count);

        for (int i = 0; i < 100; i++)
        {
            processes.Fork(Environment.ProcessId, born + i, time);
            processes.End(born + i, time + 1);
        }
        processes.Advance(time + Second);
        Assert.Equal((known + 100, inTable + 100), (processes.Count, table.Count));

        processes.Advance(time + (11 * Second));
        Assert.Equal((known, inTable), (processes.Count, table.Count));
    }
}
