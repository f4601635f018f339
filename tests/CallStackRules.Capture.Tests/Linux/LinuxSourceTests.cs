using System.Diagnostics;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Linux;
using CallStackRules.Capture.Sources.Linux.Tracing;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Linux;

/// <summary>The live source by itself, without rules. Its own process is not captured, so each load is one of its own.</summary>
public sealed class LinuxSourceTests
{
    private static readonly LinuxCaptureOptions Everything = new() { Calls = Enum.GetValues<CapturedCall>().ToHashSet(), WantsReading = true };

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

    private static LinuxSource Start(LinuxCaptureOptions options)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Live capture is for Linux.");
        var source = new LinuxSource(options);
        try
        {
            source.Start();
        }
        catch (CaptureException e)
        {
            source.Dispose();
            Skip.If(true, "The kernel refuses live capture here: " + e.Message);
        }
        return source;
    }

    /// <summary>Starts a program that reads a file and waits for its end.</summary>
    private static int Read(string file)
    {
        using Process process = Process.Start(new ProcessStartInfo("cat", [file]) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.Id;
    }

    /// <summary>What a process did up to its end, and how much was shed meanwhile.</summary>
    private static (string[] Actions, long Shed) ActionsOf(LinuxSource source, int pid)
    {
        var e = new EndpointEvent();
        var actions = new List<string>();
        long shed = source.Capture.Shed;
        var patience = Stopwatch.StartNew();
        while (!actions.Contains("end"))
        {
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(2), $"The end of process {pid} was not told.");
            if (source.Read(e, TimeSpan.FromSeconds(1)) == ReadResult.Event && e.Process?.Pid == pid)
                actions.Add(e.Event.Action.ToString());
        }
        return ([.. actions], source.Capture.Shed - shed);
    }
}
