using CallStackRules.Capture.Memory;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <content>Microsoft-Windows-Threat-Intelligence.</content>
internal sealed partial class EtwDecoder
{
    /// <summary>
    /// All events have the calling process (u32 process, FILETIME start, u64 number, 3 bytes), its thread (u32 thread, FILETIME start) and the target
    /// process with the fields of the calling one. Those of reading, writing, suspending and resuming begin with the u32 result.
    /// </summary>
    private string? DecodeThreatCall(in RawEvent raw, ref PayloadReader payload, long time, EndpointEvent e)
    {
        const int behindProcess = 19;
        uint result = raw.Id >= ThreatCalls.ReadLocal ? payload.U32() : 0;
        int caller = (int)payload.U32();
        payload.Skip(behindProcess + 12);
        int pid = (int)payload.U32();
        payload.Skip(behindProcess);
        if (payload.IsDamaged)
            return Model;
        if (caller != raw.ProcessId)
            return "call in a layout of before Windows 10 1809";
        if (!FillActor(raw, time, e) || FillTarget(pid, time, e) is not { } target)
            return NoProcess;
        WriteCall(ThreatCalls.FunctionOf(raw.Id), raw.Id is ThreatCalls.ReadLocal or ThreatCalls.ReadRemote ? "access" : "change", e);
        WriteResult(result, e);
        switch (raw.Id)
        {
            case ThreatCalls.AllocateRemote or ThreatCalls.AllocateLocal:
                payload.Skip(4 + behindProcess);
                ReadMemory(ref payload, target, e, isAllocation: true);
                break;
            case ThreatCalls.ProtectRemote or ThreatCalls.ProtectLocal:
                payload.Skip(4 + behindProcess);
                ReadMemory(ref payload, target, e, isAllocation: false);
                break;
            case ThreatCalls.MapRemote or ThreatCalls.MapLocal:
                ReadMemory(ref payload, target, e, isAllocation: true);
                break;
            case ThreatCalls.QueueApcRemote:
                ReadThread(ref payload, e);
                payload.Skip(4 + behindProcess + 1);
                ReadRoutine(ref payload, target, e);
                break;
            case ThreatCalls.SetContextRemote:
                ReadThread(ref payload, e);
                ReadContext(ref payload, target, e);
                break;
            case ThreatCalls.SuspendThread or ThreatCalls.ResumeThread:
                ReadThread(ref payload, e);
                break;
            case >= ThreatCalls.ReadLocal and <= ThreatCalls.WriteRemote:
                ulong address = payload.Pointer();
                WriteMemory(target, address, payload.Pointer(), e);
                break;
        }
        e.Api.Summary = Summarize(e);
        return null;
    }

    /// <summary>u32 thread, FILETIME start.</summary>
    private static void ReadThread(ref PayloadReader payload, EndpointEvent e)
    {
        e.TargetThread.Id = payload.U32();
        payload.Skip(8);
    }

    /// <summary>Pointer address, pointer size, u32 kind of allocation and u32 protection; or u32 protection and u32 protection before.</summary>
    private void ReadMemory(ref PayloadReader payload, EtwProcess target, EndpointEvent e, bool isAllocation)
    {
        ulong address = payload.Pointer();
        ulong size = payload.Pointer();
        uint first = payload.U32();
        uint second = payload.U32();
        var protection = (PageProtection)(isAllocation ? second : first);
        PageProtection before = isAllocation ? PageProtection.None : (PageProtection)second;
        WriteMemory(target, address, size, e, protection.IsExecutable() || before.IsExecutable());
        NoteOrigin(target, address, size, e);
        e.Api.Parameters.Protection = protection.Text();
        if (isAllocation)
        {
            e.Api.Parameters.AllocationType = AllocationTypes.Text(first);
            return;
        }
        e.Api.Parameters.ProtectionOld = before.Text();
        CallBehaviors.AddOfProtection(target, address, size, protection, before, _protections, e.Api.Behaviors);
    }

    /// <summary>
    /// Pointer routine, pointer to each of 3 arguments, FILETIME; what the routine lies in and what the first argument lies in, see <see
    /// cref="ReadRegion"/>. QueueUserAPC hands a routine of the system-call library over, and its own as the first argument.
    /// </summary>
    private static void ReadRoutine(ref PayloadReader payload, EtwProcess target, EndpointEvent e)
    {
        ulong routine = payload.Pointer();
        ulong argument = payload.Pointer();
        ulong second = payload.Pointer();
        ulong third = payload.Pointer();
        payload.Skip(8);
        bool? isExecutable = ReadRegion(ref payload);
        bool? isArgumentExecutable = ReadRegion(ref payload);
        if (target.Images.Find(routine, out _) is { Name.Span: SystemCallLibrary } && isArgumentExecutable == true)
        {
            e.Api.Name = "QueueUserAPC";
            (routine, isExecutable) = (argument, isArgumentExecutable);
        }
        e.Api.Parameters.Procedure = (long)routine;
        e.Api.Parameters.Argument1 = (long)argument;
        e.Api.Parameters.Argument2 = (long)second;
        e.Api.Parameters.Argument3 = (long)third;
        WriteTargetAddress(target, routine, isExecutable, e);
        CallBehaviors.AddOfControl(e);
    }

    /// <summary>
    /// u32 context flags, u16 mask, pointers to code, stack, link and frame, 8 registers, FILETIME; what the code lies in, see <see cref="ReadRegion"/>.
    /// </summary>
    /// <remarks>Which registers they are on x64 the manifest does not say; this is how public tools read them.</remarks>
    private static void ReadContext(ref PayloadReader payload, EtwProcess target, EndpointEvent e)
    {
        uint flags = payload.U32();
        payload.Skip(2);
        ulong code = payload.Pointer();
        ApiParameters parameters = e.Api.Parameters;
        parameters.ContextFlags = flags;
        parameters.Rip = (long)code;
        parameters.Rsp = (long)payload.Pointer();
        payload.SkipPointers(1);
        parameters.Rbp = (long)payload.Pointer();
        parameters.Rax = (long)payload.Pointer();
        parameters.Rcx = (long)payload.Pointer();
        parameters.Rdx = (long)payload.Pointer();
        parameters.Rbx = (long)payload.Pointer();
        parameters.Rsi = (long)payload.Pointer();
        parameters.Rdi = (long)payload.Pointer();
        parameters.R8 = (long)payload.Pointer();
        parameters.R9 = (long)payload.Pointer();
        payload.Skip(8);
        bool? isExecutable = ReadRegion(ref payload);
        WriteTargetAddress(target, code, isExecutable, e);
        CallBehaviors.AddOfContext(flags, e);
    }

    /// <summary>
    /// u32 result of looking, pointer start, u32 protection when it was allocated, u32 type, pointer size, pointer bytes in use, path of the file.
    /// Whether it was made for code; null when nobody could look.
    /// </summary>
    private static bool? ReadRegion(ref PayloadReader payload)
    {
        uint result = payload.U32();
        payload.SkipPointers(1);
        var protection = (PageProtection)payload.U32();
        payload.Skip(4);
        payload.SkipPointers(2);
        payload.Text();
        return result != 0 || protection == PageProtection.None ? null : protection.IsExecutable();
    }
}
