using System.Buffers.Binary;
using System.Text;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Capture.Sources.Linux.Tracing;
using CallStackRules.Capture.Unwinding;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Linux.Decoding;

/// <content>Processes: beginning, another program, end, rights.</content>
internal sealed partial class LinuxDecoder
{
    private const uint Unchanged = uint.MaxValue;

    private bool DecodeFork(PerfTask task, ulong time, EndpointEvent e)
    {
        if (task.Pid == task.ParentPid)
        {
            processes.BeginThread(task.Pid, time);
            return false;
        }
        LinuxProcess child = processes.Fork(task.ParentPid, task.Pid, time);
        if (!ReportsForksAndExits)
            return false;
        Begin(e, child, task.Tid, time, stack: null);
        Classify(e, "process", "start", "fork");
        return true;
    }

    private bool DecodeExit(PerfTask task, ulong time, EndpointEvent e)
    {
        LinuxProcess? process = processes.Find(task.Pid);
        if (process is null)
            return false;
        if (process.Executions is not null)
            GiveBack(process, task.Tid);
        if (!processes.EndThread(process, isFirst: task.Tid == task.Pid, time))
            return false;
        GiveBackAll(process);
        if (ReportsForksAndExits)
        {
            Begin(e, process, task.Tid, time, stack: null);
            Classify(e, "process", "end", "end");
        }
        processes.End(task.Pid, time);
        return ReportsForksAndExits;
    }

    /// <summary>Keeps the stack of a thread that asks for another program: when the program is in place, that stack is gone. A failed try is replaced by the next.</summary>
    private void KeepExecution(in PerfSample sample, in CaptureRecord call, LinuxProcess process, EndpointEvent e)
    {
        PendingExecution execution = BeginAsking(sample.Tid, process);
        execution.Time = sample.Time;
        execution.IsJudged = false;
        execution.HasLeftStack = ThreadStack.IsLeft(sample, process);
        execution.IsForeignCall = IsForeignCall(sample, call);
        // The buffer only lends its room: nothing of this event is kept.
        e.Clear();
        execution.Path = LinuxPaths.Resolve(FolderOf(call, 0, process, e.Buffer), call.First, e.Buffer).ToString();
        execution.Arguments.Clear();
        ReadOnlySpan<byte> list = call.List;
        for (int end = list.IndexOf((byte)0); end >= 0; end = list.IndexOf((byte)0))
        {
            execution.Arguments.Add(Encoding.UTF8.GetString(list[..end]));
            list = list[(end + 1)..];
        }
        _stacks.Read(sample, process).CopyTo(execution.Stack);
    }

    private void DecodeExecuted(in PerfSample sample, in CaptureRecord call, LinuxProcess process, EndpointEvent e)
    {
        // Of several threads that asked at once, one was first; the others are gone with their stacks.
        PendingExecution? execution = _asking.GetValueOrDefault((int)call.Argument(0)) is { } asked && asked.Process == process ? asked : null;
        if (execution is { Path.Length: 0 })
            execution.Path = LinuxPaths.Resolve(process.Info.WorkingDirectory, call.First, e.Buffer).ToString();
        ulong top = sample.Registers.IsEmpty ? 0 : sample.Registers[Registers.PerfStackPointer];
        _initialStack.Read(sample.Stack, top, sample.Pid, wordSize: sample.Abi == PerfSample.Abi32 ? 4 : 8);
        process.StackTop = top;
        process.IsStackInherited = false;
        processes.CompleteProgram(process, _initialStack, execution);
        if (execution is null)
            statistics.StacksMissing++;
        Begin(e, process, sample.Tid, sample.Time, execution?.Stack, execution?.HasLeftStack == true, execution?.IsForeignCall == true);
        Classify(e, "process", "start", "exec");
        GiveBackAll(process);
    }

    /// <summary>Describes what a thread asks to run, as the event will be if it is let.</summary>
    /// <param name="tid">The thread.</param>
    /// <param name="file">Our descriptor of the file that is held.</param>
    /// <param name="e">Receives the event.</param>
    /// <returns>False when its request was not seen, or was described before: then the file is the interpreter or the loader of a program that is let.</returns>
    public bool DescribeRequest(int tid, int file, EndpointEvent e)
    {
        if (!_asking.TryGetValue(tid, out PendingExecution? execution) || execution.Process is not { HasEnded: false } process || execution.IsJudged)
            return false;
        execution.IsJudged = true;
        TakeBack();
        Begin(e, process, tid, execution.Time, execution.Stack, execution.HasLeftStack, execution.IsForeignCall);
        Classify(e, "process", "start", "exec");
        ProcessInfo info = process.Info;
        ProcessInfo requested = _requested;
        requested.Clear();
        requested.EntityId = info.EntityId;
        requested.Pid = info.Pid;
        requested.Start = info.Start;
        requested.Parent = info.Parent;
        requested.WorkingDirectory = info.WorkingDirectory;
        requested.User.CopyFrom(info.User);
        requested.RealUser.CopyFrom(info.RealUser);
        requested.Previous.Executable = info.Executable;
        requested.Previous.Name = info.Name;
        requested.Previous.CommandLine = info.CommandLine;
        requested.Executable = execution.Path;
        requested.Name = execution.Path[(execution.Path.LastIndexOf('/') + 1)..];
        foreach (string argument in execution.Arguments)
            requested.Args.Add(argument);
        requested.ArgsCount = execution.Arguments.Count;
        requested.CommandLine = string.Join(' ', execution.Arguments);
        processes.Hashes?.DescribeHeld(file, requested.Hash);
        e.Process = requested;
        return true;
    }

    /// <summary>Where what a thread asks for is kept. What it asked for before has failed.</summary>
    private PendingExecution BeginAsking(int tid, LinuxProcess process)
    {
        if (_asking.TryGetValue(tid, out PendingExecution? known) && known.Process == process)
            return known;
        PendingExecution execution = _executions.TryPop(out PendingExecution? unused) ? unused : new PendingExecution();
        execution.Tid = tid;
        execution.Process = process;
        execution.Next = process.Executions;
        process.Executions = execution;
        _asking[tid] = execution;
        return execution;
    }

    /// <summary>The process runs another program or has ended: nothing that its threads asked for matters any more.</summary>
    private void GiveBackAll(LinuxProcess process)
    {
        while (process.Executions is { } execution)
            GiveBack(process, execution.Tid);
    }

    /// <summary>What a thread asked for does not matter any more.</summary>
    private void GiveBack(LinuxProcess process, int tid)
    {
        PendingExecution? before = null;
        PendingExecution? execution = process.Executions;
        while (execution is not null && execution.Tid != tid)
            (before, execution) = (execution, execution.Next);
        if (execution is null)
            return;
        if (before is null)
            process.Executions = execution.Next;
        else
            before.Next = execution.Next;
        // The number may be another thread's by now.
        if (_asking.GetValueOrDefault(tid) == execution)
            _asking.Remove(tid);
        execution.Next = null;
        execution.Process = null;
        execution.Stack.Clear();
        _executions.Push(execution);
    }

    private bool DecodeCredentials(in CaptureRecord call, LinuxProcess process, EndpointEvent e)
    {
        bool isUser = call.Row.Call == CapturedCall.SetUser;
        ProcessInfo info = process.Info;
        Text realBefore = isUser ? info.RealUser.Id : info.RealGroup.Id;
        Text effectiveBefore = isUser ? info.User.Id : info.Group.Id;
        uint first = (uint)call.Argument(0);
        uint second = call.Row.SystemCall is "setuid" or "setgid" ? first : (uint)call.Argument(1);
        // After setuid of one without privilege the real number stays; the kernel told it with the record. Where nobody did, it is what was asked for.
        uint real = isUser ? call.User : call.Group;
        if (real == CaptureRecord.UnknownId)
            real = first == Unchanged ? ParseOr(realBefore, 0) : first;
        uint effective = second == Unchanged ? ParseOr(effectiveBefore, real) : second;
        if (isUser)
            processes.SetUser(info, real, effective);
        else
            processes.SetGroup(info, real, effective);
        if ((isUser ? info.RealUser.Id : info.RealGroup.Id) == realBefore && (isUser ? info.User.Id : info.Group.Id) == effectiveBefore)
            return false;
        e.User.CopyFrom(info.User);
        e.Group.CopyFrom(info.Group);
        Classify(e, "process", "change", isUser ? "uid_change" : "gid_change");
        return true;
    }

    /// <summary>setsid(2), or setpgid(2), which also moves a child.</summary>
    private void ChangeSession(in CaptureRecord call, LinuxProcess process)
    {
        if (call.Row.SystemCall == "setsid")
        {
            processes.BeginSession(process);
            return;
        }
        processes.ChangeGroup(process);
        // In a container numbers are those of its own name space: which process one stands for is only believed of a child.
        if (processes.Find((int)call.Argument(0)) is { } child && child.Info.Parent == process.Info)
            processes.ChangeGroup(child);
    }

    private void DecodeCapabilities(in CaptureRecord call, EndpointEvent e)
    {
        Classify(e, "process", "change", "capability_change");
        ReadOnlySpan<byte> sets = call.First;
        if (sets.Length < CaptureRecord.CapabilitiesSize)
        {
            statistics.TextsMissing++;
            return;
        }
        CapabilityNames.Write(SetOf(sets, 0), e.Further.FillTexts("process.thread.capabilities.effective"));
        CapabilityNames.Write(SetOf(sets, 4), e.Further.FillTexts("process.thread.capabilities.permitted"));

        // The upper half of a set lies behind the lower halves of all three.
        static ulong SetOf(ReadOnlySpan<byte> sets, int place) =>
            BinaryPrimitives.ReadUInt32LittleEndian(sets[place..]) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(sets[(place + 12)..]) << 32);
    }

    private static uint ParseOr(Text number, uint otherwise) => uint.TryParse(number.Span, out uint value) ? value : otherwise;
}
