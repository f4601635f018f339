using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Etw.Files;
using CallStackRules.Capture.Tests.Etw.Writing;
using CallStackRules.Events;
using static CallStackRules.Capture.Tests.Etw.Writing.WrittenTrace;

namespace CallStackRules.Capture.Tests.Etw;

/// <summary>An act that both the kernel's class and the provider with a manifest tell of is one event, with what either knows.</summary>
public sealed class ToldTwiceTests
{
    private const long Second = EtlWriter.Frequency;
    private const string Volume = @"\Device\HarddiskVolume2";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_load_is_one_event_with_the_stack_whichever_comes_first(bool isClassicFirst)
    {
        List<string> events = Read(w =>
        {
            Creator(w);
            w.ProcessRundown(6, id: 70, parent: 10, Volume + @"\a\there.exe", elevation: 1, integrity: 0x2000);
            for (int i = 0; i < 3; i++)
            {
                long time = Second + (i * 1000);
                ulong place = Library + ((ulong)i * 0x10_0000);
                w.Image(time + (isClassicFirst ? 0 : 8), thread: 11, kind: 10, process: 10, place, 0x1_0000, $@"{Volume}\a\{i}.dll");
                w.ImageLoad(time + 4, process: 10, thread: 11, place, 0x1_0000, $@"{Volume}\a\{i}.dll", [SystemCalls + 0x14, Program + 0x30]);
            }
        }, static e => $"{e.Library.Name} {e.Library.LoadIndex} {e.Thread.CallStack.Summary}");

        Assert.Equal(["0.dll 1 ntdll.dll|app.exe", "1.dll 1 ntdll.dll|app.exe", "2.dll 1 ntdll.dll|app.exe"], events);
    }

    [Fact]
    public void The_stack_of_the_kernels_event_goes_over_to_the_other()
    {
        List<string> events = Read(w =>
        {
            Creator(w);
            for (int i = 0; i < 3; i++)
            {
                long time = Second + (i * 1000);
                w.Image(time, thread: 11, kind: 10, process: 10, Library + ((ulong)i * 0x10_0000), 0x1_0000, $@"{Volume}\a\{i}.dll", Kernel, SystemCalls + 0x14, Program + 0x30);
                w.ImageLoad(time + 1, process: 10, thread: 11, Library + ((ulong)i * 0x10_0000), 0x1_0000, $@"{Volume}\a\{i}.dll", []);
            }
        }, static e => $"{e.Library.Name} {e.Thread.CallStack.Summary}");

        Assert.Equal(["0.dll ntdll.dll|app.exe", "1.dll ntdll.dll|app.exe", "2.dll ntdll.dll|app.exe"], events);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_registry_value_has_the_path_of_the_one_and_the_data_of_the_other(bool isClassicFirst)
    {
        List<string> events = Read(w =>
        {
            Creator(w);
            w.Registry(6, process: 10, thread: 11, kind: 24, key: 0xabc0, @"\REGISTRY\MACHINE\SOFTWARE\X");
            for (int i = 0; i < 3; i++)
            {
                long time = Second + (i * 1000);
                w.Registry(time + (isClassicFirst ? 0 : 8), process: 10, thread: 11, kind: 14, key: 0xabc0, $"Value{i}", status: 0, Kernel, SystemCalls + 0x14, Nowhere);
                w.ValueSet(time + 4, process: 10, thread: 11, key: 0xB1, $"Value{i}", type: 4, [(byte)i, 0, 0, 0]);
            }
        }, static e => $"{e.Event.Action} {e.Registry.Path} {e.Registry.DataType} {(e.Registry.Strings.Count > 0 ? e.Registry.Strings[0] : "")} {e.Thread.CallStack.Summary}");

        // Of the first, the other provider is not known to tell, too.
        Assert.Equal(3, events.Count);
        Assert.Equal(
            [
                @"modification HKLM\SOFTWARE\X\Value1 REG_DWORD 1 ntdll.dll|Unbacked",
                @"modification HKLM\SOFTWARE\X\Value2 REG_DWORD 2 ntdll.dll|Unbacked",
            ],
            events[1..]);
    }

    [Fact]
    public void A_key_that_was_only_opened_is_not_made()
    {
        List<string> events = Read(w =>
        {
            Creator(w);
            w.Registry(6, process: 10, thread: 11, kind: 24, key: 0xabc0, @"\REGISTRY\MACHINE\SOFTWARE\X");
            for (int i = 0; i < 3; i++)
            {
                long time = Second + (i * 1000);
                w.KeyOpen(time, process: 10, thread: 11, id: 1, above: 0xB0, key: 0xB1 + (ulong)i, $"Key{i}", disposition: i == 1 ? 2 : 1);
                w.Registry(time + 2, process: 10, thread: 11, kind: 10, key: 0xabc0, $"Key{i}");
            }
        }, static e => $"{e.Event.Action} {e.Registry.Path}");

        Assert.Equal(2, events.Count);
        Assert.Equal(@"creation HKLM\SOFTWARE\X\Key2", events[^1]);
    }

    [Fact]
    public void Files_are_told_once_with_what_was_done_to_them()
    {
        List<string> events = Read(w =>
        {
            Creator(w);
            for (int i = 0; i < 3; i++)
            {
                long time = Second + (i * 1000);
                string path = $@"{Volume}\a\{i}.txt";
                ulong file = 0xF0 + (ulong)i;
                w.FileCreate(time, process: 10, thread: 11, file, path, options: 0x0200_0020);
                w.ManifestFileCreate(time + 1, process: 10, thread: 11, id: 12, file, path, 0x0200_0020, SystemCalls, Program);
                w.ManifestFileCreate(time + 2, process: 10, thread: 11, id: 30, file, path, 0x0200_0020, SystemCalls, Program);
                w.FileInformation(time + 10, process: 10, thread: 11, kind: 70, file, key: 0xA1, information: 13);
                w.ManifestFileInformation(time + 11, process: 10, thread: 11, id: 18, file, information: 13, path: null, SystemCalls, Program);
                w.FilePath(time + 12, process: 10, thread: 11, kind: 79, file, key: 0xA1, information: 13, path);
                w.ManifestFileInformation(time + 13, process: 10, thread: 11, id: 26, file, information: 13, path, SystemCalls, Program);
            }
        }, static e => $"{e.Event.Action} {e.File.Name} {e.Thread.CallStack.Summary}");

        Assert.Equal(["open 2.txt ntdll.dll|app.exe", "creation 2.txt ntdll.dll|app.exe", "deletion 2.txt ntdll.dll|app.exe"], events[^3..]);
        Assert.Equal(3, events.Count(static line => line.StartsWith("deletion", StringComparison.Ordinal)));
    }

    [Fact]
    public void Connections_and_threads_are_told_once()
    {
        byte[] remote = [127, 0, 0, 1];
        byte[] own = [127, 0, 0, 2];
        List<string> events = Read(w =>
        {
            Creator(w);
            w.Process(6, by: 0, thread: 0, kind: 3, id: 30, parent: 1, "other.exe", "other.exe");
            w.Thread(7, by: 0, thread: 0, kind: 3, process: 30, id: 31, Program);
            for (int i = 0; i < 3; i++)
            {
                long time = Second + (i * 1000);
                w.Connection(time, kind: 12, process: 10, remote: 0x0100_007f, remotePort: 443 + i, local: 0x0200_007f, localPort: 50000);
                w.ManifestConnection(time + 1, id: 12, process: 10, remote, 443 + i, own, 50000);
                w.Thread(time + 2, by: 10, thread: 11, kind: 1, process: 30, id: 40 + (4 * i), Program + 0x10, Kernel, SystemCalls + 0x14);
                w.ManifestThread(time + 3, by: 10, thread: 11, process: 30, id: 40 + (4 * i), Program + 0x10, SystemCalls + 0x14);
            }
        }, static e => e.Api.Name.IsMissing ? $"{e.Event.Action} {e.Destination.Port}" : $"{e.Api.Name} {e.TargetThread.Id}");

        Assert.Equal(
            ["connection_attempted 443", "CreateRemoteThread 40", "connection_attempted 444", "CreateRemoteThread 44", "connection_attempted 445", "CreateRemoteThread 48"],
            events.Distinct());
        Assert.Equal(6, events.Count);
    }

    [Fact]
    public void What_only_one_of_two_tells_is_an_event_all_the_same()
    {
        List<string> events = Read(w =>
        {
            Creator(w);
            w.ProcessRundown(6, id: 70, parent: 10, Volume + @"\a\there.exe", elevation: 1, integrity: 0x2000);
            w.Image(Second, thread: 11, kind: 10, process: 10, Library, 0x1_0000, Volume + @"\a\classic.dll");
            w.ImageLoad(2 * Second, process: 10, thread: 11, Library + 0x10_0000, 0x1_0000, Volume + @"\a\manifest.dll", [SystemCalls + 0x14]);
        }, static e => e.Library.Name.ToString());

        Assert.Equal(["classic.dll", "manifest.dll"], events);
    }

    [Fact]
    public void Acts_that_are_told_twice_are_counted()
    {
        using var folder = new TemporaryFolder();
        var writer = new EtlWriter();
        var w = new WindowsEvents(writer);
        Creator(w);
        w.ProcessRundown(6, id: 70, parent: 10, Volume + @"\a\there.exe", elevation: 1, integrity: 0x2000);
        w.ProcessStart(Second, by: 10, thread: 11, id: 20, Volume + @"\a\b.exe", [SystemCalls]);
        w.Process(Second + 1, by: 10, thread: 11, kind: 1, id: 20, parent: 10, "b.exe", "b.exe");
        using var source = new EtwFileSource([writer.Save(folder.Path)], new ProcessTable());
        var e = new EndpointEvent();
        while (source.TryRead(e))
        {
        }

        Assert.Equal(1, source.Statistics.Unused["act that another provider tells of, too"]);
    }
}
