namespace CallStackRules.Capture.Tests.Etw.Writing;

/// <summary>A trace with each kind of event that is decoded, in the layouts of Windows 10.</summary>
internal static class AllEvents
{
    private const ulong Program = 0x40_0000;
    private const ulong Library = 0x60_0000;

    public static void Write(WindowsEvents w)
    {
        w.Volume(1, @"\Device\HarddiskVolume2\", @"C:\");
        WriteClassic(w);
        WriteManifests(w);
        WriteCalls(w);
    }

    private static void WriteClassic(WindowsEvents w)
    {
        w.Process(2, by: 0, thread: 0, kind: 3, id: 10, parent: 4, "app.exe", @"C:\a\app.exe -x");
        w.Thread(3, by: 0, thread: 0, kind: 3, process: 10, id: 11, Program);
        w.Image(4, thread: 0, kind: 3, process: 10, Program, 0x1_0000, @"\Device\HarddiskVolume2\a\app.exe");
        w.Process(5, by: 10, thread: 11, kind: 1, id: 20, parent: 10, "child.exe", "child.exe /c x", session: 2);
        w.Thread(6, by: 10, thread: 11, kind: 1, process: 20, id: 21, Program);
        w.Thread(7, by: 10, thread: 11, kind: 1, process: 20, id: 22, Program + 0x40);
        w.Thread(8, by: 20, thread: 22, kind: 2, process: 20, id: 22, Program + 0x40);
        w.Image(9, thread: 11, kind: 10, process: 10, Program + 0x10_0000, 0x1_0000, @"\Device\HarddiskVolume2\a\b.dll");
        w.Image(10, thread: 11, kind: 2, process: 10, Program + 0x10_0000, 0x1_0000, @"\Device\HarddiskVolume2\a\b.dll");
        w.FileCreate(20, process: 10, thread: 11, file: 0xF1, @"\Device\HarddiskVolume2\a\new.txt", options: 0x0200_0020);
        w.FileCreate(21, process: 10, thread: 11, file: 0xF2, @"\Device\HarddiskVolume2\a\old.txt", options: 0x0500_0020);
        w.FileCreate(22, process: 10, thread: 11, file: 0xF3, @"\Device\HarddiskVolume2\a\there.txt", options: 0x0100_0020);
        w.FileName(23, kind: 0, file: 0xA4, @"\Device\HarddiskVolume2\a\named.txt");
        w.FileWrite(24, process: 10, thread: 11, file: 0xF1, key: 0xA1, bytes: 512);
        w.FileWrite(25, process: 10, thread: 11, file: 0xF9, key: 0xA4, bytes: 512);
        w.FileInformation(26, process: 10, thread: 11, kind: 70, file: 0xF2, key: 0xA2, information: 13);
        w.FileInformation(27, process: 10, thread: 11, kind: 71, file: 0xF3, key: 0xA3, information: 10);
        w.Registry(30, process: 10, thread: 11, kind: 22, key: 0xabc0, @"\REGISTRY\MACHINE\SOFTWARE\X");
        w.Registry(31, process: 10, thread: 11, kind: 14, key: 0xabc0, "Value");
        w.Registry(32, process: 10, thread: 11, kind: 15, key: 0xabc0, "Value");
        w.Registry(33, process: 10, thread: 11, kind: 10, key: 0xabc0, "Key");
        w.Registry(34, process: 10, thread: 11, kind: 12, key: 0xabc0, "Key");
        w.Registry(35, process: 10, thread: 11, kind: 23, key: 0xabc0, @"\REGISTRY\MACHINE\SOFTWARE\X");
        w.VirtualMemory(40, by: 10, thread: 11, kind: 98, process: 10, address: 0x1000_0000, size: 0x2000, flags: 0x3000);
        w.VirtualMemory(41, by: 10, thread: 11, kind: 99, process: 20, address: 0x1000_0000, size: 0x2000, flags: 0x8000);
        w.Connection(42, kind: 12, process: 10, remote: 0x0100_007f, remotePort: 443, local: 0x0200_007f, localPort: 50000);
        w.Connection(43, kind: 15, process: 10, remote: 0x0100_007f, remotePort: 50001, local: 0x0200_007f, localPort: 80);
        w.Connection(44, kind: 13, process: 10, remote: 0x0100_007f, remotePort: 443, local: 0x0200_007f, localPort: 50000);
        w.Datagram(46, kind: 10, process: 10, to: 0x0800_0808, toPort: 53, from: 0x0200_007f, fromPort: 50000);
        w.Datagram(47, kind: 11, process: 10, to: 0x0200_007f, toPort: 5353, from: 0x0900_0808, fromPort: 50002);
        w.Process(48, by: 20, thread: 21, kind: 2, id: 20, parent: 10, "child.exe", "child.exe /c x", session: 2);
    }

    private static void WriteManifests(WindowsEvents w)
    {
        byte[] address = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        w.ProcessRundown(100, id: 70, parent: 10, @"\Device\HarddiskVolume2\a\there.exe", elevation: 3, integrity: 0x2000);
        w.ProcessStartWithToken(101, by: 10, thread: 11, id: 60, @"\Device\HarddiskVolume2\a\b.exe", elevation: 2, integrity: 0x3000);
        w.ManifestThread(102, by: 10, thread: 11, process: 60, id: 61, Program);
        w.ManifestThread(103, by: 10, thread: 11, process: 60, id: 62, Program);
        w.ImageLoad(104, process: 60, thread: 61, Program, 0x1_0000, @"\Device\HarddiskVolume2\a\b.exe", []);
        w.ImageUnload(105, process: 60, thread: 61, Program, 0x1_0000, @"\Device\HarddiskVolume2\a\b.exe");
        w.ManifestFileCreate(110, process: 60, thread: 61, id: 12, file: 0xF1, @"\Device\HarddiskVolume2\a\new.txt");
        w.ManifestFileCreate(111, process: 60, thread: 61, id: 30, file: 0xF1, @"\Device\HarddiskVolume2\a\new.txt");
        w.ManifestFileInformation(112, process: 60, thread: 61, id: 27, file: 0xF1, information: 10, @"\Device\HarddiskVolume2\a\renamed.txt");
        w.ManifestFileInformation(113, process: 60, thread: 61, id: 26, file: 0xF1, information: 13, @"\Device\HarddiskVolume2\a\renamed.txt");
        w.KeyOpen(120, process: 60, thread: 61, id: 1, above: 0, key: 0xB1, @"\REGISTRY\MACHINE\SOFTWARE\X", disposition: 1);
        w.ValueSet(121, process: 60, thread: 61, key: 0xB1, "Value", type: 4, [5, 0, 0, 0]);
        w.ValueDelete(122, process: 60, thread: 61, key: 0xB1, "Value");
        w.Key(123, process: 60, thread: 61, id: 3, key: 0xB1);
        w.Key(124, process: 60, thread: 61, id: 13, key: 0xB1);
        w.ManifestConnection(130, id: 28, process: 60, address, 443, address, 50000);
        w.Query(131, process: 60, thread: 61, "example.test", 1, "::ffff:127.0.0.9;");
        w.ProcessEnd(140, id: 60, exitCode: -5, "b.exe");
    }

    private static void WriteCalls(WindowsEvents w)
    {
        w.OpenProcess(200, process: 10, thread: 11, target: 30, access: 0x1010, result: 5);
        w.Calls.OpenThread(201, process: 10, thread: 11, target: 30, targetThread: 31, access: 0x18, result: 0);
        w.Calls.TerminateProcess(202, process: 10, thread: 11, target: 30, result: 0);
        w.Calls.Allocate(210, process: 10, thread: 11, id: 1, target: 30, address: 0x5000_0000, size: 0x1000, type: 0x3000, protection: 0x40);
        w.Calls.Allocate(211, process: 10, thread: 11, id: 8, target: 10, address: 0x5000_0000, size: 0x1000, type: 0x1000, protection: 0x20);
        w.Calls.Protect(212, process: 10, thread: 11, id: 7, target: 10, Program + 0x1000, size: 5, protection: 0x40, before: 0x20);
        w.Calls.Copy(213, process: 10, thread: 11, id: 14, target: 30, 0x5000_0000, size: 0x200, result: 0);
        w.Calls.QueueRoutine(214, process: 10, thread: 11, target: 30, targetThread: 31, Program, 0x1234, 0x20, 0x04);
        w.Calls.SetContext(215, process: 10, thread: 11, target: 30, targetThread: 31, flags: 0x10_0003, code: Program, protection: 0x20);
        w.Calls.RawInput(220, process: 10, thread: 11, page: 1, usage: 6, flags: 0x100, @"\Device\HarddiskVolume2\a\app.exe", startProtection: 0x80);
        w.Calls.Hook(221, process: 10, thread: 11, kind: 13, @"C:\a\hook.dll", module: Library, routine: Library + 0x400, result: 5);
        w.Calls.KeyState(222, process: 10, thread: 11, of: 10, milliseconds: 94, calls: 6021);
        w.Calls.Suspend(216, process: 10, thread: 11, id: 15, target: 30, targetThread: 31);
    }
}
