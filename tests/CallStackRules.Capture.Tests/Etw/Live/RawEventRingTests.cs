using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Etw;
using CallStackRules.Capture.Sources.Etw.Live;

namespace CallStackRules.Capture.Tests.Etw.Live;

public class RawEventRingTests
{
    private static readonly Guid Provider = Guid.Parse("01234567-89ab-cdef-0123-456789abcdef");

    [Fact]
    public void An_event_comes_out_as_it_went_in()
    {
        var ring = new RawEventRing(4096);
        Assert.True(ring.TryWrite(new RawEvent
        {
            Provider = Provider, Id = 1, Version = 2, Opcode = 3, Task = 4, Keywords = 5, Flags = RawEventFlags.Classic, ProcessId = -1, ThreadId = 6, Timestamp = 7, Processor = 8,
            Data = [9, 10, 11], Stack = [12, 13], StackMatchId = 14, StackKey = 15,
        }));
        Assert.Equal(ReadResult.Event, ring.Read(out RawEvent e, TimeSpan.Zero));
        Assert.Equal((Provider, (ushort)1, (byte)2, (byte)3, (ushort)4, 5ul), (e.Provider, e.Id, e.Version, e.Opcode, e.Task, e.Keywords));
        Assert.Equal((RawEventFlags.Classic, -1, 6, 7L, (ushort)8), (e.Flags, e.ProcessId, e.ThreadId, e.Timestamp, e.Processor));
        Assert.Equal((14ul, 15ul), (e.StackMatchId, e.StackKey));
        Assert.Equal([9, 10, 11], e.Data.ToArray());
        Assert.Equal([12, 13], e.Stack.ToArray());
        Assert.Equal(ReadResult.Nothing, ring.Read(out _, TimeSpan.Zero));
    }

    [Fact]
    public void What_finds_no_room_is_counted_and_what_was_there_stays()
    {
        var ring = new RawEventRing(4096);
        int written = 0;
        while (ring.TryWrite(Event(written, 100)))
            written++;
        Assert.False(ring.TryWrite(Event(-1, 3000)));
        Assert.Equal(2, ring.Lost);
        for (int i = 0; i < written; i++)
        {
            Assert.Equal(ReadResult.Event, ring.Read(out RawEvent e, TimeSpan.Zero));
            Assert.Equal(i, e.Timestamp);
        }
        Assert.True(ring.Read(out _, TimeSpan.Zero) == ReadResult.Nothing && ring.TryWrite(Event(0, 100)));
    }

    [Fact]
    public void A_ring_says_when_half_of_it_is_taken()
    {
        var ring = new RawEventRing(4096);
        Assert.False(ring.IsHalfFull);
        ring.TryWrite(Event(1, 1900));
        Assert.False(ring.IsHalfFull);
        ring.TryWrite(Event(2, 100));
        Assert.True(ring.IsHalfFull);

        ring.Read(out _, TimeSpan.Zero);
        ring.Read(out _, TimeSpan.Zero);
        Assert.False(ring.IsHalfFull);
    }

    [Fact]
    public void The_end_comes_after_what_was_written_before()
    {
        var ring = new RawEventRing(4096);
        ring.TryWrite(Event(1, 0));
        ring.End();
        Assert.Equal(ReadResult.Event, ring.Read(out _, Timeout.InfiniteTimeSpan));
        Assert.Equal(ReadResult.End, ring.Read(out _, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void Between_two_threads_every_event_arrives_once_and_whole()
    {
        const int events = 200_000;
        var ring = new RawEventRing(16 * 1024);
        var writer = new Thread(() =>
        {
            var sizes = new Random(1);
            for (int i = 0; i < events;)
            {
                if (ring.TryWrite(Event(i, sizes.Next(400))))
                    i++;
                else
                    Thread.Yield();
            }
            ring.End();
        });
        writer.Start();
        long expected = 0;
        bool isWhole = true;
        while (true)
        {
            ReadResult result = ring.Read(out RawEvent e, TimeSpan.FromSeconds(30));
            if (result == ReadResult.End)
                break;
            if (result == ReadResult.Nothing)
                continue;
            isWhole &= e.Timestamp == expected && e.Stack.Length == (int)(expected % 5);
            foreach (byte value in e.Data)
                isWhole &= value == (byte)expected;
            foreach (ulong value in e.Stack)
                isWhole &= value == (ulong)expected;
            expected++;
        }
        writer.Join();
        Assert.True(isWhole);
        Assert.Equal(events, expected);
    }

    [Fact]
    public void Passing_events_on_allocates_nothing()
    {
        var ring = new RawEventRing(4096);
        byte[] data = new byte[100];
        void Pass()
        {
            for (int i = 0; i < 100; i++)
            {
                ring.TryWrite(new RawEvent { Provider = Provider, Data = data });
                ring.Read(out _, TimeSpan.Zero);
            }
        }
        Pass();
        Assert.Equal(0, Allocations.Of(Pass));
    }

    private static RawEvent Event(int number, int length)
    {
        byte[] data = new byte[length];
        Array.Fill(data, (byte)number);
        ulong[] stack = new ulong[Math.Max(0, number) % 5];
        Array.Fill(stack, (ulong)number);
        return new RawEvent { Provider = Provider, Timestamp = number, Data = data, Stack = stack };
    }
}
