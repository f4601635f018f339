namespace CallStackRules.Sensor.Pipeline;

/// <summary>
/// What reading and matching allocate on their thread for an event once they are warm. At first buffers and tables grow, and all that a machine has is seen for the first
/// time; so what is counted begins behind the first quarter to half of the events, and behind a thousand at least. A stream that is not longer than that is counted whole.
/// </summary>
internal struct AllocationMeter
{
    /// <summary>Events that are never counted, unless there are no more.</summary>
    public const int WarmUpEvents = 1000;

    private long _events;
    private long _bytes;
    private long _before;

    /// <summary>Where the count begins, and what was allocated up to there.</summary>
    private (long Events, long Bytes) _start;

    /// <summary>Where it will begin when there are twice as many events.</summary>
    private (long Events, long Bytes) _nextStart;

    /// <summary>Bytes an event.</summary>
    public readonly double BytesPerEvent => _events switch
    {
        0 => 0,
        <= WarmUpEvents => (double)_bytes / _events,
        _ => (double)(_bytes - _start.Bytes) / (_events - _start.Events),
    };

    /// <summary>Work on an event begins.</summary>
    public void Begin() => _before = GC.GetAllocatedBytesForCurrentThread();

    /// <summary>Work on an event ends.</summary>
    public void End()
    {
        _bytes += GC.GetAllocatedBytesForCurrentThread() - _before;
        _events++;
        if (_events == WarmUpEvents)
            _nextStart = (_events, _bytes);
        else if (_events < WarmUpEvents || _events < 2 * _nextStart.Events)
            return;
        _start = _nextStart;
        _nextStart = (_events, _bytes);
    }
}
