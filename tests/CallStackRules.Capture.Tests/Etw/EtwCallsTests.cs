using CallStackRules.Capture.Tests.Etw.Writing;
using CallStackRules.Events;
using static CallStackRules.Capture.Tests.Etw.Writing.WrittenTrace;

namespace CallStackRules.Capture.Tests.Etw;

/// <summary>What becomes of calls that take memory, start threads, and reach for other processes.</summary>
public sealed class EtwCallsTests
{
    private const uint Commit = 0x1000;
    private const uint CommitAndReserve = 0x3000;
    private const uint ReadWrite = 0x04;
    private const uint ExecuteRead = 0x20;
    private const uint ExecuteReadWrite = 0x40;
    private const int Other = 30;

    /// <summary>Where threads begin.</summary>
    private const ulong ThreadStart = SystemCalls + 0x5_0000;

    [Fact]
    public void Classic_memory_events_are_calls_without_a_protection()
    {
        List<string> events = ReadCalls(w =>
        {
            w.VirtualMemory(100, by: 10, thread: 11, kind: 98, process: 10, address: 0x1000_0000, size: 0x2000, flags: CommitAndReserve, Kernel, SystemCalls, Nowhere);
            w.VirtualMemory(110, by: 10, thread: 11, kind: 98, process: Other, address: 0, size: 0x2000, flags: Commit, Kernel, SystemCalls, Program, ThreadStart);
            w.VirtualMemory(120, by: 10, thread: 11, kind: 99, process: 10, address: 0x1000_0000, size: 0x2000, flags: 0x8000, Kernel, SystemCalls, Program, ThreadStart);
        });

        Assert.Equal(
            [
                "VirtualAlloc( Unknown, 0x2000, COMMIT|RESERVE ) -> app.exe: native_api sensitive_api shellcode",
                "VirtualAllocEx( other.exe, NULL, 0x2000, COMMIT ) -> other.exe: cross-process native_api",
                "VirtualFree( Unknown, 0x2000, RELEASE ) -> app.exe: native_api",
            ],
            events);
    }

    [Fact]
    public void Audited_calls_have_their_target_rights_and_result()
    {
        List<string> events = ReadCalls(w =>
        {
            w.OpenProcess(100, process: 10, thread: 11, target: Other, access: 0x1010, result: 0, SystemCalls, Program, ThreadStart);
            w.Calls.OpenThread(110, process: 10, thread: 11, target: Other, targetThread: 31, access: 0x18, result: 0xC000_0022, SystemCalls, Program, ThreadStart);
            w.Calls.TerminateProcess(120, process: 10, thread: 11, target: Other, result: 0, SystemCalls, Program, ThreadStart);
            w.Calls.Audited(130, process: 10, thread: 11, id: 4, new Payload().Number(0), SystemCalls, Program, ThreadStart);
            w.Calls.Audited(140, process: 4, thread: 5, id: 1, new Payload().Pointer(Kernel + 0x50).Number(0));
        }, e => $"{e.Event.Outcome} {e.Api.Summary} {string.Join('|', Items(e.Api.Parameters.DesiredAccess))} {e.TargetThread.Id}");

        Assert.Equal(
            [
                "success OpenProcess( other.exe, 0x1010 ) PROCESS_VM_READ|PROCESS_QUERY_LIMITED_INFORMATION ",
                "failure OpenThread( other.exe, 0x18 ) THREAD_GET_CONTEXT|THREAD_SET_CONTEXT 31",
                "success TerminateProcess( other.exe )  ",
                "success SetThreadContext( )  ",
                "success PsSetLoadImageNotifyRoutine( ntoskrnl.exe )  ",
            ],
            events);
    }

    [Fact]
    public void Calls_of_the_threat_provider_tell_memory_protection_and_what_it_belongs_to()
    {
        List<string> events = ReadCalls(w =>
        {
            w.Calls.Allocate(100, process: 10, thread: 11, id: 6, target: 10, address: 0, size: 0x1c, CommitAndReserve, ExecuteReadWrite, SystemCalls, Nowhere);
            w.Calls.Allocate(110, process: 10, thread: 11, id: 1, target: Other, address: 0x5000_0000, size: 0x1000, CommitAndReserve, ExecuteReadWrite, SystemCalls, Program, ThreadStart);
            w.Calls.Allocate(120, process: 10, thread: 11, id: 3, target: Other, address: 0x5000_0000, size: 0x1000, 0, ExecuteRead, SystemCalls, Program, ThreadStart);
            w.Calls.Protect(130, process: 10, thread: 11, id: 7, target: 10, SystemCalls + 0x1000, 5, ExecuteReadWrite, ExecuteRead, SystemCalls, Program, ThreadStart);
            w.Calls.Protect(140, process: 10, thread: 11, id: 7, target: 10, Program + 0x1000, 0x2_0000, ExecuteReadWrite, ExecuteRead, SystemCalls, Program, ThreadStart);
            w.Calls.Protect(150, process: 10, thread: 11, id: 7, target: 10, 0x6000_0000, 0x1000, ExecuteRead, ReadWrite, SystemCalls, Program, ThreadStart);
            w.Calls.Protect(160, process: 10, thread: 11, id: 7, target: 10, 0x6000_0000, 0x1000, ReadWrite, ExecuteRead, SystemCalls, Program, ThreadStart);
            w.Calls.Protect(170, process: 10, thread: 11, id: 7, target: 10, 0x6000_0000, 0x1000, ExecuteRead, ReadWrite, SystemCalls, Program, ThreadStart);
            w.Calls.Copy(180, process: 10, thread: 11, id: 14, target: Other, 0x5000_0000, 0x200, result: 0, SystemCalls, Program, ThreadStart);
            w.Calls.Copy(190, process: 10, thread: 11, id: 12, target: 10, SystemCalls + 0x1000, 1, result: 0, SystemCalls, Program, ThreadStart);
            w.Calls.Suspend(200, process: 10, thread: 11, id: 15, target: Other, targetThread: 31, SystemCalls, Program, ThreadStart);
            w.Calls.Suspend(210, process: 10, thread: 11, id: 18, target: Other, targetThread: 0, SystemCalls, Program, ThreadStart);
        });

        Assert.Equal(
            [
                "VirtualAlloc( NULL, 0x1c, COMMIT|RESERVE, RWX ) -> app.exe: native_api sensitive_api shellcode allocate_shellcode",
                "VirtualAllocEx( other.exe, Unbacked, 0x1000, COMMIT|RESERVE, RWX ) -> other.exe: cross-process native_api",
                "MapViewOfFile2( other.exe, Unbacked, 0x1000, R-X ) -> other.exe: cross-process native_api",
                "VirtualProtect( ntdll.dll, 0x5, RWX, R-X ) -> app.exe: hook_api native_api",
                "VirtualProtect( app.exe, 0x20000, RWX, R-X ) -> app.exe: hollow_image native_api",
                "VirtualProtect( Unbacked, 0x1000, R-X, RW- ) -> app.exe: hook_unbacked native_api",
                "VirtualProtect( Unbacked, 0x1000, RW-, R-X ) -> app.exe: hook_unbacked native_api",
                "VirtualProtect( Unbacked, 0x1000, R-X, RW- ) -> app.exe: execute_fluctuation hook_unbacked native_api",
                "WriteProcessMemory( other.exe, Unknown, 0x200 ) -> other.exe: cross-process native_api",
                "WriteProcessMemory( Self, ntdll.dll, 0x1 ) -> app.exe: native_api",
                "SuspendThread( other.exe ) -> other.exe: cross-process native_api",
                "NtResumeProcess( other.exe ) -> other.exe: cross-process native_api",
            ],
            events);
    }

    [Fact]
    public void Threads_that_shall_go_on_elsewhere_have_the_place()
    {
        List<string> events = ReadCalls(w =>
        {
            w.Calls.QueueRoutine(100, process: 10, thread: 11, target: Other, targetThread: 31, Program, 0, ExecuteRead, 0, SystemCalls, Program, ThreadStart);
            w.Calls.QueueRoutine(110, process: 10, thread: 11, target: Other, targetThread: 31, SystemCalls + 0x500, 0x5000_0000, ExecuteRead, ExecuteRead, SystemCalls, Program, ThreadStart);
            w.Calls.SetContext(120, process: 10, thread: 11, target: Other, targetThread: 31, flags: 0x10_0003, code: 0x5000_0000, ExecuteRead, SystemCalls, Nowhere);
            w.Calls.SetContext(130, process: 10, thread: 11, target: 10, targetThread: 12, flags: 0x10_0010, code: Program, ExecuteRead, SystemCalls, Program, ThreadStart);
        });

        Assert.Equal(
            [
                "NtQueueApcThread( other.exe, other.exe ) -> other.exe: cross-process native_api",
                "QueueUserAPC( other.exe, Unbacked ) -> other.exe: cross-process execute_shellcode native_api",
                "SetThreadContext( other.exe, Unbacked ) -> other.exe: cross-process execute_shellcode native_api sensitive_api shellcode",
                "SetThreadContext( Self, app.exe ) -> app.exe: hardware_breakpoint_set native_api",
            ],
            events);
    }

    [Fact]
    public void A_thread_that_one_process_starts_in_another_is_a_call_but_not_the_first_of_its_child()
    {
        List<string> events = ReadCalls(w =>
        {
            w.Process(100, by: 10, thread: 11, kind: 1, id: 40, parent: 10, "child.exe", "child.exe");
            w.Thread(110, by: 10, thread: 11, kind: 1, process: 40, id: 41, Program);
            w.Thread(120, by: 40, thread: 41, kind: 1, process: 40, id: 42, Program);
            w.Thread(130, by: 10, thread: 11, kind: 1, process: Other, id: 32, 0x5000_0000, Kernel, SystemCalls, Nowhere);
            w.Thread(135, by: 10, thread: 11, kind: 1, process: 4, id: 6, Kernel, Kernel, SystemCalls, Program);
            w.Thread(140, by: 10, thread: 11, kind: 1, process: 40, id: 43, Program, Kernel, SystemCalls, Program, ThreadStart);
        }, e => e.Api.Name.IsMissing ? e.Event.Action.ToString() : $"{e.Api.Summary} {e.TargetThread.Id} {e.TargetThread.StartAddressModule}: {string.Join(' ', Items(e.Api.Behaviors))}");

        Assert.Equal(
            [
                "start",
                "CreateRemoteThread( other.exe, Unbacked ) 32 Unbacked: cross-process execute_shellcode native_api sensitive_api shellcode",
                "CreateRemoteThread( child.exe, Unknown ) 43 Unknown: cross-process parent-child native_api",
            ],
            events);
    }

    [Fact]
    public void A_call_that_no_system_call_library_issued_is_direct()
    {
        List<string> events = ReadCalls(w =>
        {
            w.OpenProcess(100, process: 10, thread: 11, target: Other, access: 0x1010, result: 0, Program + 0x10, Program + 0x20, SystemCalls);
            w.OpenProcess(110, process: 10, thread: 11, target: Other, access: 0x1010, result: 0, Nowhere, SystemCalls);
            w.OpenProcess(120, process: Other, thread: 31, target: 10, access: 0x1010, result: 0, SystemCalls, Program, Program);
        });

        Assert.Equal(
            [
                "OpenProcess( other.exe, 0x1010 ) -> other.exe: cross-process direct_syscall",
                "OpenProcess( other.exe, 0x1010 ) -> other.exe: cross-process direct_syscall sensitive_api shellcode",
                "OpenProcess( app.exe, 0x1010 ) -> app.exe: cross-process native_api truncated_stack",
            ],
            events);
    }

    [Fact]
    public void Calls_that_get_at_what_is_typed_have_their_arguments_in_words()
    {
        List<string> events = ReadCalls(w =>
        {
            w.Calls.RawInput(100, process: 10, thread: 11, page: 1, usage: 6, flags: 0x130, @"\Device\HarddiskVolume2\a\app.exe", startProtection: 0x80, stack: [SystemCalls, Program, ThreadStart]);
            w.Calls.RawInput(110, process: 10, thread: 11, page: 12, usage: 6, flags: 0, "", startProtection: 0x80, lookResult: 0xC000_0001, result: 0);
            w.Calls.Input(120, process: 10, thread: 11, id: 1001, new Payload().Number(1));
            w.Calls.Hook(130, process: 10, thread: 11, kind: 13, @"C:\A\Hook.dll", module: Library, routine: Program + 0x400, result: 0x1618, SystemCalls, Nowhere);
            w.Calls.Hook(140, process: 10, thread: 11, kind: -1, "NULL", module: 0, routine: Nowhere, result: 0);
            w.Calls.KeyState(150, process: 10, thread: 11, of: 10, milliseconds: 94, calls: 6021, SystemCalls, Program, ThreadStart);
            w.Calls.KeyState(160, process: 10, thread: 11, of: Other, milliseconds: 200, calls: 500, SystemCalls, Program, ThreadStart);
        }, e => $"{e.Process!.Name} {e.Thread.CallStack.Summary} {e.Event.Outcome} {e.Api.Summary} {e.Api.Metadata.WindowsCount} {e.Api.Metadata.VisibleWindowsCount} "
            + $"{e.Api.Metadata.ThreadInfoFlags} {e.Api.Metadata.StartAddressModule} {e.Api.Metadata.StartAddressAllocationProtection} {e.Api.Parameters.Procedure:x} "
            + $"{e.Api.Metadata.ProcedureSymbol} {e.Api.Metadata.MillisecondsSinceLastKeyEvent} {e.Api.Metadata.BackgroundCallCount}");

        Assert.Equal(
            [
                @"app.exe ntdll.dll|app.exe|ntdll.dll success RegisterRawInputDevices( GENERIC, KEYBOARD, NOLEGACY|INPUTSINK ) 2 1 16 C:\a\app.exe RCX    ",
                "app.exe  failure RegisterRawInputDevices( CONSUMER ) 2 1 16      ",
                "app.exe  success RegisterRawInputDevices( )         ",
                @"app.exe ntdll.dll|Unbacked success SetWindowsHookEx( WH_KEYBOARD_LL, c:\a\hook.dll )      7ff600000400 app.exe  ",
                "app.exe  failure SetWindowsHookEx( WH_MSGFILTER, null )      1b90c7f31aa Unbacked  ",
                "app.exe ntdll.dll|app.exe|ntdll.dll success GetAsyncKeyState( )        94 6021",
                "other.exe  success GetAsyncKeyState( )        200 500",
            ],
            events);
    }

    private static List<string> ReadCalls(Action<WindowsEvents> write, Func<EndpointEvent, string>? describe = null) =>
        Read(w =>
        {
            Creator(w);
            w.Process(6, by: 0, thread: 0, kind: 3, id: Other, parent: 1, "other.exe", @"C:\a\other.exe");
            w.Image(7, thread: 0, kind: 3, process: Other, Program, 0x1_0000, @"\Device\HarddiskVolume2\a\other.exe");
            w.Image(8, thread: 0, kind: 3, process: Other, SystemCalls, 0x10_0000, @"\Device\HarddiskVolume2\Windows\System32\ntdll.dll");
            w.Image(9, thread: 0, kind: 3, process: 4, Kernel, 0x10_0000, @"\SystemRoot\System32\ntoskrnl.exe");
            write(w);
        }, describe ?? (e => $"{e.Api.Summary} -> {e.TargetProcess?.Name}: {string.Join(' ', Items(e.Api.Behaviors))}"));

    private static IEnumerable<string> Items(TextList list)
    {
        for (int i = 0; i < list.Count; i++)
            yield return list[i].ToString();
    }
}
