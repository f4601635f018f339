using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Etw;
using CallStackRules.Capture.Sources.Etw.Files;

namespace CallStackRules.Capture.Tests.Etw;

public sealed class EtlReaderTests
{
    private static readonly Guid KernelFile = new("edd08927-9cc4-4e65-b970-c2560fb5c289");
    private static readonly Guid Image = new("2cb15d1d-5fc1-11d2-abe1-00a0c911f518");

    [SkippableFact]
    public void A_compressed_trace_in_an_archive_is_read_completely_and_in_the_order_of_time()
    {
        var statistics = new SourceStatistics();
        using var reader = new EtlReader(EtlSamples.Program, statistics);
        int events = 0, creates = 0, createsWithStack = 0, images = 0;
        long last = long.MinValue;
        while (reader.TryRead(out RawEvent e))
        {
            events++;
            Assert.True(e.Timestamp >= last, $"Event {events} is {last - e.Timestamp} before the one before it.");
            last = e.Timestamp;
            images += e.Provider == Image && e.Opcode == 10 ? 1 : 0;
            if (e.Provider != KernelFile || e.Id != 12)
                continue;
            creates++;
            createsWithStack += e.Stack.IsEmpty ? 0 : 1;
        }
        Assert.Equal(179_474, events);
        Assert.Equal(35, images);
        Assert.Equal((562, 562), (creates, createsWithStack));
        Assert.Empty(statistics.Warnings);
        Assert.Equal((0, 0), (reader.Lost, reader.Damaged));
    }

    [SkippableFact]
    public void The_header_tells_the_clock()
    {
        using var reader = new EtlReader(EtlSamples.Program, new SourceStatistics());
        Assert.True(reader.TryRead(out RawEvent header));
        Assert.Equal(8, reader.Header.PointerSize);
        Assert.Equal(10_000_000, reader.Clock.Frequency);
        Assert.Equal(new DateTime(2020, 7, 29, 0, 7, 0, DateTimeKind.Utc).AddTicks(6_236_167), new DateTime(reader.Clock.ToUtcTicks(header.Timestamp)));
    }

    [SkippableFact]
    public void Small_traces_are_read_plain_and_in_archives()
    {
        Assert.Equal(23, Count(EtlSamples.SelfDescribing));
        Assert.Equal(7, Count(EtlSamples.PrimitiveTypes));
    }

    [SkippableFact]
    public void The_second_half_of_a_trace_is_read_without_allocating()
    {
        string path = EtlSamples.Program;
        // Another thread's collection can charge this one, see Allocations.
        Assert.Contains(0, Enumerable.Range(0, 5).Select(_ => AllocatedInSecondHalf(path)));
    }

    private static long AllocatedInSecondHalf(string path)
    {
        using var reader = new EtlReader(path, new SourceStatistics());
        for (int i = 0; i < 100_000; i++)
            reader.TryRead(out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        while (reader.TryRead(out _))
        {
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static int Count(string path)
    {
        Assert.True(EtlReader.IsTrace(path));
        var statistics = new SourceStatistics();
        using var reader = new EtlReader(path, statistics);
        int events = 0;
        while (reader.TryRead(out _))
            events++;
        Assert.Empty(statistics.Warnings);
        return events;
    }
}
