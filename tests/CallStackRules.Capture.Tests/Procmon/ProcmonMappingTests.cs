using System.Text;
using CallStackRules.Capture.Sources.Procmon;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Procmon;

public class ProcmonMappingTests
{
    private static readonly (ulong Base, uint Size, string Path)[] Modules =
    [
        (0x0040_0000, 0x1_0000, @"C:\a\app.exe"), (0x7000_0000, 0x10_0000, @"C:\Windows\System32\ntdll.dll"),
    ];

    private static readonly (ulong Base, uint Size, string Path)[] CreatorModules =
    [
        (0x0050_0000, 0x1_0000, @"C:\Windows\System32\appinfo.dll"), (0x7000_0000, 0x10_0000, @"C:\Windows\System32\ntdll.dll"),
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stack_holds_the_modules_and_the_memory_outside_them_but_not_the_kernel(bool is64Bit)
    {
        PmlWriter log = Log(is64Bit);
        log.File(PmlOperation.CreateFile, 0, 1, @"C:\x\new.txt", stack: [log.KernelAddress, 0x7000_0010, 0x0040_0020, log.KernelAddress, 0x0060_0000]);
        using var recording = new PmlRecording(log.ToArray());
        EndpointEvent e = recording.Next();
        Assert.Equal("ntdll.dll|app.exe|Unbacked", e.Thread.CallStackSummary.ToString());
        Assert.Equal(@"c:\a\app.exe+0x20", e.Thread.CallStack[1].SymbolInfo.ToString());
        Assert.Equal(0x0060_0000, e.Thread.CallStack[2].InstructionPointer);
        Assert.True(e.Thread.CallStackContainsUnbacked);
        Assert.Equal(5, e.Thread.Id);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Of_a_process_that_could_not_be_looked_into_frames_are_unknown_and_not_unbacked(int modules)
    {
        var log = new PmlWriter(is64Bit: true);
        log.Process(1, 100, @"C:\a\app.exe", Modules[..modules]);
        log.File(PmlOperation.CreateFile, 0, 1, @"C:\x", stack: [0x7000_0010]);
        using var recording = new PmlRecording(log.ToArray());
        EndpointEvent e = recording.Next();
        Assert.Equal("Unknown", e.Thread.CallStackSummary.ToString());
        Assert.False(e.Thread.CallStackContainsUnbacked);
    }

    [Fact]
    public void A_process_start_has_the_stack_of_its_creator_and_names_it_where_another_is_called_the_parent()
    {
        PmlWriter log = Log(is64Bit: true);
        log.Process(2, 200, @"C:\Windows\System32\svchost.exe", CreatorModules, user: @"NT AUTHORITY\SYSTEM", level: "System");
        log.Process(3, 300, @"C:\b\child.exe", Modules, parent: 1, commandLine: @"child.exe ""two words""");
        log.File(PmlOperation.CreateFile, 0, 2, @"C:\b\child.exe");
        log.Event(PmlClass.Process, PmlOperation.ProcessCreate, 1, 5, details => Create(details, 3, 300), [0x0050_0010]);
        log.Event(PmlClass.Process, PmlOperation.ProcessStart, 3, 5, details => Start(details, 100, "child.exe", @"C:\b\"), [log.KernelAddress, 0x7000_0010, 0x0050_0010]);
        log.File(PmlOperation.CreateFile, 0, 3, @"C:\x");
        using var recording = new PmlRecording(log.ToArray());
        recording.Next();
        EndpointEvent e = recording.Next();
        Assert.Equal(("process", "start", "start"), (e.Event.Category[0].ToString(), e.Event.Type[0].ToString(), e.Event.Action.ToString()));
        Assert.Equal("pc-300-" + PmlWriter.Start.Ticks.ToString("x", null), e.Process!.EntityId.ToString());
        Assert.Equal([@"child.exe", "two words"], [e.Process.Args[0].ToString(), e.Process.Args[1].ToString()]);
        Assert.Equal(@"C:\b\", e.Process.WorkingDirectory.ToString());
        Assert.Equal("medium", e.Process.Token.IntegrityLevelName.ToString());
        Assert.Equal("app.exe", e.Process.Parent!.Name.ToString());
        Assert.Equal((200, "svchost.exe"), (e.Process.Parent.Real.Pid, e.Process.Parent.Real.Name.ToString()));
        Assert.Equal("ntdll.dll|appinfo.dll", e.ParentThread.CallStackSummary.ToString());
        Assert.Equal("S-1-5-21-1-2-3-1001", e.User.Id.ToString());
        Assert.Equal(3, e.ProcessUptime);
        Assert.Equal(1, recording.Statistics.Unused["process creation that a process start repeats"]);
        Assert.Null(recording.Next().Process!.Parent!.Real.Pid);
    }

    [Fact]
    public void A_process_creation_stands_for_the_start_that_a_filter_left_out()
    {
        PmlWriter log = Log(is64Bit: true);
        log.Process(3, 300, @"C:\b\child.exe", [], parent: 1);
        log.Event(PmlClass.Process, PmlOperation.ProcessCreate, 1, 5, details => Create(details, 3, 300), [0x0040_0010]);
        using var recording = new PmlRecording(log.ToArray());
        EndpointEvent e = recording.Next();
        Assert.Equal(("child.exe", "app.exe"), (e.Process!.Name.ToString(), e.ParentThread.CallStackSummary.ToString()));
    }

    [Fact]
    public void A_thread_that_another_process_makes_is_a_call_upon_that_process_unless_it_is_the_first()
    {
        PmlWriter log = Log(is64Bit: true);
        log.Process(2, 200, @"C:\b\maker.exe", CreatorModules);
        log.Process(3, 300, @"C:\b\child.exe", [], parent: 2);
        log.File(PmlOperation.CreateFile, 0, 2, @"C:\x");
        log.Event(PmlClass.Process, PmlOperation.ProcessStart, 3, 5, details => Start(details, 200, "child.exe", ""));
        log.Event(PmlClass.Process, PmlOperation.ThreadCreate, 3, 5, details => details.U32(31));
        log.Event(PmlClass.Process, PmlOperation.ThreadCreate, 3, 31, details => details.U32(32));
        log.Event(PmlClass.Process, PmlOperation.ThreadCreate, 3, 5, details => details.U32(33), [0x0050_0010]);
        log.Event(PmlClass.Process, PmlOperation.ThreadCreate, 1, 5, details => details.U32(34));
        using var recording = new PmlRecording(log.ToArray());
        recording.Next();
        recording.Next();
        EndpointEvent e = recording.Next();
        Assert.Equal(("CreateRemoteThread", "maker.exe", "child.exe"), (e.Api.Name.ToString(), e.Process!.Name.ToString(), e.TargetProcess!.Name.ToString()));
        Assert.Equal((33, "appinfo.dll"), (e.TargetThread.Id, e.Thread.CallStackSummary.ToString()));
        Assert.Equal(["cross-process", "parent-child"], [e.Api.Behaviors[0].ToString(), e.Api.Behaviors[1].ToString()]);
        Assert.Equal(34, recording.Next().TargetThread.Id);
        Assert.Equal(2, recording.Statistics.Unused["thread made by its own process or with it"]);
    }

    [Fact]
    public void An_image_tells_what_its_file_says_and_one_of_the_system_process_is_a_driver()
    {
        PmlWriter log = Log(is64Bit: true);
        log.Process(2, 4, "System", Modules);
        foreach (uint process in (uint[])[1, 2])
            log.Event(PmlClass.Process, PmlOperation.LoadImage, process, 5, details => details.U64(0x7000_0000).U32(0x10_0000).U16(4).U16(0).Utf16(@"C:\é"), [0x0040_0010]);
        using var recording = new PmlRecording(log.ToArray());
        EndpointEvent e = recording.Next();
        Assert.Equal(("library", "load", @"C:\é", "é"), (e.Event.Category[0].ToString(), e.Event.Action.ToString(), e.Library.Path.ToString(), e.Library.Name.ToString()));
        Assert.Equal((0x10_0000, "6.1", "Maker", "Library"), (e.Library.Size, e.Library.Pe.FileVersion.ToString(), e.Library.Pe.Company.ToString(), e.Library.Pe.Description.ToString()));
        Assert.Equal("app.exe", e.Thread.CallStackSummary.ToString());
        Assert.Equal("driver", recording.Next().Event.Category[0].ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Files_are_opened_made_overwritten_written_renamed_and_deleted(bool is64Bit)
    {
        PmlWriter log = Log(is64Bit);
        log.File(PmlOperation.CreateFile, 0, 1, @"C:\d\f.txt", extra: [1, 0, 0, 0]);
        log.File(PmlOperation.CreateFile, 0, 1, @"C:\d\f.txt", extra: [2, 0, 0, 0]);
        log.File(PmlOperation.CreateFile, 0, 1, @"C:\d", extra: [2, 0, 0, 0], options: 1);
        log.File(PmlOperation.CreateFile, 0, 1, @"C:\d\f.txt", extra: [3, 0, 0, 0]);
        log.File(PmlOperation.WriteFile, 0, 1, @"C:\d\f.txt");
        log.File(PmlOperation.SetInformationFile, 10, 1, @"C:\d\f.txt", details => details.Pointer(1).Pointer(0).U32(22).Utf16(@"\??\C:\g.md"));
        log.File(PmlOperation.SetInformationFile, 13, 1, @"C:\d\f.txt", details => details.U8(0));
        log.File(PmlOperation.SetInformationFile, 13, 1, @"C:\d\f.txt", details => details.U8(1));
        log.File(PmlOperation.CreatePipe, 0, 1, @"\Device\NamedPipe\p");
        using var recording = new PmlRecording(log.ToArray());
        Assert.Equal("access open", Kind(recording.Next()));
        Assert.Equal("creation creation", Kind(recording.Next()));
        Assert.Equal((@"C:\d\f.txt", "f.txt", @"C:\d", "txt"), FileOf(recording.Event));
        Assert.Equal("dir", recording.Next().File.Type.ToString());
        Assert.Equal("change overwrite", Kind(recording.Next()));
        Assert.Equal("change modification", Kind(recording.Next()));
        EndpointEvent renamed = recording.Next();
        Assert.Equal("change rename", Kind(renamed));
        Assert.Equal((@"C:\g.md", "f.txt", "txt"), (renamed.File.Path.ToString(), renamed.File.OriginalName.ToString(), renamed.File.OriginalExtension.ToString()));
        Assert.Equal("deletion deletion", Kind(recording.Next()));
        Assert.Equal("p", recording.Next().File.Name.ToString());
        Assert.Equal(1, recording.Statistics.Unused["file kept after all"]);
        Assert.Empty(recording.Statistics.FieldProblems);
    }

    [Fact]
    public void Registry_values_have_their_data_and_the_users_hive_its_identifier()
    {
        PmlWriter log = Log(is64Bit: true);
        Set(log, @"HKU\S-1-5-21-7\Software\v", 1, Encoding.Unicode.GetBytes("text\0"));
        Set(log, @"HKCU\Software\v", 7, Encoding.Unicode.GetBytes("one\0two\0\0"));
        Set(log, @"HKLM\k\v", 4, [7, 0, 0, 0]);
        Set(log, @"HKLM\k\v", 11, [0, 0, 0, 0, 1, 0, 0, 0]);
        Set(log, @"HKLM\k\v", 3, [1, 2, 3]);
        using var recording = new PmlRecording(log.ToArray());
        RegistryInfo registry = recording.Next().Registry;
        Assert.Equal("change modification", Kind(recording.Event));
        Assert.Equal((@"HKEY_USERS\S-1-5-21-7\Software\v", "HKEY_USERS", @"S-1-5-21-7\Software", "v"), (registry.Path.ToString(), registry.Hive.ToString(), registry.Key.ToString(), registry.Value.ToString()));
        Assert.Equal(("REG_SZ", "text"), (registry.DataType.ToString(), registry.Strings[0].ToString()));
        recording.Next();
        Assert.Equal(@"HKEY_USERS\S-1-5-21-7\Software\v", registry.Path.ToString());
        Assert.Equal(["one", "two"], [registry.Strings[0].ToString(), registry.Strings[1].ToString()]);
        Assert.Equal(2, registry.Strings.Count);
        Assert.Equal("7", recording.Next().Registry.Strings[0].ToString());
        Assert.Equal("4294967296", recording.Next().Registry.Strings[0].ToString());
        Assert.Equal("AQID", recording.Next().Registry.Bytes.ToString());
    }

    [Theory]
    [InlineData(PmlOperation.RegOpenKey, "access open", @"HKLM\k\v", "")]
    [InlineData(PmlOperation.RegCreateKey, "creation creation", @"HKLM\k\v", "")]
    [InlineData(PmlOperation.RegQueryKey, "access query", @"HKLM\k\v", "")]
    [InlineData(PmlOperation.RegQueryValue, "access query", @"HKLM\k\v", "v")]
    [InlineData(PmlOperation.RegEnumKey, "access query", @"HKLM\k\v", "")]
    [InlineData(PmlOperation.RegDeleteKey, "deletion deletion", @"HKLM\k\v", "")]
    [InlineData(PmlOperation.RegDeleteValue, "deletion deletion", @"HKLM\k\v", "v")]
    [InlineData(PmlOperation.RegRenameKey, "change rename", @"HKLM\k\v", "")]
    public void Keys_and_values_are_told_apart_by_the_operation(ushort operation, string kind, string path, string value)
    {
        int between = operation switch
        {
            PmlOperation.RegOpenKey or PmlOperation.RegCreateKey => 6,
            PmlOperation.RegQueryKey or PmlOperation.RegQueryValue => 10,
            PmlOperation.RegEnumKey => 14,
            PmlOperation.RegRenameKey => 2,
            _ => 0,
        };
        PmlWriter log = Log(is64Bit: true);
        log.Event(PmlClass.Registry, operation, 1, 5, details => details.U16((ushort)path.Length).Fill(between).Utf16(path), extra: [0, 0, 0, 0, 1, 0, 0, 0]);
        log.Event(PmlClass.Registry, operation, 1, 5, details => details.U16((ushort)path.Length).Fill(between).Utf16(path), result: 0xC000_0034);
        using var recording = new PmlRecording(log.ToArray());
        EndpointEvent e = recording.Next();
        Assert.Equal((kind, path, value), (Kind(e), e.Registry.Path.ToString(), e.Registry.Value.ToString()));
        Assert.False(recording.Source.TryRead(e));
        Assert.Equal(1, recording.Statistics.Unused["operation failed"]);
    }

    [Fact]
    public void A_connection_goes_from_who_asks_to_who_answers()
    {
        PmlWriter log = Log(is64Bit: true);
        foreach (ushort operation in (ushort[])[PmlOperation.NetworkConnect, PmlOperation.NetworkAccept, PmlOperation.NetworkDisconnect])
            log.Event(PmlClass.Network, operation, 1, 0, details => details.U16(7).U16(0).U32(0).Raw([10, 0, 0, 1]).Fill(12).Raw([192, 0, 2, 1]).Fill(12).U16(5000).U16(443));
        using var recording = new PmlRecording(log.ToArray());
        EndpointEvent e = recording.Next();
        Assert.Equal("start connection_attempted", Kind(e));
        Assert.Equal(("10.0.0.1", 5000, "192.0.2.1", 443), (e.Source.Ip.ToString(), e.Source.Port, e.Destination.Ip.ToString(), e.Destination.Port));
        Assert.Equal(("tcp", "ipv4", "egress"), (e.Network.Transport.ToString(), e.Network.Type.ToString(), e.Network.Direction.ToString()));
        Assert.Equal(("192.0.2.1", "ingress"), (recording.Next().Source.Ip.ToString(), e.Network.Direction.ToString()));
        Assert.Equal("end disconnect_received", Kind(recording.Next()));
    }

    private static PmlWriter Log(bool is64Bit)
    {
        var log = new PmlWriter(is64Bit);
        log.Process(1, 100, @"C:\a\app.exe", Modules);
        return log;
    }

    private static void Create(PmlWriter.Bytes details, uint number, uint pid)
    {
        byte[] user = [1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 0xE9, 3, 0, 0];
        details.U32(number).U32(pid).Fill(0x24).U8((byte)user.Length).U8(12).U16(1 | 0x8000).U16(1 | 0x8000).U16(0).Raw(user).Fill(12).Raw("xy"u8.ToArray());
    }

    private static void Start(PmlWriter.Bytes details, uint parent, string commandLine, string directory) =>
        details.U32(parent).U16((ushort)commandLine.Length).U16((ushort)directory.Length).U32(0).Utf16(commandLine).Utf16(directory);

    private static void Set(PmlWriter log, string path, uint type, byte[] data) =>
        log.Event(PmlClass.Registry, PmlOperation.RegSetValue, 1, 5, details => details.U16((ushort)path.Length).U16(0).U32(type).U32((uint)data.Length).U32((uint)data.Length).Utf16(path).Raw(data));

    private static string Kind(EndpointEvent e) => $"{e.Event.Type[0]} {e.Event.Action}";

    private static (string Path, string Name, string Directory, string Extension) FileOf(EndpointEvent e) =>
        (e.File.Path.ToString(), e.File.Name.ToString(), e.File.Directory.ToString(), e.File.Extension.ToString());
}
