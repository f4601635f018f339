using System.Diagnostics;
using System.Globalization;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Linux;
using CallStackRules.Events;
using static CallStackRules.Capture.Tests.Linux.LiveCapture;

namespace CallStackRules.Capture.Tests.Linux;

/// <summary>The live source by itself, without rules. Its own process is not captured, so each load is one of its own.</summary>
public sealed class LinuxSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void What_is_shed_is_left_out_and_counted_and_who_runs_what_is_still_seen()
    {
        using LinuxSource source = Start(Everything);
        (string[] all, _) = ActionsOf(source, Read("/etc/hostname"));
        Assert.Contains("exec", all);
        Assert.Contains("open", all);

        source.Shedding = 1;
        (string[] kept, long shed) = ActionsOf(source, Read("/etc/hostname"));

        Assert.Contains("exec", kept);
        Assert.Contains("end", kept);
        Assert.DoesNotContain("open", kept);
        Assert.InRange(shed, 1, long.MaxValue);
    }

    [SkippableFact]
    public void Tracepoints_alone_tell_the_same_calls_with_the_same_stacks_as_programs_in_the_kernel()
    {
        Skip.IfNot(Tool.IsThere("gcc"), "gcc is not installed");
        using var folder = new TemporaryFolder();
        string program = Path.Combine(folder.Path, "storm");
        Tool.Run("gcc", $"-O1 -o {program} {Path.Combine(AppContext.BaseDirectory, "storm.c")}");
        // All programs of the machine are watched. When they do so much that records are lost, another moment is tried.
        const int moments = 5;
        List<string> expected = [];
        List<string> actual = [];
        long lost = 1;
        for (int i = 0; i < moments && lost > 0; i++)
            lost = CaptureTwice(program, out expected, out actual);

        Assert.Equal(0, lost);
        Assert.Equal(20, expected.Count(static line => line.StartsWith("open /dev/null ", StringComparison.Ordinal)));
        Assert.Equal(expected.Count, actual.Count);
        // What the process had written where nobody can look any more has no path; nothing else differs.
        for (int i = 0; i < expected.Count; i++)
            Assert.True(actual[i] == expected[i] || actual[i] == WithoutPath(expected[i]), $"{actual[i]} is not {expected[i]}");

        static string WithoutPath(string line) => line.Split(' ') is [var action, _, var stack] ? $"{action}  {stack}" : line;
    }

    [SkippableFact]
    public void What_was_lost_is_counted_although_no_record_came_after_it()
    {
        // Nobody reads: a ring of two pages is full at once and stays so, and the kernel's own record of the loss does not fit either.
        using LinuxSource source = Start(Everything with { RingPages = 2, StackBytes = 4096 });
        using (Process load = Process.Start("sh", ["-c", "ls / > /dev/null; cat /etc/hostname > /dev/null"]))
            load.WaitForExit();
        source.Stop();

        var e = new EndpointEvent();
        while (source.Read(e, TimeSpan.FromSeconds(1)) != ReadResult.End)
        {
        }

        Assert.InRange(source.Capture.LostByKernel, 10, long.MaxValue);
    }

    [SkippableFact]
    public void A_process_goes_on_when_its_first_thread_has_ended_and_ends_with_its_last()
    {
        string program = Compile(_folder, "leaderless.c", "-pthread");
        using LinuxSource source = Start(Everything);
        using Process process = Process.Start(new ProcessStartInfo(program) { RedirectStandardInput = true })!;
        string[] before = ActionsUpTo(source, process.Id, static e => e.File.Path.Span is "/etc/hostname");
        Assert.DoesNotContain("end", before);

        process.StandardInput.Close();
        process.WaitForExit();
        ActionsUpTo(source, process.Id, static e => e.Event.Action.Span is "end");
    }

    [SkippableFact]
    public void A_thread_that_runs_another_program_is_the_same_process_although_the_first_thread_ends_with_it()
    {
        string program = Compile(_folder, "leaderless.c", "-pthread");
        using LinuxSource source = Start(Everything);
        using Process process = Process.Start(program, ["/bin/true"]);
        process.WaitForExit();
        var frames = 0;
        ActionsUpTo(source, process.Id, static e => e.Event.Action.Span is "exec");

        string[] actions = ActionsUpTo(source, process.Id, e =>
        {
            frames = e.Thread.CallStack.Count;
            return e.Event.Action.Span is "exec";
        });

        Assert.DoesNotContain("end", actions);
        Assert.InRange(frames, 2, int.MaxValue);
        ActionsUpTo(source, process.Id, static e => e.Event.Action.Span is "end");
    }

    [SkippableFact]
    public void Connections_that_a_program_takes_are_told_with_both_ends_also_when_it_does_not_ask_from_where_they_come()
    {
        string program = Compile(_folder, "accept.c");
        using LinuxSource source = Start(Everything);
        using Process process = Process.Start(new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        bool hasIpv6 = process.StandardOutput.Read() == '6';
        int frames = 0;
        var taken = new List<string>();
        string last = hasIpv6 ? "42422" : "42423";

        ActionsUpTo(source, process.Id, e =>
        {
            if (e.Event.Action.Span is not "connection_accepted")
                return false;
            frames = e.Thread.CallStack.Count;
            taken.Add($"{e.Network.Direction} {e.Network.Type} {e.Source.Ip} to {e.Destination.Ip} {e.Destination.Port}");
            return e.Destination.Port?.ToString(CultureInfo.InvariantCulture) == last && e.Source.Port > 0;
        });
        process.StandardInput.Close();

        Assert.Equal(["ingress ipv4 127.0.0.1 to 127.0.0.9 42421", "ingress ipv4 127.0.0.1 to 127.0.0.9 42423"], taken[..2]);
        Assert.Equal(hasIpv6 ? ["ingress ipv6 ::1 to ::1 42422"] : [], taken[2..]);
        Assert.InRange(frames, 3, int.MaxValue);
        string[] rest = ActionsUpTo(source, process.Id, static e => e.Event.Action.Span is "end");
        Assert.DoesNotContain("connection_accepted", rest);
    }

    [SkippableFact]
    public void Every_process_is_known_when_the_source_is_started_amid_a_storm_of_them()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Live capture is for Linux.");
        Process[] storms = [.. Enumerable.Range(0, 2).Select(static _ => Process.Start("sh", ["-c", "while :; do /bin/true; (exec 3< /etc/hostname); done"]))];
        try
        {
            for (int i = 0; i < 3; i++)
            {
                using LinuxSource source = Start(Everything);
                var e = new EndpointEvent();
                int seen = 0;
                while (seen < 2000)
                {
                    if (source.Read(e, TimeSpan.FromSeconds(30)) == ReadResult.Event)
                        seen++;
                }
                Assert.Equal(0, source.Capture.UnknownProcesses);
            }
        }
        finally
        {
            foreach (Process storm in storms)
            {
                storm.Kill();
                storm.WaitForExit();
                storm.Dispose();
            }
        }
    }

    /// <summary>What a process did up to an event.</summary>
    private static string[] ActionsUpTo(LinuxSource source, int pid, Func<EndpointEvent, bool> isLast)
    {
        var e = new EndpointEvent();
        var actions = new List<string>();
        var patience = Stopwatch.StartNew();
        while (true)
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(60), $"Process {pid} did only: {string.Join(", ", actions)}.");
            if (source.Read(e, TimeSpan.FromSeconds(1)) != ReadResult.Event || e.Process?.Pid != pid)
                continue;
            actions.Add(e.Event.Action.ToString());
            if (isLast(e))
                return [.. actions];
        }
    }

    /// <summary>Starts a program that reads a file and waits for its end.</summary>
    private static int Read(string file)
    {
        using Process process = Process.Start(new ProcessStartInfo("cat", [file]) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.Id;
    }

    /// <summary>What a program does, by programs in the kernel and by tracepoints at once.</summary>
    /// <returns>Records that were lost.</returns>
    private static long CaptureTwice(string program, out List<string> byPrograms, out List<string> byTracepoints)
    {
        using LinuxSource first = Start(Everything);
        using LinuxSource second = Start(Everything with { LoadsPrograms = false });
        Assert.False(first.Capture.IsBestEffort);
        Assert.True(second.Capture.IsBestEffort);
        int pid;
        using (Process load = Process.Start(new ProcessStartInfo(program, ["0", "20"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!)
        {
            pid = load.Id;
            load.StandardInput.Close();
            load.StandardOutput.ReadToEnd();
            load.WaitForExit();
        }
        byPrograms = EventsOf(first, pid, "bpf");
        byTracepoints = EventsOf(second, pid, "tracepoints");
        return first.Capture.LostByKernel + second.Capture.LostByKernel;
    }

    /// <summary>What a process did, up to the end of capture: action, path and stack.</summary>
    private static List<string> EventsOf(LinuxSource source, int pid, string provider)
    {
        source.Stop();
        var e = new EndpointEvent();
        var events = new List<string>();
        while (source.Read(e, TimeSpan.FromSeconds(1)) is not ReadResult.End and var result)
        {
            if (result != ReadResult.Event || e.Process?.Pid != pid)
                continue;
            Assert.Equal(provider, e.Event.Provider.ToString());
            events.Add($"{e.Event.Action} {(e.File.Path.IsMissing ? e.Library.Path : e.File.Path)} {e.Thread.CallStackSummary}");
        }
        return events;
    }

    /// <summary>What a process did up to its end, and how much was shed meanwhile.</summary>
    private static (string[] Actions, long Shed) ActionsOf(LinuxSource source, int pid)
    {
        long shed = source.Capture.Shed;
        return (ActionsUpTo(source, pid, static e => e.Event.Action.Span is "end"), source.Capture.Shed - shed);
    }
}
