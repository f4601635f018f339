using CallStackRules.CallStacks;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Sysmon;

public class SysmonMappingTests
{
    private const string Start = """
        {"EventID":1,"UtcTime":"2024-01-02 03:04:05.678","Hostname":"PC1.example","Channel":"Microsoft-Windows-Sysmon/Operational","ProcessGuid":"{AAAA0001-0000-0000-0000-000000000001}","ProcessId":"100","Image":"C:\\Program Files\\App\\app.exe","CommandLine":"\"C:\\Program Files\\App\\app.exe\" -x \"a b\"","CurrentDirectory":"C:\\Temp\\","User":"CORP\\ann","LogonId":"0x16b0c","TerminalSessionId":"2","IntegrityLevel":"High","OriginalFileName":"App.EXE","Hashes":"SHA1=AA,MD5=BB,SHA256=CC,IMPHASH=DD","ParentProcessGuid":"{AAAA0001-0000-0000-0000-000000000002}","ParentProcessId":"50","ParentImage":"C:\\Windows\\explorer.exe","ParentCommandLine":"explorer.exe /factory","ParentUser":"CORP\\ann"}
        """;

    [Fact]
    public void A_process_start_tells_all_of_the_process_and_its_parent()
    {
        using var recording = new SysmonRecording(Start);
        EndpointEvent e = recording.Next();

        Assert.Equal("process start start", Classification(e));
        Assert.Equal(new DateTimeOffset(2024, 1, 2, 3, 4, 5, 678, TimeSpan.Zero).ToUnixTimeMilliseconds(), e.Timestamp);
        Assert.Equal(("1", "1", "success"), (e.Event.Code.ToString(), e.Winlog.EventId.ToString(), e.Event.Outcome.ToString()));
        Assert.Equal(("PC1.example", "pc1.example", "windows"), (e.Host.Name.ToString(), e.Host.Id.ToString(), e.Host.OsType.ToString()));
        Assert.Equal(("ann", "CORP"), (e.User.Name.ToString(), e.User.Domain.ToString()));
        Assert.True(e.User.Id.IsMissing);
        Assert.Equal(0, e.ProcessUptime);

        ProcessInfo process = e.Process!;
        Assert.Equal("{aaaa0001-0000-0000-0000-000000000001}", process.EntityId.ToString());
        Assert.Equal(100, process.Pid);
        Assert.Equal((@"C:\Program Files\App\app.exe", "app.exe"), (process.Executable.ToString(), process.Name.ToString()));
        Assert.Equal(@"""C:\Program Files\App\app.exe"" -x ""a b""", process.CommandLine.ToString());
        Assert.Equal(@"C:\Program Files\App\app.exe,-x,a b", Joined(process.Args));
        Assert.Equal(3, process.ArgsCount);
        Assert.Equal(@"C:\Temp\", process.WorkingDirectory.ToString());
        Assert.Equal("2024-01-02T03:04:05.678Z", process.Start.ToString());
        Assert.Equal(("0x16b0c", 2L, "high"), (process.AuthenticationId.ToString(), process.SessionInfo.Id, process.Token.IntegrityLevelName.ToString()));
        Assert.Equal(("bb", "aa", "cc"), (process.Hash.Md5.ToString(), process.Hash.Sha1.ToString(), process.Hash.Sha256.ToString()));
        Assert.Equal(("App.EXE", "dd"), (process.Pe.OriginalFileName.ToString(), process.Pe.Imphash.ToString()));

        ProcessInfo parent = process.Parent!;
        Assert.Equal(("{aaaa0001-0000-0000-0000-000000000002}", 50L), (parent.EntityId.ToString(), parent.Pid));
        Assert.Equal((@"C:\Windows\explorer.exe", "explorer.exe"), (parent.Executable.ToString(), parent.Name.ToString()));
        Assert.Equal(("explorer.exe /factory", "explorer.exe,/factory"), (parent.CommandLine.ToString(), Joined(parent.Args)));
        Assert.Equal("ann", parent.User.Name.ToString());
    }

    [Fact]
    public void A_later_event_of_the_process_carries_what_its_start_told()
    {
        using var recording = new SysmonRecording(Start,
            """{"EventID":11,"UtcTime":"2024-01-02 03:05:06.000","Hostname":"pc1.example","ProcessGuid":"{aaaa0001-0000-0000-0000-000000000001}","Image":"C:\\PROGRAM FILES\\App\\app.exe","TargetFilename":"C:\\Temp\\out.TXT"}""");
        EndpointEvent e = recording.After(1);

        Assert.Equal("file creation creation", Classification(e));
        Assert.Equal(100, e.Process!.Pid);
        Assert.Equal(3, e.Process.ArgsCount);
        Assert.Equal("explorer.exe", e.Process.Parent!.Name.ToString());
        Assert.Equal("ann", e.User.Name.ToString());
        Assert.Equal(60, e.ProcessUptime);
    }

    [Fact]
    public void Records_out_of_order_keep_their_times_and_have_no_uptime_before_the_start()
    {
        using var recording = new SysmonRecording(Start,
            """{"EventID":5,"UtcTime":"2023-12-25 00:00:00.000","Hostname":"PC1","ProcessGuid":"{AAAA0001-0000-0000-0000-000000000001}","ProcessId":100,"Image":"C:\\x.exe"}""");
        EndpointEvent e = recording.After(1);

        Assert.Equal("process end end", Classification(e));
        Assert.Equal(new DateTimeOffset(2023, 12, 25, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), e.Timestamp);
        Assert.Null(e.ProcessUptime);
        Assert.Equal("app.exe", e.Process!.Name.ToString());
    }

    [Fact]
    public void Processes_that_are_each_others_parent_do_not_make_a_ring()
    {
        using var recording = new SysmonRecording(
            """{"EventID":1,"ProcessGuid":"{1}","ParentProcessGuid":"{2}"}""",
            """{"EventID":1,"ProcessGuid":"{2}","ParentProcessGuid":"{1}"}""",
            """{"EventID":1,"ProcessGuid":"{3}","ParentProcessGuid":"{3}"}""");
        Assert.Equal("{2}", recording.Next().Process!.Parent!.EntityId.ToString());
        Assert.Null(recording.Next().Process!.Parent);
        Assert.Null(recording.Next().Process!.Parent);
    }

    [Theory]
    [InlineData("""{"EventID":2,"TargetFilename":"C:\\a\\b.txt"}""", "file change modification")]
    [InlineData("""{"EventID":3,"Initiated":"true"}""", "network start,connection connection_attempted")]
    [InlineData("""{"EventID":3,"Initiated":"false"}""", "network start,connection connection_accepted")]
    [InlineData("""{"EventID":5,"Image":"C:\\a.exe"}""", "process end end")]
    [InlineData("""{"EventID":6,"ImageLoaded":"C:\\a.sys"}""", "driver start load")]
    [InlineData("""{"EventID":7,"ImageLoaded":"C:\\a.dll"}""", "library start load")]
    [InlineData("""{"EventID":8}""", "api,process change ")]
    [InlineData("""{"EventID":10}""", "api,process access ")]
    [InlineData("""{"EventID":11,"TargetFilename":"C:\\a"}""", "file creation creation")]
    [InlineData("""{"EventID":12,"EventType":"CreateKey"}""", "registry creation creation")]
    [InlineData("""{"EventID":12,"EventType":"DeleteKey"}""", "registry deletion deletion")]
    [InlineData("""{"EventID":12,"EventType":"DeleteValue"}""", "registry deletion deletion")]
    [InlineData("""{"EventID":12,"EventTypeOrignal":"INFO"}""", "registry  ")]
    [InlineData("""{"EventID":13,"EventType":"SetValue"}""", "registry change modification")]
    [InlineData("""{"EventID":14,"EventType":"RenameKey"}""", "registry change rename")]
    [InlineData("""{"EventID":15,"TargetFilename":"C:\\a:s"}""", "file creation creation")]
    [InlineData("""{"EventID":17,"PipeName":"\\p"}""", "file creation creation")]
    [InlineData("""{"EventID":18,"PipeName":"\\p"}""", "file access access")]
    [InlineData("""{"EventID":22,"QueryName":"example.net"}""", "network connection,protocol,info lookup_result")]
    [InlineData("""{"EventID":23,"TargetFilename":"C:\\a"}""", "file deletion deletion")]
    [InlineData("""{"EventID":26,"TargetFilename":"C:\\a"}""", "file deletion deletion")]
    public void Every_event_id_has_its_category_type_and_action(string line, string expected)
    {
        using var recording = new SysmonRecording(line);
        Assert.Equal(expected, Classification(recording.Next()));
    }

    [Theory]
    [InlineData("""{"EventID":4,"State":"Started"}""", "event id 4 (service state) has no mapping")]
    [InlineData("""{"EventID":9,"Image":"C:\\a.exe"}""", "event id 9 (raw disk read) has no mapping")]
    [InlineData("""{"EventID":255}""", "event id 255 (error) has no mapping")]
    [InlineData("""{"EventID":4688}""", "event id unknown to Sysmon")]
    [InlineData("""{"EventID":1,"Channel":"Security"}""", "record of another event log")]
    [InlineData("""{"Image":"C:\\a.exe"}""", "no event id")]
    [InlineData("""{"EventID":"one"}""", "no event id")]
    [InlineData("""{"EventID":1""", "not JSON")]
    [InlineData("null", "not JSON")]
    public void What_is_not_used_is_counted_with_its_reason(string line, string reason)
    {
        using var recording = new SysmonRecording(line);
        Assert.False(recording.Source.TryRead(recording.Event));
        Assert.Equal([new KeyValuePair<string, long>(reason, 1)], recording.Statistics.Unused);
        Assert.Equal((1, 0), (recording.Statistics.Events, recording.Statistics.Used));
    }

    [Theory]
    [InlineData("true", "Valid", "Acme", true, true, "trusted", "Acme")]
    [InlineData("true", "Expired", "Acme", true, false, "errorExpired", "Acme")]
    [InlineData("true", "Revoked", "Acme", true, false, "errorRevoked", "Acme")]
    [InlineData("true", "Unavailable", "Acme", true, false, "errorUntrustedRoot", "Acme")]
    [InlineData("false", "Unavailable", "-", false, false, "", "")]
    public void A_loaded_library_has_its_signature(string signed, string signatureStatus, string signer, bool exists, bool trusted, string status, string subject)
    {
        using var recording = new SysmonRecording($$"""
            {"EventID":7,"Image":"C:\\a.exe","ImageLoaded":"C:\\Windows\\b.DLL","OriginalFileName":"B.DLL","Hashes":"SHA256=AB,IMPHASH=CD","Signed":"{{signed}}","Signature":"{{signer}}","SignatureStatus":"{{signatureStatus}}"}
            """);
        LibraryInfo library = recording.Next().Library;
        Assert.Equal((@"C:\Windows\b.DLL", "b.DLL"), (library.Path.ToString(), library.Name.ToString()));
        Assert.Equal(("ab", "cd", "B.DLL"), (library.Hash.Sha256.ToString(), library.Pe.Imphash.ToString(), library.Pe.OriginalFileName.ToString()));
        CodeSignature signature = library.CodeSignature;
        Assert.Equal((exists, trusted), (signature.Exists, signature.Trusted));
        Assert.Equal((status, subject), (signature.Status.ToString(), signature.SubjectName.ToString()));
        Assert.Equal(subject, library.CodeSignatures[0].SubjectName.ToString());
    }

    [Fact]
    public void The_load_of_its_own_image_signs_a_process_and_later_starts_of_the_same_file()
    {
        const string load = """{"EventID":7,"ProcessGuid":"{1}","Image":"C:\\a.exe","ImageLoaded":"c:\\A.exe","Hashes":"SHA256=AB","Signed":"true","Signature":"Acme","SignatureStatus":"Valid"}""";
        using var recording = new SysmonRecording(
            """{"EventID":1,"ProcessGuid":"{1}","Image":"C:\\a.exe","Hashes":"SHA256=AB"}""",
            load.Replace(@"c:\\A.exe", @"C:\\b.dll", StringComparison.Ordinal),
            load,
            """{"EventID":1,"ProcessGuid":"{2}","Image":"C:\\a.exe","Hashes":"SHA256=AB"}""",
            """{"EventID":1,"ProcessGuid":"{3}","Image":"C:\\a.exe","Hashes":"SHA256=FF"}""");
        Assert.Null(recording.Next().Process!.CodeSignature.Exists);
        Assert.Null(recording.Next().Process!.CodeSignature.Exists);
        Assert.Equal("Acme", recording.Next().Process!.CodeSignature.SubjectName.ToString());
        Assert.Equal("Acme", recording.Next().Process!.CodeSignature.SubjectName.ToString());
        Assert.Null(recording.Next().Process!.CodeSignature.Exists);
    }

    [Fact]
    public void The_signer_and_hash_of_a_loaded_module_are_known_to_later_stacks()
    {
        using var recording = new SysmonRecording(
            """{"EventID":7,"ProcessGuid":"{1}","Image":"C:\\a.exe","ImageLoaded":"C:\\Lib\\B.dll","Hashes":"SHA256=AB","Signed":"true","Signature":"Acme","SignatureStatus":"Valid"}""",
            """{"EventID":10,"SourceProcessGUID":"{1}","CallTrace":"C:\\Windows\\System32\\ntdll.dll+1|c:\\lib\\b.dll+2"}""");
        CallStackModule module = recording.After(1).Thread.FinalUserModule;
        Assert.Equal(("b.dll", "ab"), (module.Name.ToString(), module.Hash.Sha256.ToString()));
        Assert.Equal("Acme", module.CodeSignatures[0].SubjectName.ToString());
    }

    [Fact]
    public void A_process_access_has_target_rights_and_call_stack()
    {
        using var recording = new SysmonRecording(Start, """
            {"EventID":10,"UtcTime":"2024-01-02 03:04:06.000","Hostname":"PC1.example","SourceProcessGUID":"{AAAA0001-0000-0000-0000-000000000001}","SourceProcessId":"100","SourceThreadId":"7","SourceImage":"C:\\Program Files\\App\\app.exe","TargetProcessGUID":"{AAAA0001-0000-0000-0000-000000000003}","TargetProcessId":"600","TargetImage":"C:\\Windows\\System32\\lsass.exe","GrantedAccess":"0x1010","CallTrace":"C:\\Windows\\SYSTEM32\\ntdll.dll+9c584|C:\\Windows\\System32\\KERNELBASE.dll+2730e|C:\\Windows\\System32\\KERNELBASE.dll+3|UNKNOWN(00000136666A0000)"}
            """);
        EndpointEvent e = recording.After(1);

        // As rules for event logs know it.
        Assert.Equal(("windows.sysmon_operational", "Microsoft-Windows-Sysmon/Operational", "PC1.example"), (e.Event.Dataset.ToString(), e.Winlog.Channel.ToString(), e.Winlog.ComputerName.ToString()));
        Assert.Equal((@"C:\Program Files\App\app.exe", @"C:\Windows\System32\lsass.exe"), (e.Winlog.EventData.SourceImage.ToString(), e.Winlog.EventData.TargetImage.ToString()));
        Assert.Equal("0x1010", e.Winlog.EventData.GrantedAccess.ToString());
        Assert.StartsWith(@"C:\Windows\SYSTEM32\ntdll.dll+9c584|", e.Winlog.EventData.CallTrace.ToString(), StringComparison.Ordinal);

        Assert.Equal("OpenProcess", e.Api.Name.ToString());
        Assert.Equal((0x1010L, 0L), (e.Api.Parameters.DesiredAccessNumeric, e.Api.Metadata.ReturnValue));
        Assert.Equal("PROCESS_VM_READ,PROCESS_QUERY_LIMITED_INFORMATION", Joined(e.Api.Parameters.DesiredAccess));
        Assert.Equal("cross-process", Joined(e.Api.Behaviors));
        Assert.Equal(("lsass.exe", 600L), (e.TargetProcess!.Name.ToString(), e.TargetProcess.Pid));
        Assert.Equal("explorer.exe", e.Process!.Parent!.Name.ToString());
        Assert.Equal(7, e.Thread.Id);
        Assert.Equal("ntdll.dll|kernelbase.dll|Unbacked", e.Thread.CallStackSummary.ToString());
        Assert.True(e.Thread.CallStackContainsUnbacked);
        Assert.Equal("Unbacked", e.Thread.FinalUserModule.Name.ToString());
        Assert.True(e.Thread.FinalUserModule.ProtectionProvenance.IsMissing);
        Assert.Equal(@"c:\windows\system32\ntdll.dll+0x9c584", e.Thread.CallStack[0].SymbolInfo.ToString());
        Assert.Equal(0x136666A0000, e.Thread.CallStack[3].InstructionPointer);
    }

    [Theory]
    [InlineData(@"C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\clr.dll+1|UNKNOWN(0000000000001000)", "clr.dll")]
    [InlineData(@"UNKNOWN(0000000000001000)|C:\\Windows\\assembly\\NativeImages_v4.0.30319_64\\mscorlib\\m.ni.dll+5", "clr.dll")]
    [InlineData(@"C:\\dotnet\\coreclr.dll+1|UNKNOWN(0000000000001000)", "coreclr.dll")]
    [InlineData(@"C:\\Windows\\System32\\ntdll.dll+1|UNKNOWN(0000000000001000)", "")]
    public void Unbacked_code_above_a_dotnet_runtime_is_taken_for_compiled_code(string trace, string provenance)
    {
        using var recording = new SysmonRecording($$"""{"EventID":10,"CallTrace":"{{trace}}"}""");
        CallStack stack = recording.Next().Thread.CallStack;
        for (int i = 0; i < stack.Count; i++)
            Assert.Equal(stack[i].Module == ModuleInfo.Unbacked ? provenance : "", stack[i].ProtectionProvenance.ToString());
    }

    [Fact]
    public void An_unreadable_frame_is_counted_and_keeps_its_neighbours_apart()
    {
        using var recording = new SysmonRecording("""{"EventID":10,"CallTrace":"C:\\a.dll+1|???|C:\\a.dll+2"}""");
        Assert.Equal("a.dll|Unknown|a.dll", recording.Next().Thread.CallStackSummary.ToString());
        Assert.Equal(1, recording.Statistics.FieldProblems["CallTrace frame unreadable"]);
    }

    [Theory]
    [InlineData("-", "Unbacked")]
    [InlineData(@"C:\\Windows\\System32\\KERNELBASE.dll", @"C:\Windows\System32\KERNELBASE.dll")]
    public void A_remote_thread_has_target_and_start_address(string module, string expected)
    {
        using var recording = new SysmonRecording($$"""
            {"EventID":8,"SourceProcessGuid":"{1}","SourceImage":"C:\\a.exe","TargetProcessGuid":"{2}","TargetImage":"C:\\b.exe","NewThreadId":"9","StartAddress":"0x0000013666BA0000","StartModule":"{{module}}","StartFunction":"-"}
            """);
        EndpointEvent e = recording.Next();
        Assert.Equal(("CreateRemoteThread", "b.exe"), (e.Api.Name.ToString(), e.TargetProcess!.Name.ToString()));
        Assert.Equal((9L, 0x13666BA0000L), (e.TargetThread.Id, e.TargetThread.StartAddress));
        Assert.Equal(expected, e.TargetThread.StartAddressModule.ToString());
    }

    [Fact]
    public void Actions_between_parent_and_child_are_told_apart()
    {
        using var recording = new SysmonRecording(
            """{"EventID":1,"ProcessGuid":"{2}","ParentProcessGuid":"{1}"}""",
            """{"EventID":8,"SourceProcessGuid":"{1}","TargetProcessGuid":"{2}"}""",
            """{"EventID":8,"SourceProcessGuid":"{2}","TargetProcessGuid":"{2}"}""");
        Assert.Equal("cross-process,parent-child", Joined(recording.After(1).Api.Behaviors));
        Assert.Equal("", Joined(recording.Next().Api.Behaviors));
    }

    [Theory]
    [InlineData(@"C:\\Users\\a.b\\file", @"C:\Users\a.b", "file", null)]
    [InlineData(@"C:\\x\\a.tar.GZ", @"C:\x", "a.tar.GZ", "GZ")]
    [InlineData(@"C:\\x\\a.exe:Zone.Identifier", @"C:\x", "a.exe:Zone.Identifier", "Identifier")]
    [InlineData(@"C:\\x\\dot.", @"C:\x", "dot.", null)]
    [InlineData("bare.txt", null, "bare.txt", "txt")]
    public void A_file_has_directory_name_and_extension(string path, string? directory, string name, string? extension)
    {
        using var recording = new SysmonRecording($$"""{"EventID":23,"TargetFilename":"{{path}}","Hashes":"MD5=AB"}""");
        FileDetails file = recording.Next().File;
        Assert.Equal(new Text(directory), file.Directory);
        Assert.Equal(new Text(name), file.Name);
        Assert.Equal(new Text(extension), file.Extension);
        Assert.Equal("ab", file.Hash.Md5.ToString());
    }

    [Theory]
    [InlineData(@"\\wkssvc", @"\wkssvc", @"\Device\NamedPipe\wkssvc")]
    [InlineData("<Anonymous Pipe>", null, null)]
    public void A_pipe_is_a_file_of_the_pipe_device(string pipe, string? name, string? path)
    {
        using var recording = new SysmonRecording($$"""{"EventID":17,"PipeName":"{{pipe}}"}""");
        FileDetails file = recording.Next().File;
        Assert.Equal(new Text(name), file.Name);
        Assert.Equal(new Text(path), file.Path);
    }

    [Fact]
    public void A_registry_value_has_path_and_data()
    {
        using var recording = new SysmonRecording(
            """{"EventID":13,"EventType":"SetValue","TargetObject":"HKU\\S-1-5-21-1-2-3-1001\\Software\\Run\\x","Details":"DWORD (0x0000000a)"}""",
            """{"EventID":13,"EventType":"SetValue","TargetObject":"HKLM\\a\\b","Details":"(Empty)"}""",
            """{"EventID":12,"EventType":"DeleteValue","TargetObject":"HKLM\\a\\b"}""",
            """{"EventID":12,"TargetObject":"HKLM\\a\\b"}""");
        RegistryInfo registry = recording.Next().Registry;
        Assert.Equal((@"HKEY_USERS\S-1-5-21-1-2-3-1001\Software\Run\x", "HKEY_USERS", @"S-1-5-21-1-2-3-1001\Software\Run", "x"),
            (registry.Path.ToString(), registry.Hive.ToString(), registry.Key.ToString(), registry.Value.ToString()));
        Assert.Equal(("10", "REG_DWORD"), (Joined(registry.Strings), registry.DataType.ToString()));
        Assert.Equal(0, recording.Next().Registry.Strings.Count);
        Assert.Equal("b", recording.Next().Registry.Value.ToString());
        Assert.True(recording.Next().Registry.Value.IsMissing);
    }

    [Theory]
    [InlineData(@"NT AUTHORITY\\SYSTEM", "S-1-5-18")]
    [InlineData(@"nt authority\\local service", "S-1-5-19")]
    [InlineData(@"NT AUTHORITY\\NETWORK SERVICE", "S-1-5-20")]
    [InlineData(@"CORP\\SYSTEM", "")]
    [InlineData("-", "")]
    public void Well_known_accounts_have_their_identifier(string user, string identifier)
    {
        using var recording = new SysmonRecording($$"""{"EventID":5,"ProcessGuid":"{1}","User":"{{user}}","UserID":"S-1-5-99"}""");
        Assert.Equal(identifier, recording.Next().User.Id.ToString());
    }

    [Fact]
    public void The_hive_a_users_process_touches_tells_the_users_identifier()
    {
        using var recording = new SysmonRecording(
            """{"EventID":12,"ProcessGuid":"{1}","TargetObject":"HKU\\S-1-5-21-9\\a"}""",
            """{"EventID":12,"ProcessGuid":"{2}","User":"NT AUTHORITY\\SYSTEM","TargetObject":"HKU\\S-1-5-21-9\\a"}""",
            """{"EventID":5,"ProcessGuid":"{3}","User":"CORP\\ann"}""",
            """{"EventID":12,"ProcessGuid":"{4}","User":"CORP\\ann","TargetObject":"HKU\\S-1-5-21-1-2-3-1001_Classes\\a"}""",
            """{"EventID":5,"ProcessGuid":"{3}"}""",
            """{"EventID":5,"ProcessGuid":"{5}","User":"corp\\Ann"}""");
        string[] identifiers = ["", "S-1-5-18", "", "S-1-5-21-1-2-3-1001", "S-1-5-21-1-2-3-1001", "S-1-5-21-1-2-3-1001"];
        foreach (string identifier in identifiers)
            Assert.Equal(identifier, recording.Next().User.Id.ToString());
    }

    [Fact]
    public void A_connection_has_its_ends()
    {
        using var recording = new SysmonRecording("""
            {"EventID":3,"Initiated":"true","Protocol":"tcp","SourceIsIpv6":"true","SourceIp":"0:0:0:0:0:0:0:1","SourcePort":"51442","DestinationIp":"fe80:0:0:0:1:0:0:2","DestinationPort":389,"DestinationHostname":"dc.example","SourceHostname":"-"}
            """);
        EndpointEvent e = recording.Next();
        Assert.Equal(("egress", "tcp", "ipv6"), (e.Network.Direction.ToString(), e.Network.Transport.ToString(), e.Network.Type.ToString()));
        Assert.Equal(("::1", 51442L), (e.Source.Ip.ToString(), e.Source.Port));
        Assert.Equal(("fe80::1:0:0:2", 389L, "dc.example"), (e.Destination.Ip.ToString(), e.Destination.Port, e.Destination.Domain.ToString()));
    }

    [Fact]
    public void A_name_lookup_has_question_and_addresses()
    {
        using var recording = new SysmonRecording("""{"EventID":22,"QueryName":"example.net","QueryStatus":"0","QueryResults":"type:  5 a.example;::ffff:192.0.2.1;"}""");
        DnsInfo dns = recording.Next().Dns;
        Assert.Equal(("example.net", 0L, "192.0.2.1"), (dns.QuestionName.ToString(), dns.Status, Joined(dns.ResolvedIp)));
    }

    [Fact]
    public void A_process_without_guid_is_known_for_its_event_only()
    {
        using var recording = new SysmonRecording(
            """{"EventID":22,"ProcessGuid":"{00000000-0000-0000-0000-000000000000}","ProcessId":"7","Image":"C:\\a.exe","User":"CORP\\ann"}""",
            """{"EventID":22,"ProcessId":"8","Image":"<unknown process>"}""",
            """{"EventID":22}""");
        ProcessInfo process = recording.Next().Process!;
        Assert.Equal(("a.exe", 7L, "ann"), (process.Name.ToString(), process.Pid, process.User.Name.ToString()));
        Assert.True(process.EntityId.IsMissing);
        process = recording.Next().Process!;
        Assert.Equal((true, 8L, true), (process.Name.IsMissing, process.Pid, process.User.Name.IsMissing));
        Assert.Null(recording.Next().Process);
    }

    [Fact]
    public void Nested_exports_give_the_same_event_as_flat_ones()
    {
        using var recording = new SysmonRecording(
            """{"@timestamp":"2024-01-02T03:04:05.678Z","host":{"name":"other"},"event":{"code":"1"},"winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","computer_name":"PC1","event_id":"11","event_data":{"UtcTime":"2024-01-02 03:04:05.678","ProcessGuid":"{1}","Image":"C:\\a.exe","TargetFilename":"C:\\b.txt"}}}""",
            """{"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon"}},"EventID":11,"Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"PC1"},"EventData":{"UtcTime":"2024-01-02 03:04:05.678","ProcessGuid":"{1}","Image":"C:\\a.exe","TargetFilename":"C:\\b.txt"}}}""");
        for (int i = 0; i < 2; i++)
        {
            EndpointEvent e = recording.Next();
            Assert.Equal("file creation creation", Classification(e));
            Assert.Equal(("PC1", "a.exe", "b.txt"), (e.Host.Name.ToString(), e.Process!.Name.ToString(), e.File.Name.ToString()));
        }
    }

    private static string Classification(EndpointEvent e) => $"{Joined(e.Event.Category)} {Joined(e.Event.Type)} {e.Event.Action}";

    private static string Joined(TextList texts) => string.Join(',', Enumerable.Range(0, texts.Count).Select(i => texts[i].ToString()));
}
