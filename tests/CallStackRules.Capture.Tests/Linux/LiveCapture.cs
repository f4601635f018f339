using System.Diagnostics;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Linux;
using CallStackRules.Capture.Sources.Linux.Tracing;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Linux;

/// <summary>The live source by itself, for tests that look at what single programs do.</summary>
internal static class LiveCapture
{
    /// <summary>All that can be captured.</summary>
    public static LinuxCaptureOptions Everything { get; } = new() { Calls = Enum.GetValues<CapturedCall>().ToHashSet(), WantsReading = true };

    /// <summary>Starts to capture; skips the test where the kernel refuses.</summary>
    public static LinuxSource Start(LinuxCaptureOptions options)
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

    /// <summary>Compiles one of the programs beside the tests; skips the test where that is not possible.</summary>
    public static string Compile(TemporaryFolder folder, string source, string options = "")
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Tool.IsThere("gcc"), "gcc is not installed, or this is not Linux.");
        string program = Path.Combine(folder.Path, Path.GetFileNameWithoutExtension(source));
        Skip.IfNot(Tool.TryRun("gcc", $"-O1 -o {program} {Path.Combine(AppContext.BaseDirectory, "Linux", source)} {options}"), $"gcc cannot compile {source} {options} here.");
        return program;
    }

    /// <summary>Runs a program to its end, and says what it did: a line for each event. When other programs do so much that records are lost, another moment is tried.</summary>
    public static List<string> EventsOf(LinuxSource source, string program, string[] arguments, Func<EndpointEvent, string> describe) =>
        EventsOf(source, program, () => arguments, describe);

    /// <inheritdoc cref="EventsOf(LinuxSource, string, string[], Func{EndpointEvent, string})"/>
    public static List<string> EventsOf(LinuxSource source, string program, Func<string[]> arguments, Func<EndpointEvent, string> describe)
    {
        const int moments = 5;
        for (int i = 1; ; i++)
        {
            long lost = source.Capture.LostByKernel;
            List<string> lines = EventsOnce(source, program, arguments(), describe);
            if (i == moments || source.Capture.LostByKernel == lost)
                return lines;
        }
    }

    private static List<string> EventsOnce(LinuxSource source, string program, string[] arguments, Func<EndpointEvent, string> describe)
    {
        using Process process = Process.Start(program, arguments);
        var e = new EndpointEvent();
        var lines = new List<string>();
        var patience = Stopwatch.StartNew();
        while (true)
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(60), $"{program} did only: {string.Join("\n", lines)}");
            if (source.Read(e, TimeSpan.FromSeconds(1)) != ReadResult.Event || e.Process?.Pid != process.Id)
                continue;
            if (e.Event.Action.Span is "end")
                break;
            lines.Add(describe(e));
        }
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return lines;
    }
}
