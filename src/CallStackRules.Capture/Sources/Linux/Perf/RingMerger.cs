using System.Diagnostics;

namespace CallStackRules.Capture.Sources.Linux.Perf;

/// <summary>Reads several rings as one, in the order of time.</summary>
/// <remarks>
/// A processor may have written a record that is older than one already seen on another, so records younger than the horizon are held back until the next look.
/// </remarks>
/// <param name="rings">The rings.</param>
internal sealed class RingMerger(IReadOnlyList<PerfRing> rings)
{
    /// <summary>How long a record waits for an older one of another processor, in nanoseconds.</summary>
    private const ulong HoldBack = 50_000;

    /// <summary>Records between two times that the kernel is let have the room of what was read.</summary>
    private const int RecordsBetweenReleases = 32;

    private readonly PerfRing[] _rings = [.. rings];
    private readonly ulong[] _times = new ulong[rings.Count];
    private readonly int[] _lengths = new int[rings.Count];
    private int _current = -1;
    private int _sinceRelease;

    /// <summary>Rings whose bytes made no sense so far.</summary>
    public long Broken { get; private set; }

    /// <summary>The ring of the record that was handed out last.</summary>
    public PerfRing? Current => _current < 0 ? null : _rings[_current];

    /// <summary>Whether the kernel has filled half of a ring with what is yet to be read.</summary>
    public bool IsHalfFull
    {
        get
        {
            foreach (PerfRing ring in _rings)
            {
                if (ring.IsHalfFull)
                    return true;
            }
            return false;
        }
    }

    /// <summary>The horizon of a look that is just to come: what is younger may have older ones beside it that are still to be written.</summary>
    public static ulong HorizonNow() => (ulong)Stopwatch.GetTimestamp() - HoldBack;

    /// <summary>Sees what the kernel has written since the last look.</summary>
    public void Look()
    {
        AdvancePast();
        for (int i = 0; i < _rings.Length; i++)
        {
            _rings[i].Release();
            _rings[i].Look();
            Peek(i);
        }
        _sinceRelease = 0;
    }

    /// <summary>The oldest record, valid until the next call; false when there is none older than the horizon.</summary>
    /// <param name="horizon">Nanoseconds of CLOCK_MONOTONIC.</param>
    /// <param name="record">The record.</param>
    public bool TryNext(ulong horizon, out ReadOnlySpan<byte> record)
    {
        record = default;
        AdvancePast();
        int oldest = -1;
        for (int i = 0; i < _times.Length; i++)
        {
            if (_times[i] != ulong.MaxValue && (oldest < 0 || _times[i] < _times[oldest]))
                oldest = i;
        }
        if (oldest < 0 || _times[oldest] > horizon)
            return false;
        _current = oldest;
        return _rings[oldest].TryPeek(out record, out _);
    }

    private void AdvancePast()
    {
        if (_current < 0)
            return;
        PerfRing ring = _rings[_current];
        ring.Advance(_lengths[_current]);
        if (++_sinceRelease == RecordsBetweenReleases)
        {
            _sinceRelease = 0;
            ring.Release();
        }
        Peek(_current);
        _current = -1;
    }

    private void Peek(int index)
    {
        if (_rings[index].TryPeek(out ReadOnlySpan<byte> record, out bool isBroken))
        {
            _times[index] = PerfRecords.TimeOf(record);
            _lengths[index] = record.Length;
            return;
        }
        _times[index] = ulong.MaxValue;
        if (isBroken)
            Broken++;
    }
}
