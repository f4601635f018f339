using CallStackRules.Capture.Modules;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Capture.Sources.Linux.Tracing;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Linux.Decoding;

/// <summary>Turns the kernel's records, in the order of time, into events, and keeps the processes right by them.</summary>
/// <remarks>Nothing here trusts a record: every length is checked where it is read, and a record that makes no sense is counted.</remarks>
internal sealed partial class LinuxDecoder(LinuxProcesses processes, CaptureStatistics statistics, BootClock clock, HostDescription host, int stackBytes)
{
    private readonly StackReader _stacks = new(statistics, stackBytes);
    private StackFacts _stack = new();
    private readonly InitialStack _initialStack = new();
    private readonly Stack<PendingExecution> _executions = new();
    private readonly Dictionary<int, PendingExecution> _asking = [];
    private readonly ProcessInfo _requested = new();
    private ProcessInfo? _lent;

    /// <summary>Whether a process that begins as a copy of another, and one that ends, are events.</summary>
    public bool ReportsForksAndExits { get; init; } = true;

    /// <summary>What the records come from, which events say: <c>bpf</c> or <c>tracepoints</c>.</summary>
    public string Provider { get; init; } = "bpf";

    /// <summary>Reads a record.</summary>
    /// <param name="record">The record, header included.</param>
    /// <param name="isOfModel">Whether it comes from a ring that tells of processes and mappings.</param>
    /// <param name="e">Is cleared and filled when the record is an event.</param>
    /// <returns>Whether it was filled.</returns>
    public bool Decode(ReadOnlySpan<byte> record, bool isOfModel, EndpointEvent e)
    {
        TakeBack();
        ulong time = PerfRecords.TimeOf(record);
        processes.Advance(time);
        switch (PerfRecords.TypeOf(record))
        {
            case PerfRecordType.Sample when PerfSample.TryRead(record, out PerfSample sample) && CaptureRecord.TryRead(sample.Raw, out CaptureRecord call):
                return DecodeCall(sample, call, e);
            case PerfRecordType.Mmap2 when PerfMapping.TryRead(record, out PerfMapping mapping):
                Map(mapping, time);
                return false;
            case PerfRecordType.Comm when PerfComm.TryRead(record, out PerfComm comm):
                if ((PerfRecords.MiscOf(record) & PerfRecords.CommExec) != 0 && processes.FindOrRead(comm.Pid) is { } process)
                    LinuxProcesses.BeginProgram(process);
                return false;
            case PerfRecordType.Fork when PerfTask.TryRead(record, out PerfTask task):
                return DecodeFork(task, time, e);
            case PerfRecordType.Exit when PerfTask.TryRead(record, out PerfTask task):
                return DecodeExit(task, time, e);
            case PerfRecordType.Lost or PerfRecordType.LostSamples:
                CountLost(record, isOfModel, time);
                return false;
            case PerfRecordType.Sample or PerfRecordType.Mmap2 or PerfRecordType.Comm or PerfRecordType.Fork or PerfRecordType.Exit:
                statistics.BadRecords++;
                return false;
            default:
                // The kernel may send kinds that were not asked for, such as throttling.
                return false;
        }
    }

    private bool DecodeCall(in PerfSample sample, in CaptureRecord call, EndpointEvent e)
    {
        if (processes.IsOfBefore(sample.Pid, sample.Time))
            return false;
        LinuxProcess process = processes.GetOrRead(sample.Pid, call);
        switch (call.Row.Call)
        {
            case CapturedCall.Execute:
                KeepExecution(sample, call, process, e);
                return false;
            case CapturedCall.Executed:
                DecodeExecuted(sample, call, process, e);
                return true;
            case CapturedCall.ChangeFolder:
                ChangeFolder(call, process, e);
                return false;
            case CapturedCall.ChangeSession:
                ChangeSession(call, process);
                return false;
            case CapturedCall.Move:
                Move(call, process);
                return false;
        }
        _stack = _stacks.Read(sample, process);
        if (call.Row.Call is CapturedCall.Map or CapturedCall.Protect)
            NoteProvenance(call, process);
        Begin(e, process, sample.Tid, sample.Time, _stack, ThreadStack.IsLeft(sample, process), IsForeignCall(sample, call));
        if (call.IsRequest)
            e.Event.Outcome = "unknown";
        if (DecodeCall(sample, call, process, e))
            return true;
        e.Clear();
        return false;
    }

    private bool DecodeCall(in PerfSample sample, in CaptureRecord call, LinuxProcess process, EndpointEvent e)
    {
        switch (call.Row.Call)
        {
            case CapturedCall.Open:
                DecodeOpen(sample, call, process, e);
                return true;
            case CapturedCall.Rename:
                DecodeRename(call, process, e);
                return true;
            case CapturedCall.Link:
                DecodeLink(call, process, e);
                return true;
            case CapturedCall.Unlink:
                return DecodeUnlink(call, process, e);
            case CapturedCall.Map:
                DecodeMap(call, process, e);
                return true;
            case CapturedCall.Protect:
                DecodeProtect(call, process, e);
                return true;
            case CapturedCall.CreateMemoryFile:
                DecodeMemoryFile(call, e);
                return true;
            case CapturedCall.Trace:
                DecodeTrace(call, process, e);
                return true;
            case CapturedCall.WriteMemory:
                DecodeWriteMemory(call, process, e);
                return true;
            case CapturedCall.Connect:
                return DecodeConnect(call, e);
            case CapturedCall.Accept:
                return DecodeAccept(call, process, e);
            case CapturedCall.SetUser or CapturedCall.SetGroup:
                return DecodeCredentials(call, process, e);
            case CapturedCall.SetCapabilities:
                DecodeCapabilities(call, e);
                return true;
            case CapturedCall.LoadKernelModule:
                DecodeModule(call, e);
                return true;
            case CapturedCall.SetUpRing:
                DecodeOther(call, e);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Fills what all events have.</summary>
    private void Begin(EndpointEvent e, LinuxProcess process, int tid, ulong time, StackFacts? stack, bool hasLeftStack = false, bool isForeignCall = false)
    {
        e.Clear();
        e.UtcTicks = clock.UtcTicks(time);
        e.Event.Kind = "event";
        e.Event.Module = "linux";
        e.Event.Provider = Provider;
        e.Event.Outcome = "success";
        host.Describe(e.Host);
        e.Process = process.Info;
        e.User.CopyFrom(process.Info.User);
        e.Group.CopyFrom(process.Info.Group);
        e.Thread.Id = tid;
        if (stack is null)
            return;
        if (stack.IsMissing)
            return;
        stack.WriteTo(e.Thread.CallStack);
        TextList behaviors = e.Api.Behaviors;
        if (stack.IsDirectCall || isForeignCall)
            behaviors.Add("direct_syscall");
        if (stack.HasUnexplainedMemory)
            behaviors.Add("shellcode");
        if (stack.Status != Unwinding.UnwindStatus.Complete)
            behaviors.Add("truncated_stack");
        if (!hasLeftStack)
            return;
        behaviors.Add("stack_pivot");
        if (stack.IsReturnedInto)
            behaviors.Add("image_rop");
    }

    /// <summary>Whether 64-bit code made a call by the table for 32-bit programs: no C library does, wherever the instruction lies.</summary>
    private static bool IsForeignCall(in PerfSample sample, in CaptureRecord call) => call.IsCompat && sample.Abi == PerfSample.Abi64;

    private static void Classify(EndpointEvent e, string category, string type, string action)
    {
        e.Event.Category.Add(category);
        e.Event.Type.Add(type);
        e.Event.Action = action;
    }

    private void Map(in PerfMapping record, ulong time)
    {
        if (record.Start + record.Length < record.Start)
            return;
        // Of a process that was gone before capture had begun nothing will come.
        if (processes.FindOrRead(record.Pid) is not { } process)
            return;
        Mapping mapping = processes.Files.Describe(
            record.Start, record.Start + record.Length, record.FileOffset, (MemoryProtection)(record.Protection & 7), record.DeviceMajor, record.DeviceMinor, record.Inode,
            record.Name, record.Pid);
        int known = process.Space.IndexOf(record.Start);
        // A file's pages that are already mapped at the same place were not mapped again: their protection was changed.
        bool isReprotected = time > process.SpaceReadAt && mapping.File is { } file && known >= 0 && process.Space[known].File == file;
        process.Space.Map(isReprotected ? mapping with { IsReprotected = true } : mapping);
        if (process.Program is null && mapping.Use == MemoryUse.File && mapping.IsExecutable)
            process.Program = mapping.File;
    }

    /// <summary>mremap(2): old address and length, new length, flags. A length of 0 maps shared memory a second time.</summary>
    private static void Move(in CaptureRecord call, LinuxProcess process)
    {
        const ulong doNotUnmap = 4;
        const ulong page = 4096;
        ulong length = (call.Argument(1) + page - 1) & ~(page - 1);
        ulong newLength = (call.Argument(2) + page - 1) & ~(page - 1);
        bool stays = length == 0 || (call.Argument(3) & doNotUnmap) != 0;
        process.Space.Move(call.Argument(0), length == 0 ? newLength : length, (ulong)call.Result, newLength, stays);
    }

    /// <summary>Notes who made memory executable, or changed the protection of a file's code.</summary>
    private void NoteProvenance(in CaptureRecord call, LinuxProcess process)
    {
        bool isChange = call.Row.Call == CapturedCall.Protect;
        ulong start = isChange ? call.Argument(0) : (ulong)call.Result;
        ulong end = start + call.Argument(1);
        int index = process.Space.IndexOf(start);
        if (end <= start || index < 0)
            return;
        if (process.Space[index].File is null or { IsMemoryFile: true })
        {
            if (_stack.AnswerableFile is { } file)
                process.Space.SetProvenance(start, end, file);
        }
        else if (isChange && _stack.AnswerableModule is { } module)
        {
            process.Space.SetProtectedBy(start, end, module);
        }
    }

    private void CountLost(ReadOnlySpan<byte> record, bool isOfModel, ulong time)
    {
        // Lost: u64 id, u64 count. Lost samples: u64 count. Ours end with pid, tid and time.
        int place = PerfRecords.TypeOf(record) == PerfRecordType.Lost ? 16 : 8;
        if (record.Length < place + 8 + 16)
        {
            statistics.BadRecords++;
            return;
        }
        long lost = System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(record[place..]);
        if (!isOfModel)
        {
            statistics.LostByKernel += lost;
            processes.DistrustPlaces();
            return;
        }
        // Whose records they were is not told; nothing that was known of mappings is certain any more.
        statistics.LostModelRecords += lost;
        processes.Distrust(time);
    }
}
