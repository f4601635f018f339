using CallStackRules.CallStacks;
using CallStackRules.Capture.Memory;
using CallStackRules.Capture.Processes;
using CallStackRules.Capture.Sources.Etw.Decoding;
using CallStackRules.Capture.Sources.Etw.Stacks;
using CallStackRules.Capture.Symbols;
using CallStackRules.Events;

namespace CallStackRules.Capture.Sources.Etw;

/// <summary>From events of ETW to events of the endpoint: those that are not decoded leave at once, the others wait for their stacks and are decoded in the order of time.</summary>
internal sealed class EtwPipeline
{
    private readonly StackJoiner _joiner;
    private readonly EtwDecoder _decoder;
    private readonly EtwProcesses _processes;
    private readonly SourceStatistics _statistics;

    /// <summary>A pipeline without events.</summary>
    /// <param name="reader">Where the events come from.</param>
    /// <param name="processes">Where processes are kept.</param>
    /// <param name="statistics">Counts events.</param>
    /// <param name="capture">Counts stacks.</param>
    /// <param name="readKeys">Reads the definitions of compressed stacks, at the first of their keys; null where there are none.</param>
    /// <param name="facts">Who is asked for what events do not tell; null for nobody.</param>
    /// <param name="wanted">What of frames may be asked for.</param>
    /// <param name="wantsContent">Whether files that were written to may be looked into.</param>
    public EtwPipeline(
        IRawEventReader reader,
        ProcessTable processes,
        SourceStatistics statistics,
        CaptureStatistics capture,
        Func<StackKeys>? readKeys = null,
        ISystemFacts? facts = null,
        FrameFact wanted = FrameFact.All,
        bool wantsContent = true)
    {
        StackKeys? keys = null;
        _joiner = new StackJoiner(capture, reader.Clock, reader.PointerSize)
        {
            Keys = readKeys is null ? null : () => keys ??= readKeys(),
        };
        _processes = new EtwProcesses(processes, statistics, facts is null ? null : new ImageFiles(facts, statistics));
        ThreadFacts? threadFacts = facts is null ? null : new ThreadFacts(facts) { Wanted = wanted };
        _decoder = new EtwDecoder(_processes, reader.Clock, _joiner, statistics, threadFacts, facts is null || !wantsContent ? null : new WrittenFile(facts), facts is null ? null : facts.DriveOf);
        foreach (Volume volume in facts?.Volumes ?? [])
            _decoder.AddVolume(volume.Device, volume.Drive);
        NoteLost(reader.Lost);
        _statistics = statistics;
    }

    /// <summary>Whether all events have been taken after <see cref="End"/>.</summary>
    public bool IsEnded => _joiner.IsEnded;

    /// <summary>Takes an event of ETW in, after <see cref="TryTake"/> has said that there is nothing to take.</summary>
    public void Push(in RawEvent raw)
    {
        EtwKind kind = EtwProviders.KindOf(raw);
        switch (kind)
        {
            case EtwKind.None:
                _statistics.CountUnused("not decoded");
                break;
            case EtwKind.Stack or EtwKind.StackKey or EtwKind.UserStack:
                _statistics.CountUnused("stack of another event");
                _joiner.AddStack(raw, kind);
                break;
            default:
                _joiner.Add(raw, kind);
                break;
        }
    }

    /// <summary>Fills the next event whose stack is whole, or that has waited long enough, or whose room is needed.</summary>
    public bool TryTake(EndpointEvent e)
    {
        while (_joiner.TryTake(out RawEvent raw, out EtwKind kind, out Telling telling))
        {
            string? reason = _decoder.Decode(raw, kind, telling, e);
            _joiner.Release();
            if (reason is not null)
            {
                _statistics.CountUnused(reason);
                continue;
            }
            _statistics.Events++;
            _statistics.Used++;
            return true;
        }
        return false;
    }

    /// <summary>Says how many events and buffers were lost so far.</summary>
    public void NoteLost(long lost) => _processes.HasLostEvents |= lost > 0;

    /// <summary>Says how timestamps become points in time from now on: the system's clock was set.</summary>
    public void SetClock(TraceClock clock) => _decoder.Clock = clock;

    /// <summary>Says how late it is, when no event does.</summary>
    public void Advance(long timestamp) => _joiner.Advance(timestamp);

    /// <summary>Nothing comes any more: what waits for stacks can be taken.</summary>
    public void End() => _joiner.End();
}
