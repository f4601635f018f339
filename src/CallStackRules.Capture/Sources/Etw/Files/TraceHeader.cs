using System.Buffers.Binary;

namespace CallStackRules.Capture.Sources.Etw.Files;

/// <summary>What a trace says of itself in its first event.</summary>
/// <remarks>
/// Source: TRACE_LOGFILE_HEADER of evntrace.h. It has two pointers in the middle, which mean nothing in a file but move what follows.
/// <code>
/// 64 bit  32 bit  size
///      8       8     4  build of the system
///     12      12     4  processors
///     16      16     8  end, as FILETIME
///     44      44     4  size of pointers
///     48      48     4  events lost
///     52      52     4  MHz
///     56      56     -  two pointers
///     72      64   172  time zone
///    248     240     8  boot, as FILETIME
///    256     248     8  frequency of the performance counter
///    264     256     8  start, as FILETIME
///    272     264     4  clock: 1 performance counter, 2 system time, 3 cycles of the processor
///    276     268     4  buffers lost
/// </code>
/// </remarks>
/// <param name="PointerSize">Bytes of a pointer on the machine that was recorded: 4 or 8.</param>
/// <param name="Clock">How timestamps become points in time.</param>
/// <param name="EventsLost">Events that were lost while recording.</param>
/// <param name="BuffersLost">Buffers that were lost while recording.</param>
/// <param name="BootTime">When the machine was started, as FILETIME.</param>
public sealed record TraceHeader(int PointerSize, TraceClock Clock, uint EventsLost, uint BuffersLost, long BootTime)
{
    private const int BeforePointers = 56;
    private const int TimeZoneLength = 172;

    /// <summary>Reads the header.</summary>
    /// <param name="data">Payload of the trace's first event.</param>
    /// <param name="timestamp">When that event happened: the start of the trace.</param>
    /// <returns>Null when it cannot be one.</returns>
    internal static TraceHeader? TryRead(ReadOnlySpan<byte> data, long timestamp)
    {
        if (data.Length < BeforePointers)
            return null;
        int pointerSize = BinaryPrimitives.ReadInt32LittleEndian(data[44..]);
        if (pointerSize is not (4 or 8))
            return null;
        int behindTimeZone = BeforePointers + 2 * pointerSize + TimeZoneLength;
        int boot = (behindTimeZone + 7) & ~7;
        if (data.Length < boot + 32)
            return null;
        ReadOnlySpan<byte> times = data[boot..];
        long frequency = BinaryPrimitives.ReadInt64LittleEndian(times[8..]);
        long start = BinaryPrimitives.ReadInt64LittleEndian(times[16..]);
        long cyclesPerSecond = BinaryPrimitives.ReadUInt32LittleEndian(data[52..]) * 1_000_000L;
        TraceClock? clock = BinaryPrimitives.ReadUInt32LittleEndian(times[24..]) switch
        {
            2 => TraceClock.SystemTime,
            3 => ClockOf(timestamp, start, cyclesPerSecond),
            _ => ClockOf(timestamp, start, frequency),
        };
        return clock is null ? null : new TraceHeader(
            pointerSize, clock.Value, BinaryPrimitives.ReadUInt32LittleEndian(data[48..]), BinaryPrimitives.ReadUInt32LittleEndian(times[28..]),
            BinaryPrimitives.ReadInt64LittleEndian(times));
    }

    private static TraceClock? ClockOf(long timestamp, long start, long frequency)
    {
        if (frequency is < 1 or > TraceClock.HighestFrequency || start < 0 || start > DateTime.MaxValue.ToFileTimeUtc())
            return null;
        return new TraceClock(timestamp, DateTime.FromFileTimeUtc(start).Ticks, frequency);
    }
}
