using static CallStackRules.Capture.Tests.Etw.Writing.WrittenTrace;

namespace CallStackRules.Capture.Tests.Etw;

/// <summary>What becomes of events about processes, files, keys and connections, classic ones and those of manifests.</summary>
public sealed class EtwEventsTests
{
    [Fact]
    public void A_process_has_the_elevation_integrity_and_exit_code_that_the_manifest_tells()
    {
        List<string> events = Read(w =>
        {
            Creator(w);
            w.ProcessStartWithToken(100, by: 10, thread: 11, id: 20, @"\Device\HarddiskVolume2\a\b.exe", elevation: 2, integrity: 0x3000, SystemCalls);
            w.ProcessEnd(200, id: 20, exitCode: -1073741510, "b.exe");
        }, e => $"{e.Event.Action} {e.Process!.Executable} {e.Process.Token.IntegrityLevelName} {e.Process.Token.ElevationLevel} {e.Process.Token.Elevation} {e.Process.ExitCode}");

        Assert.Equal([@"start C:\a\b.exe high full True ", @"end C:\a\b.exe high full True -1073741510"], events);
    }

    [Fact]
    public void A_start_that_two_providers_tell_is_one_event_with_the_stack_of_one_and_the_command_line_of_the_other()
    {
        List<string> events = Read(w =>
        {
            Creator(w);
            w.ProcessStart(100, by: 10, thread: 11, id: 20, @"\Device\HarddiskVolume2\a\b.exe", [SystemCalls, Nowhere]);
            w.ProcessStart(110, by: 10, thread: 11, id: 21, @"\Device\HarddiskVolume2\a\alone.exe", [SystemCalls, Nowhere]);
            w.Process(120, by: 10, thread: 11, kind: 1, id: 20, parent: 10, "b.exe", "b.exe -y");
            w.Thread(40_000_000, by: 10, thread: 11, kind: 1, process: 10, id: 13, start: Program);
        }, e => $"{e.Process!.Executable} {e.Process.CommandLine} by {e.Process.Parent!.Name}: {e.ParentThread.CallStack.Summary}");

        Assert.Equal([@"C:\a\alone.exe  by app.exe: ntdll.dll|Unbacked", @"C:\a\b.exe b.exe -y by app.exe: ntdll.dll|Unbacked"], events.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(@"\Device\HarddiskVolume2\a\x.dll", @"C:\a\x.dll")]
    [InlineData(@"\SystemRoot\System32\x.dll", @"C:\Windows\System32\x.dll")]
    [InlineData(@"\Windows\System32\x.dll", @"C:\Windows\System32\x.dll")]
    [InlineData(@"\Windows.old\x.dll", @"\Windows.old\x.dll")]
    [InlineData(@"\??\D:\x.dll", @"D:\x.dll")]
    [InlineData(@"\Device\HarddiskVolume9\x.dll", @"\Device\HarddiskVolume9\x.dll")]
    [InlineData(@"\Device\Mup\server\share\x.dll", @"\Device\Mup\server\share\x.dll")]
    [InlineData(@"\Device\Mup\DfsClient\;Z:0000000000020d40\server\share\x.dll", @"\Device\Mup\server\share\x.dll")]
    [InlineData(@"\Device\LanmanRedirector\;Z:0000000000020d40\server\share\x.dll", @"\Device\Mup\server\share\x.dll")]
    [InlineData(@"\??\UNC\server\share\x.dll", @"\Device\Mup\server\share\x.dll")]
    public void A_path_is_what_programs_call_it(string kernel, string expected)
    {
        List<string> events = Read(w =>
        {
            Creator(w);
            w.Image(100, thread: 11, kind: 10, process: 10, Library, 0x1_0000, kernel);
        }, e => e.Library.Path.ToString());

        Assert.Equal([expected], events);
    }

    [Fact]
    public void A_program_of_32_bits_has_the_frames_of_both_worlds()
    {
        const ulong wow64 = 0x7ffa_0000_0000;
        const ulong its = 0x7700_0000;
        List<string> events = Read(w =>
        {
            w.Process(6, by: 0, thread: 0, kind: 3, id: 50, parent: 1, "old.exe", "old.exe");
            w.Image(7, thread: 0, kind: 3, process: 50, 0x40_0000, 0x1_0000, @"\Device\HarddiskVolume2\a\old.exe");
            w.Image(8, thread: 0, kind: 3, process: 50, SystemCalls, 0x10_0000, @"\SystemRoot\System32\ntdll.dll");
            w.Image(9, thread: 0, kind: 3, process: 50, wow64, 0x10_0000, @"\SystemRoot\System32\wow64.dll");
            w.Image(10, thread: 0, kind: 3, process: 50, its, 0x10_0000, @"\SystemRoot\SysWOW64\ntdll.dll");
            Creator(w);
            w.OpenProcess(100, process: 50, thread: 51, target: 10, access: 0x1010, result: 0, SystemCalls, wow64 + 8, its + 8, 0x40_0010, its + 0x20);
        }, e => $"{e.Thread.CallStack.Summary}: {e.Thread.CallStack[2].ModulePath} {e.Api.Behaviors[1]} {e.Api.Behaviors.Count}");

        Assert.Equal([@"ntdll.dll|wow64.dll|ntdll.dll|old.exe|ntdll.dll: c:\windows\syswow64\ntdll.dll native_api 2"], events);
    }

    [Fact]
    public void A_driver_is_an_image_of_the_kernel()
    {
        List<string> events = Read(w =>
        {
            Creator(w);
            w.Image(100, thread: 11, kind: 10, process: 0, Kernel + 0x100_0000, 0x1_0000, @"\SystemRoot\System32\drivers\x.sys");
        }, e => $"{e.Event.Category[0]} {e.Library.Path}");

        Assert.Equal([@"driver C:\Windows\System32\drivers\x.sys"], events);
    }

    [Fact]
    public void Classic_file_events_say_what_was_asked_for_and_have_their_paths()
    {
        List<string> events = Read(w =>
        {
            Creator(w);
            w.FileCreate(10, process: 10, thread: 11, file: 0xF1, @"\Device\HarddiskVolume2\a\new.txt", options: 0x0200_0020, Kernel, SystemCalls, Nowhere);
            w.FileCreate(20, process: 10, thread: 11, file: 0xF2, @"\Device\HarddiskVolume2\a\old.txt", options: 0x0500_0020, Kernel, SystemCalls, Program);
            w.FileCreate(30, process: 10, thread: 11, file: 0xF3, @"\Device\HarddiskVolume2\a", options: 0x0100_0021, Kernel, SystemCalls, Program);
            w.FileWrite(40, process: 10, thread: 11, file: 0xF1, key: 0xA1, bytes: 512, Kernel, SystemCalls, Program);
            w.FileName(50, kind: 36, file: 0xA4, @"\Device\HarddiskVolume2\a\listed.txt");
            w.FileWrite(60, process: 10, thread: 11, file: 0xF9, key: 0xA4, bytes: 512, Kernel, SystemCalls, Program);
            w.FileWrite(70, process: 10, thread: 11, file: 0xF8, key: 0xA8, bytes: 512, Kernel, SystemCalls, Program);
            w.FileInformation(80, process: 10, thread: 11, kind: 71, file: 0xF1, key: 0xA1, information: 10, Kernel, SystemCalls, Program);
            w.FilePath(90, process: 10, thread: 11, kind: 80, file: 0xF1, key: 0xA1, information: 10, @"\Device\HarddiskVolume2\a\renamed.exe", Kernel, SystemCalls, Program);
            w.FileInformation(100, process: 10, thread: 11, kind: 70, file: 0xF2, key: 0xA2, information: 13, Kernel, SystemCalls, Nowhere);
            w.FilePath(110, process: 10, thread: 11, kind: 79, file: 0xF2, key: 0xA2, information: 13, @"\Device\HarddiskVolume2\a\old.txt", Kernel, SystemCalls, Program);
        }, e => $"{e.Event.Action} {e.Event.Outcome} {e.File.Type} {e.File.Path} {e.File.OriginalPath} {e.Thread.CallStack.Summary}");

        Assert.Equal(
            [
                @"creation   C:\a\new.txt  ntdll.dll|Unbacked",
                @"overwrite   C:\a\old.txt  ntdll.dll|app.exe",
                @"open  dir C:\a  ntdll.dll|app.exe",
                @"modification success  C:\a\new.txt  ntdll.dll|app.exe",
                @"modification success  C:\a\listed.txt  ntdll.dll|app.exe",
                @"rename success  C:\a\renamed.exe C:\a\new.txt ntdll.dll|app.exe",
                @"deletion success  C:\a\old.txt  ntdll.dll|Unbacked",
            ],
            events);
    }

    [Fact]
    public void File_events_of_the_manifest_have_the_same_fields()
    {
        List<string> events = Read(w =>
        {
            Creator(w);
            w.ManifestFileCreate(10, process: 10, thread: 11, id: 12, file: 0xF1, @"\Device\HarddiskVolume2\a\new.txt", 0x0200_0020, SystemCalls, Nowhere);
            w.ManifestFileCreate(11, process: 10, thread: 11, id: 30, file: 0xF1, @"\Device\HarddiskVolume2\a\new.txt", 0x0200_0020, SystemCalls, Nowhere);
            w.ManifestFileInformation(20, process: 10, thread: 11, id: 19, file: 0xF1, information: 10, path: null, SystemCalls);
            w.ManifestFileInformation(21, process: 10, thread: 11, id: 27, file: 0xF1, information: 10, @"\Device\HarddiskVolume2\a\renamed.exe", SystemCalls);
            w.ManifestFileInformation(30, process: 10, thread: 11, id: 26, file: 0xF1, information: 13, @"\Device\HarddiskVolume2\a\renamed.exe", SystemCalls);
        }, e => $"{e.Event.Action} {e.File.Path} {e.File.OriginalName} {e.Thread.CallStack.Summary}");

        Assert.Equal(
            [
                @"open C:\a\new.txt  ntdll.dll|Unbacked",
                @"creation C:\a\new.txt  ntdll.dll|Unbacked",
                @"rename C:\a\renamed.exe new.txt ntdll.dll",
                @"deletion C:\a\renamed.exe  ntdll.dll",
            ],
            events);
    }

    [Fact]
    public void Registry_events_of_the_manifest_have_paths_by_open_keys_and_data()
    {
        List<string> events = Read(w =>
        {
            Creator(w);
            w.KeyOpen(10, process: 10, thread: 11, id: 2, above: 0, key: 0xB1, @"\REGISTRY\USER\S-1-5-21-1-2-3-1001\Software");
            w.KeyOpen(20, process: 10, thread: 11, id: 1, above: 0xB1, key: 0xB2, @"Microsoft\Run", disposition: 1, SystemCalls, Nowhere);
            w.ValueSet(30, process: 10, thread: 11, key: 0xB2, "Updater", type: 1, "c\0:\0\0\0"u8.ToArray(), SystemCalls, Nowhere);
            w.ValueSet(40, process: 10, thread: 11, key: 0xB2, "", type: 4, [5, 0, 0, 0], SystemCalls, Program);
            w.Key(50, process: 10, thread: 11, id: 3, key: 0xB2, SystemCalls);
            w.Key(60, process: 10, thread: 11, id: 13, key: 0xB2);
            w.ValueSet(70, process: 10, thread: 11, key: 0xB2, "Late", type: 4, [5, 0, 0, 0], SystemCalls, Program);
        }, e => $"{e.Event.Action} {e.Registry.Path} {e.Registry.DataType} {(e.Registry.Strings.Count > 0 ? e.Registry.Strings[0] : "")} {e.Thread.CallStack.Summary}");

        Assert.Equal(
            [
                @"creation HKEY_USERS\S-1-5-21-1-2-3-1001\Software\Microsoft\Run   ntdll.dll|Unbacked",
                @"modification HKEY_USERS\S-1-5-21-1-2-3-1001\Software\Microsoft\Run\Updater REG_SZ c: ntdll.dll|Unbacked",
                @"modification HKEY_USERS\S-1-5-21-1-2-3-1001\Software\Microsoft\Run\(Default) REG_DWORD 5 ntdll.dll|app.exe",
                @"deletion HKEY_USERS\S-1-5-21-1-2-3-1001\Software\Microsoft\Run   ntdll.dll",
                @"modification Late REG_DWORD 5 ntdll.dll|app.exe",
            ],
            events);
    }

    [Fact]
    public void The_first_datagram_of_an_exchange_is_told_and_again_after_a_minute_of_silence()
    {
        byte[] remote = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        byte[] own = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];
        List<string> events = Read(w =>
        {
            Creator(w);
            w.Datagram(10, kind: 10, process: 10, to: 0x0100_007f, toPort: 53, from: 0x0200_007f, fromPort: 50000);
            w.Datagram(20, kind: 11, process: 10, to: 0x0200_007f, toPort: 50000, from: 0x0100_007f, fromPort: 53);
            w.Datagram(30, kind: 10, process: 10, to: 0x0100_007f, toPort: 53, from: 0x0200_007f, fromPort: 50000);
            w.Datagram(40, kind: 10, process: 10, to: 0x0100_007f, toPort: 54, from: 0x0200_007f, fromPort: 50000);
            w.ManifestDatagram(50, id: 59, process: 10, own, 5353, remote, 60000);
            w.ManifestDatagram(60, id: 58, process: 10, remote, 60000, own, 5353);
            w.Datagram(70 * 10_000_000L, kind: 10, process: 10, to: 0x0100_007f, toPort: 53, from: 0x0200_007f, fromPort: 50000);
        }, e => $"{e.Event.Action} {e.Network.Transport} {e.Network.Type} {e.Network.Direction} {e.Process!.Name} {e.Source.Ip}:{e.Source.Port} {e.Destination.Ip}:{e.Destination.Port}");

        Assert.Equal(
            [
                "connection_attempted udp ipv4 egress app.exe 127.0.0.2:50000 127.0.0.1:53",
                "connection_attempted udp ipv4 egress app.exe 127.0.0.2:50000 127.0.0.1:54",
                "connection_accepted udp ipv6 ingress app.exe 2001:db8::1:60000 2001:db8::2:5353",
                "connection_attempted udp ipv4 egress app.exe 127.0.0.2:50000 127.0.0.1:53",
            ],
            events);
    }

    [Fact]
    public void Connections_of_the_manifest_have_their_ends_and_are_closed()
    {
        byte[] remote = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        byte[] own = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];
        List<string> events = Read(w =>
        {
            Creator(w);
            w.ManifestConnection(10, id: 28, process: 10, remote, 443, own, 50000);
            w.ManifestConnection(20, id: 31, process: 10, remote, 50001, own, 80);
            w.ManifestConnection(30, id: 29, process: 10, remote, 443, own, 50000);
            w.Connection(40, kind: 13, process: 10, remote: 0x0100_007f, remotePort: 443, local: 0x0200_007f, localPort: 50000);
        }, e => $"{e.Event.Action} {e.Network.Direction} {e.Process!.Name} {e.Source.Ip}:{e.Source.Port} {e.Destination.Ip}:{e.Destination.Port}");

        Assert.Equal(
            [
                "connection_attempted egress app.exe 2001:db8::2:50000 2001:db8::1:443",
                "connection_accepted ingress app.exe 2001:db8::1:50001 2001:db8::2:80",
                "disconnect_received  app.exe 2001:db8::2:50000 2001:db8::1:443",
                "disconnect_received  app.exe 127.0.0.2:50000 127.0.0.1:443",
            ],
            events);
    }
}
