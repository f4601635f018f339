using System.Text;
using CallStackRules.Capture.Sources.Procmon;

namespace CallStackRules.Capture.Tests.Procmon;

public class ProcmonAllocationTests
{
    [Fact]
    public void Reading_known_processes_and_modules_allocates_nothing()
    {
        const int passes = 200;
        var log = new PmlWriter(is64Bit: true);
        log.Process(1, 100, @"C:\a\app.exe", [(0x40_0000, 0x1000, @"C:\a\app.exe"), (0x7000_0000, 0x1000, @"C:\Windows\System32\ntdll.dll")]);
        log.Process(2, 200, @"C:\a\child.exe", [], parent: 1);
        for (int i = 0; i < passes; i++)
        {
            log.File(PmlOperation.CreateFile, 0, 1, @"C:\d\e.txt", stack: [log.KernelAddress, 0x7000_0010, 0x40_0010, 0x50_0000], extra: [2, 0, 0, 0]);
            log.File(PmlOperation.SetInformationFile, 10, 1, @"C:\d\f.txt", details => details.Pointer(1).Pointer(0).U32(6).Utf16(@"C:\"));
            log.Event(PmlClass.Process, PmlOperation.ProcessStart, 2, 5, details => details.U32(100).U16(1).U16(1).U32(0).Utf16("xy"));
            log.Event(PmlClass.Process, PmlOperation.ThreadCreate, 2, 5, details => details.U32(7));
            log.Event(PmlClass.Process, PmlOperation.ThreadCreate, 2, 5, details => details.U32(8));
            log.Event(PmlClass.Process, PmlOperation.LoadImage, 2, 7, details => details.U64(0x7000_0000).U32(0x1000).U16(2).U16(0).Utf16("ab"));
            log.Event(PmlClass.Registry, PmlOperation.RegSetValue, 1, 5, details => details.U16(4).U16(0).U32(7).U32(12).U32(12).Utf16("HKCU").Raw(Encoding.Unicode.GetBytes("a\0bc\0\0")));
            log.Event(PmlClass.Registry, PmlOperation.RegSetValue, 1, 5, details => details.U16(4).U16(0).U32(3).U32(4).U32(4).Utf16("HKLM").U32(7));
            log.Event(PmlClass.Registry, PmlOperation.RegQueryKey, 1, 5, details => details.U16(4).Fill(10).Utf16("HKLM"), result: 0xC000_0034);
            log.Event(PmlClass.Network, PmlOperation.NetworkConnect, 1, 0, details => details.U16(7).U16(0).U32(0).Fill(36));
            log.Event(PmlClass.Process, PmlOperation.ProcessExit, 2, 7, details => details.U32(1));
        }
        using var recording = new PmlRecording(log.ToArray());
        const int eventsOfPass = 9;
        for (int i = 0; i < eventsOfPass * passes / 2; i++)
            recording.Next();

        long allocated = Allocations.Of(() =>
        {
            for (int i = 0; i < eventsOfPass * passes / 10; i++)
            {
                recording.Source.TryRead(recording.Event);
                _ = recording.Event.Thread.CallStackSummary;
            }
        });

        Assert.False(recording.Source.TryRead(recording.Event));
        Assert.Equal(0, allocated);
    }
}
