namespace CallStackRules.Capture.Sources.Etw;

/// <summary>Events of ETW that are asked for one after the other, the earliest first: a file of a trace.</summary>
public interface IRawEventReader : IDisposable
{
    /// <summary>How its timestamps become points in time.</summary>
    TraceClock Clock { get; }

    /// <summary>Bytes of a pointer of the machine that was recorded: 4 or 8. Single events of programs of 32 bits have smaller ones.</summary>
    int PointerSize { get; }

    /// <summary>Events and buffers that were lost when the trace was recorded.</summary>
    long Lost { get; }

    /// <summary>Goes to the next event, whose spans are valid until the next call.</summary>
    /// <returns>False at the end.</returns>
    bool TryRead(out RawEvent e);
}
