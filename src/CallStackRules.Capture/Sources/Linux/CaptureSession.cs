using CallStackRules.Capture.Sources.Linux.Bpf;
using CallStackRules.Capture.Sources.Linux.Interop;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Sources.Linux.Tracing;

namespace CallStackRules.Capture.Sources.Linux;

/// <summary>
/// The programs in the kernel, or where it refuses them the tracepoints, and the rings they write to. For each processor there is a ring for calls and one for processes
/// and mappings.
/// </summary>
internal sealed class CaptureSession : IDisposable
{
    private readonly List<PerfRing> _rings = [];
    private readonly List<IDisposable> _held = [];
    private readonly List<BpfProgram> _programs = [];
    private readonly List<BpfRawProgram> _entrances = [];
    private readonly TracepointEvents _tracepoints = new();
    private readonly List<string> _missing = [];
    private readonly List<(int Processor, int Descriptor)> _outputs = [];

    private CaptureSession()
    {
    }

    /// <summary>All rings. The order does not matter: records tell what they are.</summary>
    public IReadOnlyList<PerfRing> Rings => _rings;

    /// <summary>Tracepoints that this kernel does not have, and what is captured without them.</summary>
    public IReadOnlyList<string> Missing => _missing;

    /// <summary>The tracepoints, whose records <see cref="TracepointRecords"/> is to read; null when programs write them.</summary>
    public TracepointLayout? Tracepoints { get; private set; }

    /// <summary>What is worse without programs, and how to have them; null when there are.</summary>
    public string? Weakness { get; private set; }

    /// <summary>Sets everything up and begins; without programs, with requests for programs only until <see cref="FollowCalls"/>.</summary>
    /// <exception cref="CaptureException">The system refuses.</exception>
    public static CaptureSession Start(LinuxCaptureOptions options)
    {
        var session = new CaptureSession();
        try
        {
            session.OpenRings(options);
            int refusal = BpfProgram.FindRefusal();
            if (refusal == 0 && options.LoadsPrograms)
                session.LoadPrograms(options);
            else
                session.OpenTracepoints(options, refusal);
            foreach (PerfRing ring in session._rings)
                LinuxSystem.Control(ring.Descriptor, PerfEventAttributes.ControlEnable, 0);
            session._tracepoints.Enable(ofPrograms: true);
            foreach (BpfProgram program in session._programs)
                program.Enable();
            foreach (BpfRawProgram entrance in session._entrances)
                entrance.Enable();
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Begins with all calls, to be called when nothing more is to be prepared: tracepoints copy the calls of this process, too, and what it reads to know all others would
    /// fill the rings. Programs leave it out by themselves.
    /// </summary>
    public void FollowCalls() => _tracepoints.Enable(ofPrograms: false);

    /// <summary>Leaves out what the calling thread does, which reads the rings: each record would make more.</summary>
    public void LeaveOutThisThread() => _tracepoints.LeaveOut(LinuxSystem.CurrentThread());

    /// <summary>Ends capture; the rings keep what they have.</summary>
    public void Stop()
    {
        _tracepoints.Disable();
        foreach (BpfProgram program in _programs)
            program.Disable();
        foreach (BpfRawProgram entrance in _entrances)
            entrance.Disable();
        foreach (PerfRing ring in _rings)
            LinuxSystem.Control(ring.Descriptor, PerfEventAttributes.ControlDisable, 0);
    }

    /// <summary>
    /// Records that did not fit into the rings since the beginning; null where the kernel does not tell. It tells in the rings, too, but only with the next record that fits.
    /// </summary>
    /// <param name="ofModel">Whether of the rings for processes and mappings, or of those for calls.</param>
    public long? CountLost(bool ofModel)
    {
        if ((ofModel ? 0 : _tracepoints.CountLost()) is not { } lost)
            return null;
        foreach (PerfRing ring in _rings)
        {
            if (ring.IsOfModel != ofModel)
                continue;
            if (PerfRing.ReadLost(ring.Descriptor) is not { } ofRing)
                return null;
            lost += ofRing;
        }
        return lost;
    }

    public void Dispose()
    {
        foreach (BpfProgram program in _programs)
            program.Dispose();
        _tracepoints.Dispose();
        foreach (IDisposable held in _held)
            held.Dispose();
        foreach (PerfRing ring in _rings)
            ring.Dispose();
    }

    private void OpenRings(LinuxCaptureOptions options)
    {
        foreach (int processor in OnlineProcessors.Read())
        {
            var model = PerfEventAttributes.Of(PerfEventAttributes.TypeSoftware, PerfEventAttributes.ConfigDummy);
            model.SampleType = PerfEventAttributes.SampleTid | PerfEventAttributes.SampleTime;
            model.Flags = PerfEventAttributes.FlagDisabled | PerfEventAttributes.FlagMmap | PerfEventAttributes.FlagMmap2 | PerfEventAttributes.FlagComm
                | PerfEventAttributes.FlagCommExec | PerfEventAttributes.FlagTask | PerfEventAttributes.FlagSampleIdAll | PerfEventAttributes.FlagUseClock
                | PerfEventAttributes.FlagWatermark;
            model.Clock = PerfEventAttributes.ClockMonotonic;
            // An eighth full: these records are read with the calls, and alone only so that none is lost.
            model.Wakeup = (uint)options.ModelRingPages * 512;
            OpenRing(model, processor, options.ModelRingPages, isOfModel: true);

            PerfRing ring = OpenRing(RingOfCalls(options), processor, options.RingPages, isOfModel: false);
            _outputs.Add((processor, ring.Descriptor));
        }
    }

    private static PerfEventAttributes RingOfCalls(LinuxCaptureOptions options)
    {
        var calls = PerfEventAttributes.Of(PerfEventAttributes.TypeSoftware, PerfEventAttributes.ConfigBpfOutput);
        calls.SamplePeriod = 1;
        calls.SampleType = PerfEventAttributes.SampleOfCall;
        calls.Flags = PerfEventAttributes.FlagDisabled | PerfEventAttributes.FlagSampleIdAll | PerfEventAttributes.FlagUseClock;
        calls.Clock = PerfEventAttributes.ClockMonotonic;
        // Waking the reader costs the one who is watched: not for every call. A lone one is read when the reader next looks by itself.
        calls.Wakeup = 128;
        calls.SampleUserRegistersMask = PerfEventAttributes.UserRegisters;
        calls.SampleUserStackBytes = (uint)options.StackBytes;
        return calls;
    }

    private PerfRing OpenRing(in PerfEventAttributes attributes, int processor, int pages, bool isOfModel)
    {
        int descriptor = PerfRing.OpenEvent(attributes, processor);
        if (descriptor < 0)
            throw LinuxRefusal.Of($"opening perf events on processor {processor}", descriptor);
        PerfRing ring;
        try
        {
            ring = PerfRing.Map(descriptor, pages, isOfModel);
        }
        catch (CaptureException)
        {
            LinuxSystem.Close(descriptor);
            throw;
        }
        _rings.Add(ring);
        return ring;
    }

    private void LoadPrograms(LinuxCaptureOptions options)
    {
        using TraceFileSystem tracing = TraceFileSystem.Open();
        BpfMap rings = Hold(BpfMap.CreatePerfEventArray(_outputs.Max(static output => output.Processor) + 1));
        BpfMap scratch = Hold(BpfMap.CreatePerCpuValue(CapturePrograms.ScratchSize));
        foreach ((int processor, int descriptor) in _outputs)
            rings.Set((uint)processor, descriptor);
        var programs = new CapturePrograms(rings, scratch, Environment.ProcessId);
        foreach ((int row, int tracepoint) in FindTracepoints(options, tracing))
            _programs.Add(BpfProgram.Load(Write(programs, row, options, tracing), tracepoint, CaptureTable.Rows[row].Tracepoint));
        // Who is held has not come as far as to be let run another program; and where the kernel does not have that tracepoint (before Linux 6.10), all calls are looked at.
        bool looksAtAllCalls = options.HoldsPrograms || tracing.FindTracepoint("sched/sched_prepare_exec") is null;
        LoadCompatPrograms(options, programs, placeOfExecutions: looksAtAllCalls ? "sys_enter" : "sched_prepare_exec");
        LoadRequestPrograms(options, programs, tracing);
    }

    private void LoadCompatPrograms(LinuxCaptureOptions options, CapturePrograms programs, string placeOfExecutions)
    {
        BpfMap onEntry = Hold(BpfMap.CreateProgramArray(CompatCalls.MostNumbers));
        BpfMap onReturn = Hold(BpfMap.CreateProgramArray(CompatCalls.MostNumbers));
        BpfMap ofSockets = Hold(BpfMap.CreateProgramArray(CompatCalls.MostSocketCalls));
        foreach ((int number, string systemCall, CompatArguments arguments) in CompatCalls.Calls)
        {
            int index = CaptureTable.IndexOf(systemCall);
            CaptureRow row = CaptureTable.Rows[index];
            if (!options.Calls.Contains(row.Call))
                continue;
            BpfMap among = arguments == CompatArguments.SocketMemory ? ofSockets : row.IsCapturedOnEntry ? onEntry : onReturn;
            LoadNumbered(among, number, programs.WriteCompat(index, arguments, options.FlagsThatMatter(row)), $"{systemCall} of 32 bits");
        }
        LoadNumbered(onReturn, CompatCalls.SocketCall, programs.WriteSocketEntrance(ofSockets), "socketcall");
        _entrances.Add(Hold(BpfRawProgram.Load(programs.WriteCompatEntrance(onEntry), placeOfExecutions)));
        _entrances.Add(Hold(BpfRawProgram.Load(programs.WriteCompatEntrance(onReturn), "sys_exit")));
    }

    private void LoadRequestPrograms(LinuxCaptureOptions options, CapturePrograms programs, TraceFileSystem tracing)
    {
        BpfMap byOperation = Hold(BpfMap.CreateProgramArray(RingRequests.MostOperations));
        bool isWanted = false;
        foreach ((int operation, string systemCall, RingField[] fields) in RingRequests.Requests)
        {
            int index = CaptureTable.IndexOf(systemCall);
            CaptureRow row = CaptureTable.Rows[index];
            if (!options.Calls.Contains(row.Call))
                continue;
            isWanted = true;
            LoadNumbered(byOperation, operation, programs.WriteRequest(index, fields, options.FlagsThatMatter(row)), $"{systemCall} through io_uring");
        }
        const string tracepoint = "io_uring/" + RingRequests.Tracepoint;
        if (!isWanted)
            return;
        if (tracing.FindTracepoint(tracepoint) is null)
            _missing.Add(tracepoint);
        else
            _entrances.Add(Hold(BpfRawProgram.Load(programs.WriteRequestEntrance(byOperation), RingRequests.Tracepoint)));
    }

    /// <summary>Loads a program that another goes on with by a number.</summary>
    private void LoadNumbered(BpfMap among, int number, ulong[] code, string name) => among.Set((uint)number, Hold(BpfRawProgram.Load(code, name)).Descriptor);

    private static ulong[] Write(CapturePrograms programs, int index, LinuxCaptureOptions options, TraceFileSystem tracing)
    {
        CaptureRow row = CaptureTable.Rows[index];
        if (row.Call == CapturedCall.Executed)
            return programs.WriteExecuted(tracing.FieldOffset(row.Tracepoint, "old_pid"));
        int arguments = tracing.CountArguments($"syscalls/sys_enter_{row.SystemCall}");
        return row.IsCapturedOnEntry ? programs.WriteOnEntry(index, arguments) : programs.WriteOnReturn(index, arguments, options.FlagsThatMatter(row));
    }

    private void OpenTracepoints(LinuxCaptureOptions options, int refusalOfPrograms)
    {
        // Who asks for a program would not be known in time.
        if (options.HoldsPrograms)
            throw LinuxRefusal.Of("loading BPF programs, without which no program can be held,", refusalOfPrograms);
        Weakness = LinuxRefusal.Weakness(refusalOfPrograms);
        using TraceFileSystem tracing = TraceFileSystem.Open();
        string executed = CaptureTable.Rows[CaptureTable.ExecutedRow].Tracepoint;
        Tracepoints = new TracepointLayout
        {
            OldPidOffset = tracing.FieldOffset(executed, "old_pid"),
            PathPlaceOffset = tracing.FieldOffset(executed, "filename"),
        };
        // Rings of their own: the many calls that do not matter, which only a program in the kernel could leave out, must not push out who runs what.
        List<(int Processor, int Descriptor)> ofPrograms =
            [.. _outputs.Select(output => (output.Processor, OpenRing(RingOfCalls(options), output.Processor, options.RingPages / 2, isOfModel: false).Descriptor))];
        foreach ((int row, int tracepoint) in FindTracepoints(options, tracing))
        {
            Tracepoints.Add(tracepoint, row);
            _tracepoints.Open(tracepoint, CaptureTable.Rows[row], CaptureTable.Rows[row].IsCapturedOnEntry ? ofPrograms : _outputs, options.StackBytes);
        }
    }

    /// <summary>The rows that are wanted, with the tracepoints that this kernel has for them.</summary>
    private IEnumerable<(int Row, int Tracepoint)> FindTracepoints(LinuxCaptureOptions options, TraceFileSystem tracing)
    {
        for (int i = 0; i < CaptureTable.Rows.Length; i++)
        {
            CaptureRow row = CaptureTable.Rows[i];
            if (!options.Calls.Contains(row.Call))
                continue;
            if (tracing.FindTracepoint(row.Tracepoint) is { } tracepoint)
                yield return (i, tracepoint);
            else
                _missing.Add(row.Tracepoint);
        }
    }

    private T Hold<T>(T held)
        where T : IDisposable
    {
        _held.Add(held);
        return held;
    }
}
