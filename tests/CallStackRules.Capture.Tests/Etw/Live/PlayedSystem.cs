using System.ComponentModel;
using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Etw;
using CallStackRules.Capture.Sources.Etw.Files;
using CallStackRules.Capture.Sources.Etw.Live;

namespace CallStackRules.Capture.Tests.Etw.Live;

/// <summary>A system whose sessions play a written trace: to the reader, or to the file that they write to.</summary>
/// <param name="trace">The trace.</param>
/// <param name="facts">What the system says when it is asked.</param>
internal sealed class PlayedSystem(string trace, ISystemFacts facts) : IEtwSystem
{
    public bool IsElevated { get; init; } = true;

    /// <summary>A privilege that the account has not.</summary>
    public string? MissingPrivilege { get; init; }

    /// <summary>What the system refuses: a provider, or a name of a call.</summary>
    public object? Refused { get; init; }

    /// <summary>Whether somebody else ends the session when all is delivered.</summary>
    public bool IsEndedByOthers { get; init; }

    /// <summary>Events that each session has no room for.</summary>
    public long Lost { get; init; }

    /// <summary>How far its clock was set since sessions began.</summary>
    public TimeSpan ClockSet { get; set; }

    /// <summary>Holds the events back as long as it is not set.</summary>
    public ManualResetEventSlim Gate { get; } = new(initialState: true);

    /// <summary>What was asked of the system, in order.</summary>
    public List<string> Calls { get; } = [];

    public PlayedSession? Read { get; private set; }

    public bool TryEnablePrivilege(string privilege) => privilege != MissingPrivilege;

    public void EndSession(string name) => Calls.Add($"end {name}");

    public IEtwSession Begin(string name, string? file)
    {
        Note($"begin {name}{(file is null ? "" : $" into {Path.GetFileName(file)}")}");
        var session = new PlayedSession(this, trace, name, file);
        if (file is null)
            Read = session;
        return session;
    }

    public ISystemFacts OpenFacts(TraceClock clock, SourceStatistics statistics, CaptureStatistics capture, Func<bool> mayWait) => facts;

    /// <summary>Notes a call, and refuses it if it is to be.</summary>
    public void Note(string call, object? of = null)
    {
        Calls.Add(call);
        if (Refused is not null && (Refused.Equals(of) || Refused is string start && call.StartsWith(start, StringComparison.Ordinal)))
            throw new Win32Exception(5);
    }
}

/// <summary>A session of <see cref="PlayedSystem"/>.</summary>
internal sealed class PlayedSession(PlayedSystem system, string trace, string name, string? file) : IEtwSession
{
    private readonly EtlReader _reader = new(trace, new SourceStatistics());
    private readonly ManualResetEventSlim _stopped = new();
    private RawEventRing? _ring;

    /// <summary>Set when the ring has the whole trace.</summary>
    public ManualResetEventSlim Delivered { get; } = new();

    public TraceClock Clock => _reader.Clock with { UtcTicks = _reader.Clock.UtcTicks + system.ClockSet.Ticks };

    public long Now { get; private set; }

    public (long Events, long Buffers) Lost => (system.Lost, 0);

    public void EnableKernel(KernelGroups groups, IReadOnlyList<ClassicEventId> stacks) => system.Note($"kernel {name}: {groups}");

    public void Enable(EtwProvider provider) => system.Note($"enable {name}: {provider.Id}", provider.Id);

    public void Open(RawEventRing ring)
    {
        system.Note($"open {name}");
        _ring = ring;
    }

    public void Deliver()
    {
        system.Gate.Wait();
        while (_reader.TryRead(out RawEvent e))
        {
            Now = e.Timestamp;
            _ring!.TryWrite(e);
        }
        Delivered.Set();
        if (!system.IsEndedByOthers)
            _stopped.Wait();
    }

    public void Stop()
    {
        if (_stopped.IsSet)
            return;
        system.Note($"stop {name}");
        if (file is not null)
            File.Copy(trace, file, overwrite: true);
        _stopped.Set();
    }

    public void Dispose()
    {
        Stop();
        _reader.Dispose();
    }
}
