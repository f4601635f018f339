using CallStackRules.CallStacks;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Etw.Files;
using CallStackRules.Events;
using static CallStackRules.Capture.Tests.Etw.Writing.WrittenTrace;

namespace CallStackRules.Capture.Tests.Etw;

/// <summary>From a trace to events with processes, modules and call stacks.</summary>
public sealed class EtwFileSourceTests
{
    [SkippableFact]
    public void Image_loads_and_opened_files_of_a_recorded_trace_carry_their_stacks()
    {
        string trace = EtlSamples.Program;
        var table = new ProcessTable();
        using var source = new EtwFileSource([trace], table);
        var e = new EndpointEvent();
        var counts = new Dictionary<string, (int Events, int WithStack)>(StringComparer.Ordinal);
        int unknown = 0;
        while (source.TryRead(e))
        {
            string action = e.Event.Action.ToString();
            CallStack stack = action == "start" ? e.ParentThread.CallStack : e.Thread.CallStack;
            (int events, int withStack) = counts.GetValueOrDefault(action);
            counts[action] = (events + 1, withStack + (stack.Count > 0 ? 1 : 0));
            for (int i = 0; i < stack.Count; i++)
                unknown += stack[i].Module == ModuleInfo.Unknown ? 1 : 0;
        }

        Assert.Equal((35, 35), counts["load"]);
        Assert.Equal((561, 561), counts["open"]);
        Assert.Equal((1, 1), counts["overwrite"]);
        Assert.Equal((1, 1), counts["start"]);
        Assert.Equal((1, 0), counts["end"]);
        // The first image of the new process: what asks for it is ntdll.dll, which is told of next.
        Assert.Equal(1, unknown);
        Assert.Equal(179_474, source.Statistics.Events);
        Assert.Equal(0, source.Capture.BadRecords);
        Assert.Empty(source.Statistics.FieldProblems);
    }

    [Fact]
    public void A_process_has_its_creators_stack_and_its_parent()
    {
        List<string> events = Read(w =>
        {
            Creator(w);
            w.ProcessStart(100, by: 10, thread: 11, id: 20, @"\Device\HarddiskVolume2\Windows\System32\cmd.exe", [Kernel, SystemCalls + 0x14, Nowhere, Program + 0x30]);
            w.Process(200, by: 10, thread: 11, kind: 2, id: 20, parent: 10, "cmd.exe", "cmd.exe /c x");
        }, e => $"{e.Event.Action} {e.Process!.Executable} by {e.Process.Parent?.Executable}: {e.ParentThread.CallStack.Summary}");

        Assert.Equal([@"start C:\Windows\System32\cmd.exe by C:\a\app.exe: ntdll.dll|Unbacked|app.exe", @"end C:\Windows\System32\cmd.exe by C:\a\app.exe: "], events);
    }

    [Fact]
    public void A_parent_that_is_not_the_creator_is_told_for_that_process_alone()
    {
        List<string> events = Read(w =>
        {
            Creator(w);
            w.Process(50, by: 0, thread: 0, kind: 3, id: 12, parent: 1, "broker.exe", "broker.exe");
            w.ProcessStart(100, by: 12, thread: 13, id: 20, @"C:\a\first.exe", [SystemCalls], parent: 10);
            w.ProcessStart(200, by: 10, thread: 11, id: 21, @"C:\a\second.exe", [SystemCalls], parent: 10);
        }, e => $"{e.Process!.Name} {e.Process.Parent?.Pid} {e.Process.Parent?.Real.Pid}");

        Assert.Equal(["first.exe 10 12", "second.exe 10 "], events);
    }

    [Fact]
    public void Both_halves_of_a_classic_stack_come_to_their_event()
    {
        List<string> events = Read(w =>
        {
            Creator(w);
            w.Image(100, thread: 11, kind: 10, process: 10, Library, 0x1_0000, @"\Device\HarddiskVolume2\a\b.dll", Kernel, Kernel + 8, SystemCalls + 0x14, Program + 0x30);
            w.Image(200, thread: 11, kind: 10, process: 10, Library + 0x10_0000, 0x1_0000, @"\Device\HarddiskVolume2\a\c.dll", Kernel, SystemCalls + 0x14, Library + 0x30);
        }, e => $"{e.Library.Path}: {e.Thread.CallStack.Summary}");

        Assert.Equal([@"C:\a\b.dll: ntdll.dll|app.exe", @"C:\a\c.dll: ntdll.dll|b.dll"], events);
    }

    [Fact]
    public void Events_keep_their_order_while_one_waits_for_a_stack_that_comes_too_late()
    {
        List<string> events = Read(w =>
        {
            Creator(w);
            w.Image(100, thread: 11, kind: 10, process: 10, Library, 0x1_0000, @"\Device\HarddiskVolume2\a\late.dll");
            w.OpenProcess(101, process: 10, thread: 12, target: 10, access: 0x1F_FFFF, result: 0, SystemCalls + 0x14, Nowhere);
            w.Thread(40_000_000, by: 10, thread: 12, kind: 1, process: 10, id: 13, start: Program);
            w.Stack(50_000_000, of: 100, process: 10, thread: 11, Kernel, SystemCalls);
        }, e => $"{e.Library.Name}{e.Api.Name}: {e.Thread.CallStack.Summary}");

        Assert.Equal(["late.dll: ", "OpenProcess: ntdll.dll|Unbacked"], events);
    }

    [Fact]
    public void An_address_belongs_to_the_image_that_was_there_when_it_happened()
    {
        List<string> events = Read(w =>
        {
            Creator(w);
            w.Image(100, thread: 11, kind: 10, process: 10, Library, 0x1_0000, @"\Device\HarddiskVolume2\a\first.dll", Kernel, SystemCalls);
            w.OpenProcess(110, process: 10, thread: 11, target: 4, access: 1, result: 0, SystemCalls, Library + 0x10);
            w.Image(120, thread: 11, kind: 2, process: 10, Library, 0x1_0000, @"\Device\HarddiskVolume2\a\first.dll");
            w.OpenProcess(130, process: 10, thread: 11, target: 4, access: 1, result: 0, SystemCalls, Library + 0x10);
            w.Image(140, thread: 11, kind: 10, process: 10, Library, 0x1_0000, @"\Device\HarddiskVolume2\a\second.dll", Kernel, SystemCalls);
            w.OpenProcess(150, process: 10, thread: 11, target: 4, access: 1, result: 0, SystemCalls, Library + 0x10);
        }, e => e.Thread.CallStack.Summary.ToString());

        Assert.Equal(["ntdll.dll", "ntdll.dll|first.dll", "ntdll.dll|Unbacked", "ntdll.dll", "ntdll.dll|second.dll"], events);
    }

    [Fact]
    public void Of_a_process_whose_images_were_not_all_told_nothing_is_called_unbacked()
    {
        List<string> events = Read(
            w => w.OpenProcess(100, process: 30, thread: 31, target: 4, access: 1, result: 0, SystemCalls, Nowhere), e => e.Thread.CallStack.Summary.ToString());

        Assert.Equal(["Unknown"], events);
    }

    [Fact]
    public void While_the_images_of_a_process_are_still_being_listed_nothing_is_called_unbacked()
    {
        List<string> events = Read(w =>
        {
            List(w);
            w.OpenProcess(5, process: 10, thread: 11, target: 4, access: 1, result: 0, SystemCalls, Library + 0x10);
            w.Image(6, thread: 0, kind: 3, process: 10, Library, 0x1_0000, @"\Device\HarddiskVolume2\a\b.dll");
            w.OpenProcess(20_000_000, process: 10, thread: 11, target: 4, access: 1, result: 0, SystemCalls, Library + 0x10);
            w.OpenProcess(20_000_001, process: 10, thread: 11, target: 4, access: 1, result: 0xC000_0022, SystemCalls, Nowhere);
        }, e => $"{e.Event.Outcome}: {e.Thread.CallStack.Summary}");

        Assert.Equal(["success: ntdll.dll|Unknown", "success: ntdll.dll|b.dll", "failure: ntdll.dll|Unbacked"], events);
    }

    [Fact]
    public void A_program_of_32_bits_may_have_code_above_two_gigabytes()
    {
        const ulong high = 0x9000_0000;
        List<string> events = Read(w =>
        {
            Creator(w);
            w.Image(5, thread: 0, kind: 3, process: 10, high, 0x1_0000, @"\Device\HarddiskVolume2\a\high.dll");
            w.ProcessStart(100, by: 10, thread: 11, id: 20, @"C:\a\b.exe", [high + 0x10], isFrom32: true);
        }, e => e.ParentThread.CallStack.Summary.ToString());

        Assert.Equal(["high.dll"], events);
    }

    [Fact]
    public void A_registry_value_has_the_path_of_its_key()
    {
        List<string> events = Read(w =>
        {
            Creator(w);
            w.Registry(90, process: 10, thread: 11, kind: 22, key: 0xabc0, @"\REGISTRY\MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Run");
            w.Registry(100, process: 10, thread: 11, kind: 14, key: 0xabc0, "Updater", status: 0, Kernel, SystemCalls + 0x14, Nowhere);
            w.Registry(110, process: 10, thread: 11, kind: 14, key: 0xabc0, "Refused", status: 0xC000_0022, Kernel, SystemCalls + 0x14, Nowhere);
        }, e => $"{e.Event.Action} {e.Registry.Path} {e.Registry.Value} {e.Thread.CallStack.Summary}");

        Assert.Equal([@"modification HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Run\Updater Updater ntdll.dll|Unbacked"], events);
    }

    [Fact]
    public void Connections_and_lookups_have_their_ends()
    {
        List<string> events = Read(w =>
        {
            Creator(w);
            w.Connection(100, kind: 12, process: 10, remote: 0x0100_007f, remotePort: 443, local: 0x0200_007f, localPort: 50000);
            w.Query(110, process: 10, thread: 11, "example.test", 1, "::ffff:127.0.0.9;");
        }, e => $"{e.Event.Action} {e.Source.Ip}:{e.Source.Port} {e.Destination.Ip}:{e.Destination.Port} {e.Dns.QuestionName} {(e.Dns.ResolvedIp.Count > 0 ? e.Dns.ResolvedIp[0] : "")}");

        Assert.Equal(["connection_attempted 127.0.0.2:50000 127.0.0.1:443  ", "lookup_result : : example.test 127.0.0.9"], events);
    }
}
