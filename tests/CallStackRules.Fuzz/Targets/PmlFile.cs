using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Procmon;
using CallStackRules.Capture.Tests.Procmon;

namespace CallStackRules.Fuzz.Targets;

/// <summary>A log of Process Monitor: header, tables, events with their details and stacks.</summary>
internal static class PmlFile
{
    public static readonly FuzzTarget Target = new("pml", static () => [Log(is64Bit: true), Log(is64Bit: false)], Read);

    private static byte[] Log(bool is64Bit)
    {
        var log = new PmlWriter(is64Bit);
        log.Process(1, 100, @"C:\a\app.exe", [(0x40_0000, 0x1000, @"C:\a\app.exe"), (0x7000_0000, 0x1000, @"C:\Windows\System32\ntdll.dll")], commandLine: "app x");
        log.Process(2, 200, @"C:\a\child.exe", [], parent: 1);
        log.File(PmlOperation.CreateFile, 0, 1, @"C:\d\e.txt", stack: [0x7000_0010, 0x40_0010, 0x50_0000], extra: [2, 0, 0, 0]);
        log.File(PmlOperation.SetInformationFile, 10, 1, @"C:\d\f.txt", static details => details.Pointer(1).Pointer(0).U32(6).Utf16(@"C:\"));
        log.Event(PmlClass.Process, PmlOperation.ProcessCreate, 1, 5, static details => details.U32(2).U32(200).Fill(0x24).U8(12).U8(0).U16(2).U16(2).U16(0).Raw([1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0]).Utf16("abcd"));
        log.Event(PmlClass.Process, PmlOperation.ProcessStart, 2, 5, static details => details.U32(100).U16(1).U16(1).U32(0).Utf16("xy"));
        log.Event(PmlClass.Process, PmlOperation.ThreadCreate, 2, 5, static details => details.U32(7));
        log.Event(PmlClass.Process, PmlOperation.LoadImage, 2, 7, static details => details.Pointer(0x7000_0000).U32(0x1000).U16(2).U16(0).Utf16("ab"));
        log.Event(PmlClass.Registry, PmlOperation.RegSetValue, 1, 5, static details => details.U16(4).U16(0).U32(7).U32(12).U32(12).Utf16("HKCU").Utf16("a\0bc\0\0"));
        log.Event(PmlClass.Network, PmlOperation.NetworkConnect, 1, 0, static details => details.U16(0).U16(0).U32(0).Fill(36));
        return log.ToArray();
    }

    private static void Read(byte[] input)
    {
        using var file = new InputFile(input);
        try
        {
            using var source = new ProcmonSource([file.Path], new ProcessTable());
            EventUse.OfAll(source);
        }
        catch (InvalidDataException)
        {
            // Declared: the log is damaged.
        }
    }
}
