using CallStackRules.CallStacks;
using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Sources.Etw.Stacks;
using CallStackRules.Capture.Sources.Windows;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw.Decoding;

/// <summary>
/// Turns events of ETW, in the order of time and with their stacks, into events in the shape of the Elastic Common Schema and the endpoint's own fields, and keeps processes,
/// images and names right by them. See <c>docs/sources/etw.md</c> for what becomes of each.
/// </summary>
/// <remarks>Nothing here trusts a payload: what lies behind its end reads as nothing, and is counted.</remarks>
/// <param name="processes">The processes.</param>
/// <param name="clock">The clock of the events.</param>
/// <param name="joiner">Tells addresses of the kernel.</param>
/// <param name="statistics">Counts payloads that are damaged.</param>
/// <param name="facts">What the system says of frames; null when it is not asked.</param>
/// <param name="written">What it says of files that were written to; null when it is not asked.</param>
/// <param name="askForDrive">What it says of devices that nothing told of; null when it is not asked.</param>
internal sealed partial class EtwDecoder(
    EtwProcesses processes,
    TraceClock clock,
    StackJoiner joiner,
    SourceStatistics statistics,
    ThreadFacts? facts = null,
    WrittenFile? written = null,
    Func<string, string?>? askForDrive = null)
{
    /// <summary>Why a record that tells of processes, images and names is no event.</summary>
    private const string Model = "tells of processes, images or names";

    private const string ToldBesides = "act that another provider tells of, too";

    private const string NoProcess = "process not known";

    private const string SystemCallLibrary = "ntdll.dll";

    private readonly DevicePaths _paths = new(askForDrive);
    private readonly TextBuffer _room = new();
    private readonly ProtectionHistory _protections = new(statistics);
    private ProcessReference? _realOfLastEvent;
    private Telling _telling;

    /// <summary>How timestamps become points in time.</summary>
    public TraceClock Clock { get; set; } = clock;

    /// <summary>Takes the drive of a device, which live sessions do not tell.</summary>
    public void AddVolume(ReadOnlySpan<char> device, ReadOnlySpan<char> drive) => _paths.Add(device, drive);

    /// <summary>Clears an event and fills it.</summary>
    /// <param name="raw">The record.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="telling">Whether another record tells of the same.</param>
    /// <param name="e">Receives the event.</param>
    /// <returns>Null, or why the record has no place among events.</returns>
    public string? Decode(in RawEvent raw, EtwKind kind, Telling telling, EndpointEvent e)
    {
        _telling = telling;
        e.Clear();
        // It belongs to one event, not to the parent, which other children share.
        _realOfLastEvent?.Clear();
        _realOfLastEvent = null;
        long time = Clock.ToUtcTicks(raw.Timestamp);
        e.UtcTicks = time;
        processes.Advance(time);
        processes.FinishListing(time);
        var payload = new PayloadReader(raw.Data, raw.PointerSize);
        e.Event.Outcome = "success";
        string? reason = Decode(raw, kind, ref payload, time, e);
        if (payload.IsDamaged)
        {
            statistics.CountFieldProblem($"{kind} shorter than its layout");
            return "payload damaged";
        }
        reason ??= telling == Telling.Besides ? ToldBesides : null;
        if (reason is not null)
            return reason;
        CallBehaviors.AddOfStack(e, facts);
        e.Event.Kind = "event";
        e.Event.Module = "etw";
        e.Host.OsType = "windows";
        e.Host.OsFamily = "windows";
        if (e.Process is { } process)
            e.User.CopyFrom(process.User);
        return null;
    }

    private string? Decode(in RawEvent raw, EtwKind kind, ref PayloadReader payload, long time, EndpointEvent e)
    {
        switch (kind)
        {
            case EtwKind.Volume:
                ReadOnlySpan<char> device = payload.Text();
                _paths.Add(device, payload.Text());
                return Model;
            case EtwKind.ProcessStart or EtwKind.ProcessRundown or EtwKind.ProcessEnd:
                return DecodeProcess(raw, kind, ref payload, time, e);
            case EtwKind.ManifestProcessStart or EtwKind.ManifestProcessRundown:
                return DecodeManifestStart(raw, kind, ref payload, time, e);
            case EtwKind.ManifestProcessEnd:
                return DecodeManifestEnd(raw, ref payload, e);
            case EtwKind.ThreadStart or EtwKind.ThreadRundown or EtwKind.ManifestThreadStart:
                return DecodeThread(raw, kind, ref payload, time, e);
            case EtwKind.ThreadEnd:
                payload.Skip(4);
                processes.RemoveThread((int)payload.U32());
                return Model;
            case EtwKind.ImageLoad or EtwKind.ImageRundown or EtwKind.ImageUnload or EtwKind.ManifestImageLoad or EtwKind.ManifestImageUnload:
                return DecodeImage(raw, kind, ref payload, time, e);
            case EtwKind.FileOpen or EtwKind.FileCreate:
                return DecodeFileOpen(raw, kind, ref payload, time, e);
            case EtwKind.FileWrite:
                return DecodeFileWrite(raw, ref payload, time, e);
            case EtwKind.FileSetDelete:
                return DecodeFileSetDelete(raw, ref payload, time, e);
            case EtwKind.FileSetRename:
                return DecodeFileSetRename(raw, ref payload);
            case EtwKind.FileDelete or EtwKind.FileRename:
                return DecodeFilePath(raw, kind, ref payload, time, e);
            case EtwKind.FileName:
                return DecodeFileName(ref payload);
            case EtwKind.RegistryCreate or EtwKind.RegistryDelete or EtwKind.RegistrySet or EtwKind.RegistryName or EtwKind.RegistryNameEnd:
                return DecodeRegistry(raw, kind, ref payload, time, e);
            case EtwKind.ManifestRegistryOpen:
                return DecodeManifestRegistryOpen(raw, ref payload, time, e);
            case EtwKind.ManifestRegistryDelete or EtwKind.ManifestRegistrySet or EtwKind.ManifestRegistryDeleteValue or EtwKind.ManifestRegistryClose:
                return DecodeManifestRegistry(raw, kind, ref payload, time, e);
            case EtwKind.Connect or EtwKind.Accept or EtwKind.Disconnect:
                return DecodeConnection(raw, kind, ref payload, time, e);
            case EtwKind.DatagramSent or EtwKind.DatagramReceived:
                return DecodeDatagram(raw, kind, ref payload, time, e);
            case EtwKind.Query:
                return DecodeQuery(raw, ref payload, time, e);
            case EtwKind.MemoryAllocate or EtwKind.MemoryFree:
                return DecodeMemory(raw, kind, ref payload, time, e);
            case EtwKind.AuditedCall:
                return DecodeAuditedCall(raw, ref payload, time, e);
            case EtwKind.ThreatCall:
                return DecodeThreatCall(raw, ref payload, time, e);
            case EtwKind.InputCall:
                return DecodeInputCall(raw, ref payload, time, e);
            default:
                return "not decoded";
        }
    }

    private static void Classify(EndpointEvent e, string category, string type, string action)
    {
        e.Event.Category.Add(category);
        e.Event.Type.Add(type);
        e.Event.Action = action;
    }

    /// <summary>Fills the process that did it, and its thread with the stack.</summary>
    /// <returns>Whether the process is known.</returns>
    private bool FillActor(in RawEvent raw, long time, EndpointEvent e)
    {
        if (processes.Of(raw, time) is not { } process)
            return false;
        e.Process = process.Info;
        if (process.StartTicks is { } start && time >= start)
            e.ProcessUptime = (time - start) / TimeSpan.TicksPerSecond;
        WriteThread(raw, process, e.Thread);
        return true;
    }

    /// <summary>Writes a thread with its call stack. Frames of the kernel are left out: rules count from the system call.</summary>
    /// <param name="raw">The event, with the addresses.</param>
    /// <param name="process">Whose code runs in the thread; null when that is not known.</param>
    /// <param name="target">Receives them.</param>
    private void WriteThread(in RawEvent raw, EtwProcess? process, ThreadInfo target)
    {
        target.Id = raw.ThreadId > 0 ? raw.ThreadId : null;
        if (raw.Stack.IsEmpty)
            return;
        if (process is not null)
            facts?.Begin(process, raw.Timestamp);
        bool isUnbacked = false;
        foreach (ulong address in raw.Stack)
        {
            if (joiner.IsOfKernel(address))
                continue;
            CallStackFrame frame = target.CallStack.Add();
            frame.InstructionPointer = (long)address;
            frame.Module = process is null ? ModuleInfo.Unknown : ModuleOf(process, address, frame);
            isUnbacked |= frame.Module == ModuleInfo.Unbacked;
            if (process?.Origins?.Find(address) is { } origin)
            {
                frame.ProtectionProvenance = origin.Name;
                frame.ProtectionProvenancePath = origin.Path;
            }
            if (process is not null && facts is not null)
                frame.SetFactSource(facts, facts.Wanted);
        }
        if (isUnbacked)
            CompiledCode.Guess(target.CallStack);
    }

    /// <summary>What an address belongs to; of an image, the frame gets its offset and who knows its functions.</summary>
    private ModuleInfo ModuleOf(EtwProcess process, ulong address, CallStackFrame frame)
    {
        if (process.Images.Find(address, out ulong rva) is { } module)
        {
            frame.Rva = (long)rva;
            if (process.Images.FindFile(address) is { } file)
                frame.SetSymbolSource(file, rva, isReturnAddress: true);
            return module;
        }
        if (!process.HasUsableImages)
            return ModuleInfo.Unknown;
        if (!processes.HasLostEvents)
            return ModuleInfo.Unbacked;
        // The load of an image may be among what was lost: only the system knows.
        switch (facts?.Region(address))
        {
            case { Type: RegionType.Private or RegionType.Mapped }:
                return ModuleInfo.Unbacked;
            case { Type: RegionType.Image, MappedPath: { } path } region:
                module = processes.Modules.Get(_paths.Resolve(path, _room).Span);
                _room.Clear();
                frame.Rva = (long)(address - region.AllocationBase);
                return module;
            default:
                joiner.CountUncertain();
                return ModuleInfo.Unknown;
        }
    }
}
