using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Sysmon;

public class SysmonAllocationTests
{
    [Fact]
    public void Reading_known_processes_and_modules_allocates_nothing()
    {
        string[] lines =
        [
            """{"EventID":1,"UtcTime":"2024-01-02 03:04:05.678","Hostname":"PC","ProcessGuid":"{1}","Image":"C:\\a.exe","CommandLine":"a b","User":"CORP\\ann","Hashes":"SHA256=AB","ParentProcessGuid":"{0}","ParentImage":"C:\\p.exe"}""",
            """{"EventID":2,"UtcTime":"2024-01-02 03:04:05.678","Hostname":"PC","ProcessGuid":"{1}","TargetFilename":"C:\\a\\b.txt"}""",
            """{"EventID":3,"UtcTime":"2024-01-02 03:04:05.678","Hostname":"PC","ProcessGuid":"{1}","Initiated":"true","SourceIp":"0:0:0:0:0:0:0:1","DestinationIp":"192.0.2.1","SourcePort":"1"}""",
            """{"EventID":6,"UtcTime":"2024-01-02 03:04:05.678","Hostname":"PC","ImageLoaded":"C:\\d.sys","Hashes":"SHA256=CD","Signed":"true","Signature":"Acme","SignatureStatus":"Valid"}""",
            """{"EventID":7,"UtcTime":"2024-01-02 03:04:05.678","Hostname":"PC","ProcessGuid":"{1}","ImageLoaded":"C:\\a.exe","Hashes":"SHA256=AB,IMPHASH=01","Signed":"true","Signature":"Acme","SignatureStatus":"Valid"}""",
            """{"EventID":8,"UtcTime":"2024-01-02 03:04:05.678","Hostname":"PC","SourceProcessGuid":"{1}","TargetProcessGuid":"{2}","StartAddress":"0x10","StartModule":"-"}""",
            """{"EventID":10,"UtcTime":"2024-01-02 03:04:05.678","Hostname":"PC","SourceProcessGUID":"{1}","TargetProcessGUID":"{2}","GrantedAccess":"0x1fffff","CallTrace":"C:\\Windows\\System32\\ntdll.dll+1|C:\\x\\clr.dll+2|UNKNOWN(0000000000001000)|?"}""",
            """{"EventID":11,"UtcTime":"2024-01-02 03:04:05.678","Hostname":"PC","ProcessGuid":"{1}","TargetFilename":"C:\\\u00e9\\b.txt","SourceModuleType":"im_msvistalog"}""",
            """{"EventID":12,"UtcTime":"2024-01-02 03:04:05.678","Hostname":"PC","ProcessGuid":"{1}","EventType":"CreateKey","TargetObject":"HKU\\S-1-5-21-1\\a"}""",
            """{"EventID":13,"UtcTime":"2024-01-02 03:04:05.678","Hostname":"PC","ProcessGuid":"{1}","TargetObject":"HKLM\\a\\b","Details":"QWORD (0x00000001-0x00000002)"}""",
            """{"EventID":17,"UtcTime":"2024-01-02 03:04:05.678","Hostname":"PC","ProcessGuid":"{1}","PipeName":"\\p"}""",
            """{"EventID":22,"UtcTime":"2024-01-02 03:04:05.678","Hostname":"PC","ProcessGuid":"{00000000-0000-0000-0000-000000000000}","ProcessId":"5","User":"CORP\\ann","QueryName":"a","QueryResults":"::ffff:192.0.2.1;"}""",
            """{"EventID":9,"UtcTime":"2024-01-02 03:04:05.678","Hostname":"PC","ProcessGuid":"{1}"}""",
            """{"EventID":23,"UtcTime":"2024-01-02 03:04:05.678","Hostname":"PC","ProcessGuid":"{1}","TargetFilename":"C:\\a","Hashes":"MD5=AB"}""",
            """{"EventID":5,"UtcTime":"2024-01-02 03:04:05.678","Hostname":"PC","ProcessGuid":"{1}","ProcessId":"100"}""",
        ];
        const int passes = 200;
        using var recording = new SysmonRecording([.. Enumerable.Repeat(lines, passes).SelectMany(line => line)]);
        EndpointEvent e = recording.Event;
        int eventsOfPass = lines.Length - 1;
        for (int i = 0; i < eventsOfPass * passes / 2; i++)
            recording.Source.TryRead(e);

        int read = 0;
        long allocated = Allocations.Of(() =>
        {
            for (int i = 0; i < eventsOfPass * passes / 10; i++)
            {
                recording.Source.TryRead(e);
                _ = e.Thread.CallStackSummary;
                read++;
            }
        });

        Assert.Equal(eventsOfPass * passes / 2, read);
        Assert.False(recording.Source.TryRead(e));
        Assert.Equal(0, allocated);
    }
}
