namespace CallStackRules.Capture.Tests.Etw.Writing;

/// <summary>Calls as three providers of the kernel write them, each with the fields of its manifest in their order and with its stack inside.</summary>
/// <remarks>
/// Source: the manifests of Microsoft-Windows-Kernel-Audit-API-Calls and Microsoft-Windows-Threat-Intelligence, as of Windows 10 1809, and of Microsoft-Windows-Win32k, as of 22H2.
/// </remarks>
/// <param name="writer">Where they go.</param>
internal sealed class WindowsCalls(EtlWriter writer)
{
    private static readonly Guid AuditApiCalls = new("e02a841c-75a3-4fa7-afc8-ae09cf9b7f23");
    private static readonly Guid Win32k = new("8c416c79-d49b-4f01-a467-e56d3aa8234c");
    private static readonly Guid ThreatIntelligence = new("f4e1897c-bb5d-5668-f1d8-040f4d8dd344");

    private Payload New => new(writer.PointerSize);

    public void Audited(long time, int process, int thread, int id, Payload payload, params ulong[] stack) =>
        writer.Manifest(time, process, thread, AuditApiCalls, id, 0, 0, payload, stack);

    public void OpenThread(long time, int process, int thread, int target, int targetThread, uint access, uint result, params ulong[] stack) =>
        Audited(time, process, thread, 6, New.Number(target).Number(targetThread).Number(access).Number(result), stack);

    public void TerminateProcess(long time, int process, int thread, int target, uint result, params ulong[] stack) =>
        Audited(time, process, thread, 2, New.Number(target).Number(result), stack);

    /// <summary>Memory that is allocated (1 in another process, 6 in the own) or mapped (3, 8).</summary>
    public void Allocate(
        long time, int process, int thread, int id, int target, ulong address, ulong size, uint type, uint protection, params ulong[] stack)
    {
        Payload payload = Header(process, thread, target);
        if (id is 1 or 6)
            Process(payload, process);
        Threat(time, process, thread, id, payload.Pointer(address).Pointer(size).Number(type).Number(protection), stack);
    }

    /// <summary>Memory whose protection is changed (2 in another process, 7 in the own).</summary>
    public void Protect(
        long time, int process, int thread, int id, int target, ulong address, ulong size, uint protection, uint before, params ulong[] stack) =>
        Threat(time, process, thread, id, Process(Header(process, thread, target), process).Pointer(address).Pointer(size).Number(protection).Number(before), stack);

    /// <summary>Memory that is read (11 own, 13 of another process) or written (12, 14).</summary>
    public void Copy(long time, int process, int thread, int id, int target, ulong address, ulong size, uint result, params ulong[] stack) =>
        Threat(time, process, thread, id, Header(process, thread, target, result).Pointer(address).Pointer(size), stack);

    /// <summary>A routine that a thread of another process shall run. Regions say what protection their memory was made with.</summary>
    public void QueueRoutine(
        long time, int process, int thread, int target, int targetThread, ulong routine, ulong argument, uint routineProtection, uint argumentProtection, params ulong[] stack)
    {
        Payload payload = Process(Header(process, thread, target).Number(targetThread).Number64(0), process).Byte(1).Pointer(routine).Pointer(argument).Pointer(1).Pointer(2)
            .Number64(0);
        Threat(time, process, thread, 4, Region(Region(payload, routine, routineProtection), argument, argumentProtection), stack);
    }

    /// <summary>Registers that a thread of another process gets.</summary>
    public void SetContext(
        long time, int process, int thread, int target, int targetThread, uint flags, ulong code, uint protection, params ulong[] stack)
    {
        Payload payload = Header(process, thread, target).Number(targetThread).Number64(0).Number(flags).Number16(0xF).Pointer(code).Pointer(0x14_F000)
            .Addresses(1, 2, 3, 4, 5, 6, 7, 8, 9, 10).Number64(0);
        Threat(time, process, thread, 5, Region(payload, code, protection), stack);
    }

    /// <summary>A thread that is suspended (15) or resumed (16), or a process (17, 18).</summary>
    public void Suspend(long time, int process, int thread, int id, int target, int targetThread, params ulong[] stack)
    {
        Payload payload = Header(process, thread, target, result: 0);
        Threat(time, process, thread, id, id < 17 ? payload.Number(targetThread).Number64(0) : payload, stack);
    }

    public void RawInput(
        long time, int process, int thread, int page, int usage, uint flags, string start, uint startProtection, uint lookResult = 0, uint result = 1, params ulong[] stack)
    {
        Payload payload = New.Number(result).Number16(page).Number16(usage).Number(flags).Pointer(0x31_0826).Pointer(0x7ff6_0000_1358).Number64(0).Number(thread)
            .Number(2).Number(1).Number64(16).Number(process).Number64(0).Number64(77).Text(start)
            .Number(lookResult).Pointer(0x7ff6_0000_0000).Number(startProtection).Number(0x100_0000).Pointer(0x2000).Number(0x20);
        Input(time, process, thread, 1001, payload, stack);
    }

    public void Hook(long time, int process, int thread, int kind, string library, ulong module, ulong routine, uint result, params ulong[] stack) =>
        Input(time, process, thread, 1002, New.Number(kind).Text(library).Pointer(module).Pointer(routine).Number(result), stack);

    /// <summary>Looks at keys, which a thread of the process or another tells of.</summary>
    public void KeyState(long time, int process, int thread, int of, int milliseconds, int calls, params ulong[] stack) =>
        Input(time, process, thread, 1003, New.Number(of).Number(milliseconds).Number(calls), stack);

    public void Input(long time, int process, int thread, int id, Payload payload, params ulong[] stack) =>
        writer.Manifest(time, process, thread, Win32k, id, 0, 0, payload, stack);

    public void Threat(long time, int process, int thread, int id, Payload payload, params ulong[] stack) =>
        writer.Manifest(time, process, thread, ThreatIntelligence, id, 0, 0, payload, stack);

    private Payload Header(int process, int thread, int target, uint? result = null)
    {
        Payload payload = result is { } status ? New.Number(status) : New;
        return Process(Process(payload, process).Number(thread).Number64(0), target);
    }

    private static Payload Process(Payload payload, int process) => payload.Number(process).Number64(0).Number64(77).Byte(0).Byte(0).Byte(0);

    private static Payload Region(Payload payload, ulong address, uint protection) =>
        payload.Number(0).Pointer(address & ~0xFFFUL).Number(protection).Number(0x2_0000).Pointer(0x1000).Pointer(0x1000).Text("");
}
