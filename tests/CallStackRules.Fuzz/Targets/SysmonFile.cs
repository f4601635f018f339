using System.Text;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Sysmon;

namespace CallStackRules.Fuzz.Targets;

/// <summary>Sysmon's events as JSON lines, in each of their shapes.</summary>
internal static class SysmonFile
{
    public static readonly FuzzTarget Target = new("sysmon", static () => [Encoding.UTF8.GetBytes(Flat), Encoding.UTF8.GetBytes(Nested)], Read) { Form = InputForm.Json };

    private const string Flat = """
        {"EventID":1,"SourceModuleType":"im_msvistalog","Hostname":"PC1.example","UtcTime":"2024-01-02 03:04:05.678","ProcessGuid":"{AAAA0001-0000-0000-0000-000000000001}","ProcessId":100,"Image":"C:\\Windows\\System32\\cmd.exe","OriginalFileName":"Cmd.Exe","CommandLine":"cmd /c &quot;whoami&quot;","CurrentDirectory":"C:\\","User":"PC1\\someone","LogonId":"0x3e7","IntegrityLevel":"High","Hashes":"SHA1=01,MD5=02,SHA256=03,IMPHASH=04","ParentProcessGuid":"{AAAA0001-0000-0000-0000-000000000002}","ParentProcessId":50,"ParentImage":"C:\\Windows\\explorer.exe","ParentCommandLine":"explorer"}
        {"EventID":7,"ProcessGuid":"{AAAA0001-0000-0000-0000-000000000001}","Image":"C:\\a.exe","ImageLoaded":"C:\\Lib\\B.dll","Hashes":"SHA256=AB","Signed":"true","Signature":"Acme","SignatureStatus":"Valid"}
        {"EventID":8,"SourceProcessGuid":"{AAAA0001-0000-0000-0000-000000000001}","TargetProcessGuid":"{AAAA0001-0000-0000-0000-000000000002}","TargetImage":"C:\\b.exe","NewThreadId":7,"StartAddress":"0x00007FF000000000","StartModule":"C:\\Windows\\System32\\kernel32.dll","StartFunction":"LoadLibraryW"}
        {"EventID":10,"SourceProcessGUID":"{AAAA0001-0000-0000-0000-000000000001}","SourceProcessId":"100","SourceThreadId":"104","SourceImage":"C:\\a.exe","TargetProcessGUID":"{AAAA0001-0000-0000-0000-000000000003}","TargetProcessId":"700","TargetImage":"C:\\Windows\\System32\\lsass.exe","GrantedAccess":"0x1FFFFF","CallTrace":"C:\\Windows\\SYSTEM32\\ntdll.dll+9d234|C:\\Windows\\System32\\KERNELBASE.dll+2c0fe|UNKNOWN(000001B90C7F31AA)|C:\\lib\\b.dll(wow64)+2"}
        {"EventID":11,"ProcessGuid":"{AAAA0001-0000-0000-0000-000000000001}","Image":"C:\\a.exe","TargetFilename":"C:\\Temp\\out.TXT","CreationUtcTime":"2024-01-02 03:04:05.678"}
        {"EventID":13,"EventType":"SetValue","ProcessGuid":"{AAAA0001-0000-0000-0000-000000000001}","Image":"C:\\a.exe","TargetObject":"HKU\\S-1-5-21-1-2-3-1001\\Software\\Run\\x","Details":"DWORD (0x00000001)"}
        {"EventID":14,"EventType":"RenameKey","TargetObject":"HKLM\\SOFTWARE\\a","NewName":"HKLM\\SOFTWARE\\b"}
        """;

    private const string Nested = """
        {"@timestamp":"2024-01-02T03:04:05.678Z","winlog":{"event_id":3,"computer_name":"PC1","channel":"Microsoft-Windows-Sysmon/Operational","provider_name":"Microsoft-Windows-Sysmon","event_data":{"ProcessGuid":"{AAAA0001-0000-0000-0000-000000000001}","Image":"C:\\a.exe","Protocol":"tcp","Initiated":"true","SourceIsIpv6":"false","SourceIp":"10.0.0.5","SourcePort":"50000","DestinationIsIpv6":"true","DestinationIp":"fe80:0:0:0:1:2:3:4","DestinationHostname":"example.net","DestinationPort":"443"}}}
        {"_source":{"winlog":{"event_id":22,"computer_name":"PC1","event_data":{"ProcessGuid":"{AAAA0001-0000-0000-0000-000000000001}","QueryName":"example.net","QueryStatus":"0","QueryResults":"type:  5 a.example.net;::ffff:93.184.216.34;2606:2800::1;"}}}}
        {"Event":{"System":{"EventID":23,"Computer":"PC1","Channel":"Microsoft-Windows-Sysmon/Operational"},"EventData":{"UtcTime":"2024-01-02 03:04:06.000","ProcessGuid":"{AAAA0001-0000-0000-0000-000000000001}","Image":"C:\\a.exe","TargetFilename":"C:\\Temp\\out.TXT","Hashes":"SHA256=AB","IsExecutable":"true"}}}
        {"Event":{"System":{"EventID":"6"},"EventData":{"ImageLoaded":"C:\\a.sys","Hashes":"SHA256=AB","Signed":"false","SignatureStatus":"Unavailable"}}}
        {"EventId":17,"PipeName":"\\pipe\\x","Image":"System"}
        {"EventId":15,"TargetFilename":"C:\\a.txt:Zone.Identifier","Contents":"[ZoneTransfer]"}
        {"EventID":5,"UtcTime":"2023-12-25 00:00:00.000","ProcessGuid":"{AAAA0001-0000-0000-0000-000000000001}","ProcessId":100,"Image":"C:\\x.exe"}
        """;

    private static void Read(byte[] input)
    {
        using var file = new InputFile(input);
        using var source = new SysmonSource([file.Path], new ProcessTable());
        EventUse.OfAll(source);
    }
}
