using System.Buffers.Binary;
using System.Diagnostics;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Capture.Sources.Linux.Tracing;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Linux;

public sealed class LinuxProcessesTests
{
    private const ulong Second = 1_000_000_000;

    [SkippableFact]
    public void Processes_that_ended_are_forgotten_so_that_memory_does_not_grow_with_the_time_that_the_sensor_runs()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Live capture is for Linux.");
        const int born = 10_000_000;
        ProcessTable table = LinuxProcesses.CreateTable();
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

        processes.Advance(time + (3 * Second));
        Assert.Equal((known, inTable), (processes.Count, table.Count));
    }

    [SkippableFact]
    public void A_process_whose_end_was_lost_is_missed_at_the_second_look_and_one_that_runs_never_is()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Live capture is for Linux.");
        const int gone = 10_000_000;
        var processes = new LinuxProcesses(LinuxProcesses.CreateTable(), new CaptureStatistics(), new BootClock());
        ulong time = (ulong)Stopwatch.GetTimestamp();
        LinuxProcess running = processes.GetOrRead(Environment.ProcessId);
        LinuxProcess ended = processes.Fork(Environment.ProcessId, gone, time);

        processes.Advance(time + (10 * Second));
        processes.Distrust(time + (10 * Second));
        processes.Advance(time + (11 * Second));
        Assert.False(ended.HasEnded, "A record of its end may still be on its way.");

        processes.Advance(time + (12 * Second));
        Assert.True(ended.HasEnded);
        Assert.False(running.HasEnded);
    }

    [SkippableFact]
    public void A_process_ends_with_its_last_thread_whichever_that_is()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Live capture is for Linux.");
        var processes = new LinuxProcesses(LinuxProcesses.CreateTable(), new CaptureStatistics(), new BootClock());
        ulong time = (ulong)Stopwatch.GetTimestamp();
        LinuxProcess process = processes.Fork(Environment.ProcessId, 10_000_000, time);
        processes.BeginThread(process.Pid, time);
        processes.BeginThread(process.Pid, time);

        Assert.False(processes.EndThread(process, isFirst: false, time));
        Assert.False(processes.EndThread(process, isFirst: true, time));
        Assert.True(processes.EndThread(process, isFirst: false, time));

        // Another thread takes the place of the first when it runs another program.
        LinuxProcess other = processes.Fork(Environment.ProcessId, 10_000_001, time);
        processes.BeginThread(other.Pid, time);
        Assert.False(processes.EndThread(other, isFirst: true, time));
        LinuxProcesses.BeginProgram(other);
        Assert.True(processes.EndThread(other, isFirst: true, time));
    }

    [SkippableFact]
    public void A_process_whose_threads_were_counted_wrongly_is_missed_when_it_is_gone()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Live capture is for Linux.");
        var processes = new LinuxProcesses(LinuxProcesses.CreateTable(), new CaptureStatistics(), new BootClock());
        ulong time = (ulong)Stopwatch.GetTimestamp();
        LinuxProcess process = processes.Fork(Environment.ProcessId, 10_000_000, time);
        processes.BeginThread(process.Pid, time);
        Assert.False(processes.EndThread(process, isFirst: true, time));

        processes.Advance(time + Second);

        Assert.True(process.HasEnded);
    }

    [SkippableFact]
    public void A_process_that_is_gone_and_was_never_told_of_is_what_its_call_says_of_it()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Live capture is for Linux.");
        var statistics = new CaptureStatistics();
        var processes = new LinuxProcesses(LinuxProcesses.CreateTable(), statistics, new BootClock());
        byte[] bytes = new byte[CaptureRecord.CopiesOffset];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CaptureRecord.UserOffset), 1234);
        "short-lived"u8.CopyTo(bytes.AsSpan(CaptureRecord.NameOffset));
        Assert.True(CaptureRecord.TryRead(bytes, out CaptureRecord call));

        ProcessInfo process = processes.GetOrRead(10_000_000, call).Info;

        Assert.Equal(("short-lived", "1234", 10_000_000L), (process.Name.ToString(), process.User.Id.ToString(), process.Pid));
        Assert.Equal(1, statistics.UnknownProcesses);
    }

    [SkippableFact]
    public async Task The_path_a_program_was_asked_for_by_may_name_a_pipe_by_now()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Live capture is for Linux.");
        using var folder = new TemporaryFolder();
        string pipe = Path.Combine(folder.Path, "pipe");
        Process.Start("mkfifo", [pipe]).WaitForExit();
        var processes = new LinuxProcesses(LinuxProcesses.CreateTable(), new CaptureStatistics(), new BootClock());
        LinuxProcess process = processes.GetOrRead(Environment.ProcessId);
        var stack = new InitialStack();
        stack.Read([], 0, Environment.ProcessId);
        var execution = new PendingExecution { Path = pipe, Arguments = { "first" } };

        await Task.Run(() => processes.CompleteProgram(process, stack, execution)).WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Equal("first", process.Info.Args[0].ToString());
    }

    [SkippableFact]
    public void The_working_directory_and_the_session_are_those_of_the_parent_until_others_are_asked_for_and_then_looked_at_with_the_next_program()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Live capture is for Linux.");
        var processes = new LinuxProcesses(LinuxProcesses.CreateTable(), new CaptureStatistics(), new BootClock());
        LinuxProcess process = processes.GetOrRead(Environment.ProcessId);
        string real = process.Info.WorkingDirectory.ToString();
        var stack = new InitialStack();
        stack.Read([], 0, Environment.ProcessId);
        ProcessInfo? leader = process.Info.SessionLeader;
        process.Info.WorkingDirectory = "/asked/for";
        process.Info.SessionLeader = new ProcessInfo();
        processes.CompleteProgram(process, stack, execution: null);
        Assert.Equal("/asked/for", process.Info.WorkingDirectory.ToString());
        Assert.NotSame(leader, process.Info.SessionLeader);

        process.IsFolderUncertain = process.IsSessionUncertain = true;
        LinuxProcess child = processes.Fork(Environment.ProcessId, 10_000_000, (ulong)Stopwatch.GetTimestamp());
        Assert.True(child.IsFolderUncertain && child.IsSessionUncertain);
        processes.CompleteProgram(process, stack, execution: null);
        Assert.Equal(real, process.Info.WorkingDirectory.ToString());
        Assert.Same(leader, process.Info.SessionLeader);
    }
}
