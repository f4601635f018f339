using System.Diagnostics;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Linux.Decoding;
using CallStackRules.Capture.Sources.Linux.Hashing;
using CallStackRules.Capture.Sources.Linux.Interop;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Capture.Sources.Linux.Tracing;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Linux;

/// <summary>
/// What happens on this machine, as the kernel sees it: programs in the kernel capture system calls together with the stack of the thread that made them; here they
/// are put in the order of time, stacks are unwound, and events made. Where programs are refused, tracepoints do the same as well as they can.
/// </summary>
/// <remarks>One thread reads. Nothing is allocated for an event that tells of no new process, file or path.</remarks>
public sealed class LinuxSource : ILiveSource
{
    private static readonly string[] ReadingNamespaces =
        [typeof(LinuxSource).Namespace!, typeof(Modules.AddressSpace).Namespace!, typeof(Symbols.ElfImage).Namespace!, typeof(Unwinding.StackUnwinder).Namespace!];

    /// <summary>Milliseconds that a lone record may wait.</summary>
    private const int MostWait = 25;

    /// <summary>
    /// The same after a program was held: the next waits for all that was left to lie. But not at once: who was let run shall have the processor. And not where the next comes
    /// before this is over: a timer that is set and taken back for each costs more than it spares.
    /// </summary>
    private const int MostWaitAfterHolding = 1;

    /// <summary>How long the rings may be left alone: much less than it takes for programs to be held no longer.</summary>
    private static readonly TimeSpan LongestPause = ExecutionGate.LongestSilence / 4;

    private readonly LinuxCaptureOptions _options;
    private CaptureSession? _session;
    private RingMerger? _merger;
    private LinuxDecoder? _decoder;
    private HashedFiles? _hashes;
    private long _lookedAt;
    private TracepointRecords? _tracepoints;
    private PollDescriptor[] _waits = [];
    private volatile bool _isStopped;
    private bool _isDrained;
    private bool _mustLook = true;
    private bool _hasRead;
    private long _judgedAt;
    private bool _areFarBetween;
    private ulong _horizon;
    private ExecutionGate? _gate;
    private bool _hurries;
    private int _heldThread;
    private int _heldFile = -1;

    /// <summary>Prepares to capture what some rule needs.</summary>
    /// <param name="needs">Which events those are.</param>
    /// <param name="holdsPrograms">Whether programs are held until they are answered, see <see cref="AwaitsVerdict"/>.</param>
    public LinuxSource(CaptureNeeds needs, bool holdsPrograms = false)
        : this(LinuxNeeds.ToOptions(needs) with { HoldsPrograms = holdsPrograms })
    {
    }

    internal LinuxSource(LinuxCaptureOptions options) => _options = options;

    /// <inheritdoc/>
    public SourceStatistics Statistics { get; } = new();

    /// <inheritdoc/>
    public CaptureStatistics Capture { get; } = new();

    /// <inheritdoc/>
    public ProcessTable Processes { get; } = LinuxProcesses.CreateTable();

    /// <inheritdoc/>
    /// <remarks>Tracepoints that the kernel does not have.</remarks>
    public IReadOnlyList<string> Missing => _session?.Missing ?? [];

    /// <inheritdoc/>
    public string? Weakness => _session?.Weakness;

    /// <inheritdoc/>
    public IReadOnlyList<string> SheddingOrder => LoadShedding.Order;

    /// <inheritdoc/>
    public int Shedding { get; set; }

    /// <inheritdoc/>
    public void Start()
    {
        CompiledAhead.Prepare(typeof(LinuxSource).Assembly.GetTypes().Where(ReadsRecords));
        // First the records, then what was there before: so nothing falls in between.
        _session = CaptureSession.Start(_options);
        _merger = new RingMerger(_session.Rings);
        var clock = new BootClock();
        if (_options.Hashes != HashKinds.None)
            _hashes = new HashedFiles(_options.Hashes, _options.HashesPrograms, _options.HashesLibraries, HasTime, Capture);
        var processes = new LinuxProcesses(Processes, Capture, clock) { Hashes = _hashes };
        processes.ReadAll();
        _decoder = new LinuxDecoder(processes, Capture, clock, new HostDescription(), _options.StackBytes)
        {
            ReportsForksAndExits = _options.ReportsForksAndExits,
            Provider = _session.Tracepoints is null ? "bpf" : "tracepoints",
        };
        if (_session.Tracepoints is { } layout)
            _tracepoints = new TracepointRecords(layout, _options, processes, Capture, Environment.ProcessId);
        Capture.IsBestEffort = _tracepoints is not null;
        _session.FollowCalls();
        // Last: from here on programs wait for us.
        if (_options.HoldsPrograms)
            _gate = ExecutionGate.Open();
        _waits = [.. _session.Rings.Select(static ring => new PollDescriptor { Descriptor = ring.Descriptor, Wanted = PollDescriptor.Readable })];
        if (_gate is not null)
            _waits = [.. _waits, new PollDescriptor { Descriptor = _gate.Descriptor, Wanted = PollDescriptor.Readable }];
    }

    /// <inheritdoc/>
    public void Stop() => _isStopped = true;

    /// <inheritdoc/>
    public bool TryRead(EndpointEvent e)
    {
        while (true)
        {
            switch (Read(e, TimeSpan.FromSeconds(1)))
            {
                case ReadResult.Event:
                    return true;
                case ReadResult.End:
                    return false;
            }
        }
    }

    /// <inheritdoc/>
    public ReadResult Read(EndpointEvent e, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (_merger is not { } merger || _decoder is not { } decoder || _session is not { } session)
            throw new InvalidOperationException($"{nameof(Start)} comes first.");
        if (!_hurries)
        {
            // On a busy machine, what is not read in time is lost, and whoever waits for an answer waits for this thread to be let run.
            _hurries = true;
            LinuxSystem.RaisePriority();
            session.LeaveOutThisThread();
        }
        // Nobody looks at the clock for an event that is there.
        long deadline = 0;
        if (AwaitsVerdict)
            Answer(allow: true);
        while (true)
        {
            if (_mustLook)
            {
                if (_heldFile < 0 && _gate?.TryTake(out _heldThread, out _heldFile) == true)
                    Capture.ProgramsHeld++;

                if (_isStopped && !_isDrained)
                {
                    session.Stop();
                    _isDrained = true;
                }
                // When nothing comes any more, nothing older can. Otherwise the time of the look counts: what is written later is not seen by it.
                // What led to a held program was written before it was held, and must not wait.
                _horizon = _isDrained || _heldFile >= 0 ? ulong.MaxValue : RingMerger.HorizonNow();
                merger.Look();
                _hashes?.TakeLate();
                _lookedAt = Stopwatch.GetTimestamp();
                _mustLook = false;
            }
            while (merger.TryNext(_horizon, out ReadOnlySpan<byte> record))
            {
                _hasRead = true;
                bool isOfModel = merger.Current!.IsOfModel;
                if (_tracepoints is not null && !_tracepoints.TryRewrite(ref record))
                    continue;
                if (Shedding > 0 && LoadShedding.Leaves(record, Shedding))
                {
                    Capture.Shed++;
                    continue;
                }
                if (!decoder.Decode(record, isOfModel, e))
                    continue;
                Statistics.Events++;
                Statistics.Used++;
                return ReadResult.Event;
            }
            _mustLook = true;
            if (_heldFile >= 0)
            {
                if (decoder.DescribeRequest(_heldThread, _heldFile, e))
                {
                    AwaitsVerdict = true;
                    _areFarBetween = Stopwatch.GetElapsedTime(_judgedAt, _lookedAt).TotalMilliseconds > MostWaitAfterHolding;
                    _judgedAt = _lookedAt;
                    // Whoever is answered waits for this thread to sleep where both have one processor: it looks again when that is over.
                    _mustLook = _gate!.HasMore;
                    return ReadResult.Event;
                }
                Answer(allow: true);
                continue;
            }
            if (_isDrained)
            {
                Capture.LostByKernel = session.CountLost(ofModel: false) ?? Capture.LostByKernel;
                Capture.LostModelRecords = session.CountLost(ofModel: true) ?? Capture.LostModelRecords;
                return ReadResult.End;
            }
            long now = Stopwatch.GetTimestamp();
            deadline = deadline == 0 ? now + (long)(patience.TotalSeconds * Stopwatch.Frequency) : deadline;
            long left = deadline - now;
            if (left <= 0)
                return ReadResult.Nothing;
            Wait(left);
        }
    }

    /// <inheritdoc/>
    public bool AwaitsVerdict { get; private set; }

    /// <inheritdoc/>
    public void Answer(bool allow)
    {
        AwaitsVerdict = false;
        if (_heldFile < 0)
            return;
        _gate?.Answer(_heldFile, allow);
        _heldFile = -1;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gate?.Dispose();
        _gate = null;
        _session?.Dispose();
        _session = null;
        _hashes?.Dispose();
        _hashes = null;
    }

    private static bool ReadsRecords(Type type) => type.Namespace is { } name && Array.Exists(
        ReadingNamespaces, own => name.StartsWith(own, StringComparison.Ordinal));

    /// <summary>Whether an event may wait: the rings have room for what happens meanwhile, and programs that are held are looked after often enough.</summary>
    private bool HasTime() => _merger is { IsHalfFull: false } && Stopwatch.GetElapsedTime(_lookedAt) < LongestPause;

    /// <summary>Sleeps until the kernel has written a number of records, or a program is held; at most as long as a lone record may wait.</summary>
    private void Wait(long ticks)
    {
        int milliseconds = (int)Math.Min((ticks * 1000 / Stopwatch.Frequency) + 1, _areFarBetween && _hasRead ? MostWaitAfterHolding : MostWait);
        _hasRead = false;
        if (_gate is { HasFailedOpen: true } && !Capture.HasStoppedHolding)
        {
            Capture.HasStoppedHolding = true;
            // Its descriptor is closed, and must not be waited for: the number may be another file's by now.
            _waits = _waits[..^1];
        }
        LinuxSystem.Poll(_waits, milliseconds);
    }
}
