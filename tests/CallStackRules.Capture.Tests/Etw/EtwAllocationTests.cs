using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Etw.Files;
using CallStackRules.Capture.Tests.Etw.Writing;
using CallStackRules.Events;
using static CallStackRules.Capture.Tests.Etw.Writing.WrittenTrace;

namespace CallStackRules.Capture.Tests.Etw;

public sealed class EtwAllocationTests
{
    private const int Passes = 400;
    private const int EventsOfPass = 22;
    private const int Other = 30;

    [Fact]
    public void Decoding_events_of_known_processes_allocates_nothing()
    {
        var writer = new EtlWriter(bufferSize: 1024 * 1024);
        var w = new WindowsEvents(writer);
        Creator(w);
        w.Process(6, by: 0, thread: 0, kind: 3, id: Other, parent: 1, "other.exe", @"C:\a\other.exe");
        w.Thread(7, by: 0, thread: 0, kind: 3, process: Other, id: Other + 1, Program);
        for (int pass = 0; pass < Passes; pass++)
            WritePass(w, 1000 + (pass * 1000));
        using var folder = new TemporaryFolder();
        using var source = new EtwFileSource([writer.Save(folder.Path)], new ProcessTable());
        var e = new EndpointEvent();
        for (int i = 0; i < Passes / 2 * EventsOfPass; i++)
            Assert.True(source.TryRead(e));

        long allocated = Allocations.Of(() =>
        {
            for (int i = 0; i < Passes / 10 * EventsOfPass; i++)
            {
                source.TryRead(e);
                _ = e.Thread.CallStackSummary;
            }
        });

        Assert.Equal("Other", e.Registry.Value.ToString());
        Assert.False(source.TryRead(e));
        Assert.Equal(0, allocated);
    }

    private static void WritePass(WindowsEvents w, long t)
    {
        const uint commitAndReserve = 0x3000;
        const uint executeRead = 0x20;
        w.Image(t, thread: 11, kind: 10, process: 10, Library, 0x1_0000, @"\Device\HarddiskVolume2\a\b.dll", Kernel, SystemCalls, Program);
        w.Image(t + 10, thread: 11, kind: 2, process: 10, Library, 0x1_0000, @"\Device\HarddiskVolume2\a\b.dll");
        w.FileCreate(t + 20, process: 10, thread: 11, file: 0xF1, @"\Device\HarddiskVolume2\a\new.txt", options: 0x0200_0020, Kernel, SystemCalls, Nowhere);
        w.FileWrite(t + 30, process: 10, thread: 11, file: 0xF1, key: 0xA1, bytes: 512, Kernel, SystemCalls, Program);
        w.FileInformation(t + 40, process: 10, thread: 11, kind: 71, file: 0xF1, key: 0xA1, information: 10);
        w.FilePath(t + 50, process: 10, thread: 11, kind: 80, file: 0xF1, key: 0xA1, information: 10, @"\Device\HarddiskVolume2\a\r.exe", Kernel, SystemCalls);
        w.FileInformation(t + 60, process: 10, thread: 11, kind: 70, file: 0xF1, key: 0xA1, information: 13, Kernel, SystemCalls);
        w.ManifestFileCreate(t + 70, process: 10, thread: 11, id: 12, file: 0xF1, @"\SystemRoot\new.txt", 0x0200_0020, SystemCalls, Nowhere);
        w.Registry(t + 80, process: 10, thread: 11, kind: 22, key: 0xabc0, @"\REGISTRY\MACHINE\SOFTWARE\X");
        w.Registry(t + 90, process: 10, thread: 11, kind: 14, key: 0xabc0, "Value", status: 0, Kernel, SystemCalls, Nowhere);
        w.KeyOpen(t + 100, process: 10, thread: 11, id: 1, above: 0, key: 0xB1, @"\REGISTRY\MACHINE\SOFTWARE\X", disposition: 1, SystemCalls);
        w.ValueSet(t + 110, process: 10, thread: 11, key: 0xB1, "Data", type: 1, "c\0:\0\0\0"u8.ToArray(), SystemCalls, Nowhere);
        w.Connection(t + 120, kind: 12, process: 10, remote: 0x0100_007f, remotePort: 443, local: 0x0200_007f, localPort: 50000);
        w.Query(t + 130, process: 10, thread: 11, "example.test", 1, "::ffff:127.0.0.9;");
        w.OpenProcess(t + 140, process: 10, thread: 11, target: Other, access: 0x1F_FFFF, result: 0, SystemCalls, Nowhere);
        w.Calls.OpenThread(t + 150, process: 10, thread: 11, target: Other, targetThread: Other + 1, access: 0x18, result: 5, SystemCalls, Program);
        w.VirtualMemory(t + 160, by: 10, thread: 11, kind: 98, process: 10, 0x1000_0000, 0x2000, commitAndReserve, Kernel, SystemCalls, Nowhere);
        w.Thread(t + 170, by: 10, thread: 11, kind: 1, process: Other, id: 32, 0x5000_0000, Kernel, SystemCalls, Nowhere);
        w.Calls.Allocate(t + 180, process: 10, thread: 11, id: 1, target: Other, 0x5000_0000, 0x1000, commitAndReserve, executeRead, SystemCalls, Nowhere);
        w.Calls.Protect(t + 190, process: 10, thread: 11, id: 7, target: 10, SystemCalls + 0x1000, 5, 0x40, executeRead, SystemCalls, Program);
        w.Calls.Copy(t + 200, process: 10, thread: 11, id: 14, target: Other, 0x5000_0000, 0x200, result: 0, SystemCalls, Program);
        w.Calls.QueueRoutine(t + 210, process: 10, thread: 11, Other, Other + 1, SystemCalls, Program, executeRead, executeRead, SystemCalls, Program);
        w.Calls.SetContext(t + 220, process: 10, thread: 11, Other, Other + 1, flags: 0x10_0010, Program, executeRead, SystemCalls, Program);
        w.Calls.Suspend(t + 230, process: 10, thread: 11, id: 15, Other, Other + 1, SystemCalls, Program);
        w.Registry(t + 240, process: 10, thread: 11, kind: 15, key: 0xabc0, "Other", status: 0, Kernel, SystemCalls, Nowhere);
    }
}
