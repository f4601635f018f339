using CallStackRules.Capture.Sources.Linux.Bpf;
using CallStackRules.Capture.Sources.Linux.Interop;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Sources.Linux.Tracing;

namespace CallStackRules.Capture.Sources.Linux;

/// <summary>The programs in the kernel and the rings they write to. For each processor there is a ring for calls and one for processes and mappings.</summary>
internal sealed class CaptureSession : IDisposable
{
    private readonly List<PerfRing> _rings = [];
    private readonly List<IDisposable> _held = [];
    private readonly List<BpfProgram> _programs = [];
    private readonly List<string> _missing = [];
    private readonly List<(int Processor, int Descriptor)> _outputs = [];

    private CaptureSession()
    {
    }

    /// <summary>All rings. The order does not matter: records tell what they are.</summary>
    public IReadOnlyList<PerfRing> Rings => _rings;

    /// <summary>Tracepoints that this kernel does not have, and what is captured without them.</summary>
    public IReadOnlyList<string> Missing => _missing;

    /// <summary>Sets everything up and begins.</summary>
    /// <exception cref="CaptureException">The system refuses.</exception>
    public static CaptureSession Start(LinuxCaptureOptions options)
    {
        var session = new CaptureSession();
        try
        {
            session.OpenRings(options);
            session.LoadPrograms(options);
            foreach (PerfRing ring in session._rings)
                LinuxSystem.Control(ring.Descriptor, PerfEventAttributes.ControlEnable, 0);
            foreach (BpfProgram program in session._programs)
                program.Enable();
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Ends capture; the rings keep what they have.</summary>
    public void Stop()
    {
        foreach (BpfProgram program in _programs)
            program.Disable();
        foreach (PerfRing ring in _rings)
            LinuxSystem.Control(ring.Descriptor, PerfEventAttributes.ControlDisable, 0);
    }

    /// <summary>
    /// Records that did not fit into the rings since the beginning; null where the kernel does not tell. It tells in the rings, too, but only with the next record that fits.
    /// </summary>
    /// <param name="ofModel">Whether of the rings for processes and mappings, or of those for calls.</param>
    public long? CountLost(bool ofModel)
    {
        long lost = 0;
        foreach (PerfRing ring in _rings)
        {
            if (ring.IsOfModel != ofModel)
                continue;
            if (ring.ReadLost() is not { } ofRing)
                return null;
            lost += ofRing;
        }
        return lost;
    }

    public void Dispose()
    {
        foreach (BpfProgram program in _programs)
            program.Dispose();
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

            var calls = PerfEventAttributes.Of(PerfEventAttributes.TypeSoftware, PerfEventAttributes.ConfigBpfOutput);
            calls.SamplePeriod = 1;
            calls.SampleType = PerfEventAttributes.SampleTid | PerfEventAttributes.SampleTime | PerfEventAttributes.SampleRaw
                | PerfEventAttributes.SampleUserRegisters | PerfEventAttributes.SampleUserStack;
            calls.Flags = PerfEventAttributes.FlagDisabled | PerfEventAttributes.FlagSampleIdAll | PerfEventAttributes.FlagUseClock;
            calls.Clock = PerfEventAttributes.ClockMonotonic;
            // Waking the reader costs the one who is watched: not for every call. A lone one is read when the reader next looks by itself. But where programs are
            // held, each would wait until all that was left to lie is read.
            calls.Wakeup = options.HoldsPrograms ? 1u : 128u;
            calls.SampleUserRegistersMask = PerfEventAttributes.UserRegisters;
            calls.SampleUserStackBytes = (uint)options.StackBytes;
            PerfRing ring = OpenRing(calls, processor, options.RingPages, isOfModel: false);
            _outputs.Add((processor, ring.Descriptor));
        }
    }

    private PerfRing OpenRing(in PerfEventAttributes attributes, int processor, int pages, bool isOfModel)
    {
        int descriptor = LinuxSystem.PerfEventOpen(attributes with { ReadFormat = PerfEventAttributes.FormatLost }, pid: -1, processor);
        // Before Linux 6.0.
        if (descriptor == -LinuxSystem.ErrorInvalid)
            descriptor = LinuxSystem.PerfEventOpen(attributes, pid: -1, processor);
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
        for (int i = 0; i < CaptureTable.Rows.Length; i++)
        {
            if (options.Calls.Contains(CaptureTable.Rows[i].Call))
                Load(programs, i, options, tracing);
        }
    }

    private void Load(CapturePrograms programs, int index, LinuxCaptureOptions options, TraceFileSystem tracing)
    {
        CaptureRow row = CaptureTable.Rows[index];
        if (row.Call == CapturedCall.Executed)
        {
            const string tracepoint = "sched/sched_process_exec";
            Load(tracing, tracepoint, () => programs.WriteExecuted(
                tracing.FindFieldOffset(tracepoint, "old_pid") ?? throw new CaptureException($"The tracepoint {tracepoint} of this kernel has no old_pid.")));
            return;
        }
        string entry = $"syscalls/sys_enter_{row.SystemCall}";
        if (row.Call == CapturedCall.Execute)
        {
            Load(tracing, entry, () => programs.WriteOnEntry(index, tracing.CountArguments(entry)));
            return;
        }
        int flags = row.Call == CapturedCall.Open && !options.WantsReading && row.Flags >= 0 ? CaptureTable.OpensForWriting : row.AnyOfFlags;
        Load(tracing, $"syscalls/sys_exit_{row.SystemCall}", () => programs.WriteOnReturn(index, tracing.CountArguments(entry), flags));
    }

    private void Load(TraceFileSystem tracing, string tracepoint, Func<ulong[]> code)
    {
        if (tracing.FindTracepoint(tracepoint) is { } id)
            _programs.Add(BpfProgram.Load(code(), id, tracepoint));
        else
            _missing.Add(tracepoint);
    }

    private BpfMap Hold(BpfMap map)
    {
        _held.Add(map);
        return map;
    }
}
