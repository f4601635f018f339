using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Etw.Files;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Etw.Writing;

/// <summary>Traces that tests write and read again, with the program that does what they are about.</summary>
internal static class WrittenTrace
{
    public const ulong Kernel = 0xffff_f800_0000_1000;
    public const ulong Program = 0x7ff6_0000_0000;
    public const ulong SystemCalls = 0x7ff8_0000_0000;
    public const ulong Library = 0x7ff9_0000_0000;
    public const ulong Nowhere = 0x1b9_0c7f_31aa;

    /// <summary>app.exe (10), there before the trace, with its images, and a process that is listed behind it.</summary>
    public static void Creator(WindowsEvents w)
    {
        List(w);
        w.Image(5, thread: 0, kind: 3, process: 4, Kernel, 0x10_0000, @"\Device\HarddiskVolume2\Windows\System32\ntoskrnl.exe");
    }

    /// <summary>app.exe (10), whose images are still being listed.</summary>
    public static void List(WindowsEvents w)
    {
        w.Volume(1, @"\Device\HarddiskVolume2\", @"C:\");
        w.Process(2, by: 0, thread: 0, kind: 3, id: 10, parent: 1, "app.exe", @"C:\a\app.exe -x");
        w.Image(3, thread: 0, kind: 3, process: 10, Program, 0x1_0000, @"\Device\HarddiskVolume2\a\app.exe");
        w.Image(4, thread: 0, kind: 3, process: 10, SystemCalls, 0x10_0000, @"\Device\HarddiskVolume2\Windows\System32\ntdll.dll");
    }

    /// <summary>Writes a trace, reads it, and describes each of its events.</summary>
    public static List<string> Read(Action<WindowsEvents> write, Func<EndpointEvent, string> describe)
    {
        var writer = new EtlWriter();
        write(new WindowsEvents(writer));
        using var folder = new TemporaryFolder();
        using var source = new EtwFileSource([writer.Save(folder.Path)], new ProcessTable());
        var e = new EndpointEvent();
        var events = new List<string>();
        while (source.TryRead(e))
            events.Add(describe(e));
        Assert.Empty(source.Statistics.FieldProblems);
        Assert.Equal(source.Statistics.Events, source.Statistics.Used + source.Statistics.Unused.Values.Sum());
        return events;
    }
}
