using CallStackRules.CallStacks;
using CallStackRules.Capture.Sources.Etw.Stacks;
using CallStackRules.Capture.Sources.Windows;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <content>Calls that take memory, start threads, and reach for other processes.</content>
internal sealed partial class EtwDecoder
{
    /// <summary>What <c>target_address_name</c> and summaries call memory that is not code, and the actor's own process.</summary>
    private const string Data = "Data";
    private const string Own = "Self";

    /// <summary>
    /// Classic, PageFault 98 and 99: pointer address, pointer size, u32 process whose memory it is, u32 kind of allocation. The protection is not
    /// told.
    /// </summary>
    private string? DecodeMemory(in RawEvent raw, EtwKind kind, ref PayloadReader payload, long time, EndpointEvent e)
    {
        ulong address = payload.Pointer();
        ulong size = payload.Pointer();
        int pid = (int)payload.U32();
        uint type = payload.U32();
        if (payload.IsDamaged || !FillActor(raw, time, e))
            return NoProcess;
        EtwProcess? target = FillTarget(pid, time, e);
        bool isAllocation = kind == EtwKind.MemoryAllocate;
        (string own, string others) = isAllocation ? ("VirtualAlloc", "VirtualAllocEx") : ("VirtualFree", "VirtualFreeEx");
        WriteCall(IsCrossProcess(e) ? others : own, "change", e);
        WriteMemory(target, address, size, e);
        e.Api.Parameters.AllocationType = AllocationTypes.Text(type);
        e.Api.Summary = Summarize(e);
        if (target is not null)
            NoteOrigin(target, address, size, e);
        return null;
    }

    /// <summary>Notes who is responsible for a call that takes memory, gives it back or changes its protection: the first on the stack that is not of the platform.</summary>
    private void NoteOrigin(EtwProcess owner, ulong address, ulong size, EndpointEvent e)
    {
        ModuleInfo? module = null;
        for (int i = 0; i < e.Thread.CallStack.Count && module is null; i++)
        {
            if (e.Thread.CallStack[i].Module is { IsPlatform: false } caller && caller != ModuleInfo.Unknown)
                module = caller;
        }
        owner.Origins ??= new ProtectionOrigins();
        if (!owner.Origins.Set(address, size, module))
            statistics.CountFieldProblem("too many ranges of memory: who changed them was forgotten");
    }

    /// <summary>
    /// Classic Thread 1, 3 and 4: u32 process, u32 thread, from version 2 pointers to both ends of the kernel's stack and of the user's, to the start
    /// (affinity since version 3) and to the start as programs gave it. Kernel-Process 3 has the fields of version 2. A thread that one process
    /// starts in another is a call.
    /// </summary>
    private string? DecodeThread(in RawEvent raw, EtwKind kind, ref PayloadReader payload, long time, EndpointEvent e)
    {
        int pid = (int)payload.U32();
        int thread = (int)payload.U32();
        if (payload.IsDamaged)
            return Model;
        processes.AddThread(thread, pid);
        if (_telling == Telling.Besides)
            return ToldBesides;
        EtwProcess target = processes.GetOrAdd(pid, time);
        // The first thread of a process is made by its creator.
        bool isFirst = !target.HasThreads && target.StartTicks is not null;
        target.HasThreads = true;
        bool isOld = raw.Version < 2 && (raw.Flags & RawEventFlags.Classic) != 0;
        if (kind == EtwKind.ThreadRundown || isFirst || isOld || raw.ProcessId <= 0 || raw.ProcessId == pid)
            return Model;
        payload.SkipPointers(5);
        ulong start = payload.Pointer();
        // The kernel starts threads of its own in whatever thread is running.
        if (payload.IsDamaged || joiner.IsOfKernel(start))
            return Model;
        if (!FillActor(raw, time, e))
            return NoProcess;
        FillTarget(pid, time, e);
        WriteCall("CreateRemoteThread", "change", e);
        e.TargetThread.Id = thread;
        e.TargetThread.StartAddress = (long)start;
        Text name = NameOf(target, start, isExecutable: true, out Text path);
        e.TargetThread.StartAddressModule = path.IsMissing ? name : path;
        e.Api.Parameters.Address = (long)start;
        WriteTargetAddress(target, start, isExecutable: true, e);
        CallBehaviors.AddOfControl(e);
        e.Api.Summary = Summarize(e);
        return null;
    }

    /// <summary>
    /// Microsoft-Windows-Kernel-Audit-API-Calls. 1: pointer routine. 2: u32 process. 3: name of the link, name of what it leads to, u32 rights. 4:
    /// nothing. 5: u32 process, u32 rights. 6: u32 process, u32 thread, u32 rights. Behind each u32 result.
    /// </summary>
    private string? DecodeAuditedCall(in RawEvent raw, ref PayloadReader payload, long time, EndpointEvent e)
    {
        int target = 0;
        int thread = 0;
        uint access = 0;
        ulong address = 0;
        Text link = default;
        switch (raw.Id)
        {
            case AuditedCalls.SetLoadImageNotifyRoutine:
                address = payload.Pointer();
                break;
            case AuditedCalls.TerminateProcess:
                target = (int)payload.U32();
                break;
            case AuditedCalls.CreateSymbolicLink:
                link = e.Buffer.Add(payload.Text());
                payload.Text();
                access = payload.U32();
                break;
            case AuditedCalls.OpenProcess:
                target = (int)payload.U32();
                access = payload.U32();
                break;
            case AuditedCalls.OpenThread:
                target = (int)payload.U32();
                thread = (int)payload.U32();
                access = payload.U32();
                break;
        }
        uint result = payload.U32();
        if (payload.IsDamaged || !FillActor(raw, time, e))
            return NoProcess;
        bool opens = raw.Id is AuditedCalls.OpenProcess or AuditedCalls.OpenThread;
        WriteCall(AuditedCalls.FunctionOf(raw.Id), opens ? "access" : "change", e);
        WriteResult(result, e);
        FillTarget(target, time, e);
        if (thread > 0)
            e.TargetThread.Id = thread;
        if (address != 0)
        {
            e.Api.Parameters.Address = (long)address;
            WriteTargetAddress(processes.Kernel, address, isExecutable: true, e);
        }
        if (opens)
        {
            bool isProcess = raw.Id == AuditedCalls.OpenProcess;
            e.Api.Parameters.HandleType = isProcess ? "process" : "thread";
            if (isProcess)
                AccessRights.AddOfProcess(access, e.Api.Parameters.DesiredAccess);
            else
                AccessRights.AddOfThread(access, e.Api.Parameters.DesiredAccess);
        }
        if (access != 0)
            e.Api.Parameters.DesiredAccessNumeric = access;
        e.Api.Summary = Summarize(e, link);
        return null;
    }

    private static void WriteCall(string function, string type, EndpointEvent e)
    {
        e.Event.Category.Add("api");
        e.Event.Type.Add(type);
        e.Api.Name = function;
    }

    private static void WriteResult(uint result, EndpointEvent e)
    {
        e.Api.Metadata.ReturnValue = result;
        if (result != 0)
            e.Event.Outcome = "failure";
    }

    /// <summary>Fills the process that a call reaches for; null when there is none.</summary>
    private EtwProcess? FillTarget(int pid, long time, EndpointEvent e)
    {
        if (pid <= 0)
            return null;
        EtwProcess target = processes.GetOrAdd(pid, time);
        e.TargetProcess = target.Info;
        if (IsCrossProcess(e))
        {
            e.Api.Behaviors.Add("cross-process");
            if (target.Info.Parent == e.Process)
                e.Api.Behaviors.Add("parent-child");
        }
        return target;
    }

    private static bool IsCrossProcess(EndpointEvent e) => e.TargetProcess is { } target && target != e.Process;

    private void WriteMemory(EtwProcess? owner, ulong address, ulong size, EndpointEvent e, bool? isExecutable = null)
    {
        e.Api.Parameters.Address = (long)address;
        e.Api.Parameters.Size = (long)size;
        WriteTargetAddress(owner, address, isExecutable, e);
    }

    private static void WriteTargetAddress(EtwProcess? owner, ulong address, bool? isExecutable, EndpointEvent e)
    {
        if (owner is null || address == 0)
            return;
        e.Api.Metadata.TargetAddressName = NameOf(owner, address, isExecutable, out Text path);
        e.Api.Metadata.TargetAddressPath = path;
    }

    /// <summary>
    /// What an address of a process belongs to: an image; executable memory of no image; memory that is not executable. Unknown where it is not told
    /// which, or where not all images of the process are known.
    /// </summary>
    private static Text NameOf(EtwProcess owner, ulong address, bool? isExecutable, out Text path)
    {
        if (owner.Images.Find(address, out _) is { } module)
        {
            path = module.Path;
            return module.Name;
        }
        path = default;
        return !owner.HasUsableImages ? ModuleInfo.Unknown.Name
            : isExecutable switch
            {
                true => ModuleInfo.Unbacked.Name,
                false => Data,
                null => ModuleInfo.Unknown.Name,
            };
    }

    /// <summary>
    /// The call with what is known of its arguments: target, address, link, size, allocation, protection and the one before, rights; kind of hook and its library; device and flags.
    /// </summary>
    private static Text Summarize(EndpointEvent e, Text link = default)
    {
        ApiParameters parameters = e.Api.Parameters;
        var summary = new CallSummary(e.Buffer);
        summary.Begin(e.Api.Name.Span);
        if (IsCrossProcess(e))
            summary.Add(e.TargetProcess!.Name.Span);
        else if (e.TargetProcess is not null && parameters.HandleType.IsMissing && parameters.AllocationType.IsMissing && parameters.Protection.IsMissing)
            summary.Add(Own);
        summary.Add(link.Span);
        if (!e.Api.Metadata.TargetAddressName.IsMissing)
            summary.Add(e.Api.Metadata.TargetAddressName.Span);
        else if (parameters.Address is 0)
            summary.Add("NULL");
        if (parameters.Size is { } size)
            summary.Add((ulong)size);
        summary.Add(parameters.AllocationType.Span);
        summary.Add(parameters.Protection.Span);
        summary.Add(parameters.ProtectionOld.Span);
        if (parameters.DesiredAccessNumeric is { } access)
            summary.Add((ulong)access);
        summary.Add(parameters.HookType.Span);
        summary.Add(parameters.HookModule.Span);
        summary.Add(parameters.UsagePage.Span);
        summary.Add(parameters.Usage.Span);
        summary.Add(parameters.Flags.Span);
        return summary.End();
    }
}
