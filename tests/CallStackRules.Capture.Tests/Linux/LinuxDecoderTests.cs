using System.Buffers.Binary;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Linux.Decoding;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Capture.Sources.Linux.Tracing;
using CallStackRules.Events;
using Xunit.Abstractions;

namespace CallStackRules.Capture.Tests.Linux;

public sealed class LinuxDecoderTests(ITestOutputHelper output)
{
    [SkippableFact]
    public void Records_of_a_shell_become_events_with_whole_stacks()
    {
        var statistics = new CaptureStatistics();
        LinuxDecoder decoder = CapturedRecords.Decoder(statistics);
        var e = new EndpointEvent();
        var events = new List<string>();
        foreach (byte[] record in CapturedRecords.Get())
        {
            if (decoder.Decode(record, isOfModel: false, e))
                events.Add($"{e.Process?.Name} {e.Event.Category[0]} {e.Event.Action} {e.File.Path}");
        }

        Assert.Contains("ls process exec ", events);
        Assert.Contains("cat process exec ", events);
        Assert.Contains("cat file open /etc/hostname", events);
        Assert.Equal(0, statistics.BadRecords);
        Assert.True(statistics.StacksComplete > 20);
    }

    [SkippableFact]
    public void A_call_of_the_32_bit_table_by_64_bit_code_is_a_direct_one_wherever_it_was_made()
    {
        LinuxDecoder decoder = CapturedRecords.Decoder(new CaptureStatistics());
        var e = new EndpointEvent();
        int calls = 0;
        foreach (byte[] record in CapturedRecords.Get())
        {
            if (!decoder.Decode(record, isOfModel: false, e) || e.Event.Action.Span is not "open" || e.Api.Behaviors.Count > 0)
                continue;
            byte[] foreign = [.. record];
            foreign[PerfSample.RawOffset + CaptureRecord.FlagsOffset] |= CaptureRecord.CompatFlag;

            Assert.True(decoder.Decode(foreign, isOfModel: false, e));
            Assert.Equal("direct_syscall", e.Api.Behaviors[0].ToString());
            calls++;
        }
        Assert.True(calls > 0);
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_number_that_setpgid_names_is_only_believed_when_it_is_that_of_a_child(bool isChild)
    {
        byte[] record = [.. CapturedRecords.Get().First(static record => PerfRecords.TypeOf(record) == PerfRecordType.Sample)];
        Assert.True(PerfSample.TryRead(record, out PerfSample sample));
        const int other = 10_000_000;
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(PerfSample.RawOffset + CaptureRecord.RowOffset), CaptureTable.IndexOf("setpgid"));
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(PerfSample.RawOffset + CaptureRecord.ArgumentsOffset), other);
        var statistics = new CaptureStatistics();
        var clock = new BootClock();
        var processes = new LinuxProcesses(LinuxProcesses.CreateTable(), statistics, clock);
        processes.GetOrRead(sample.Pid);
        processes.GetOrRead(Environment.ProcessId);
        LinuxProcess named = processes.Fork(isChild ? sample.Pid : Environment.ProcessId, other, sample.Time);
        named.IsSessionUncertain = false;

        new LinuxDecoder(processes, statistics, clock, new HostDescription(), stackBytes: 0).Decode(record, isOfModel: false, new EndpointEvent());

        Assert.Equal(isChild, named.IsSessionUncertain);
    }

    [SkippableFact]
    public void Damaged_records_are_survived()
    {
        IReadOnlyList<byte[]> records = CapturedRecords.Get();
        int seed = RepeatableSamples.Seed;
        output.WriteLine($"Seed {seed}.");
        var random = new Random(seed);
        LinuxDecoder decoder = CapturedRecords.Decoder(new CaptureStatistics());
        var e = new EndpointEvent();

        for (int i = 0; i < 20_000; i++)
        {
            byte[] record = [.. records[random.Next(records.Count)]];
            Damage(record, random);
            int length = random.Next(4) == 0 ? random.Next(8, record.Length + 1) : record.Length;
            decoder.Decode(record.AsSpan(0, length), isOfModel: random.Next(2) == 0, e);
        }
    }

    [SkippableFact]
    public void A_ring_of_random_bytes_is_given_up_and_counted()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Live capture is for Linux.");
        int seed = RepeatableSamples.Seed;
        output.WriteLine($"Seed {seed}.");
        var random = new Random(seed);
        LinuxDecoder decoder = CapturedRecords.Decoder(new CaptureStatistics());
        var e = new EndpointEvent();
        for (int i = 0; i < 200; i++)
        {
            byte[] memory = new byte[4096 + 65536];
            random.NextBytes(memory.AsSpan(4096));
            BitConverter.TryWriteBytes(memory.AsSpan(1024), (ulong)random.Next(0, 70_000));
            BitConverter.TryWriteBytes(memory.AsSpan(1032), 0UL);
            using PerfRing ring = PerfRing.Over(memory, out System.Buffers.MemoryHandle pin);
            using (pin)
            {
                var merger = new RingMerger([ring]);
                merger.Look();
                int steps = 0;
                while (merger.TryNext(ulong.MaxValue - 1, out ReadOnlySpan<byte> record))
                {
                    decoder.Decode(record, isOfModel: false, e);
                    Assert.True(++steps <= 70_000 / 8);
                }
            }
        }
    }

    private static void Damage(byte[] record, Random random)
    {
        // The type stays: what is no record of a known type is passed over at once.
        for (int i = random.Next(1, 16); i > 0; i--)
            record[random.Next(4, record.Length)] = random.Next(3) == 0 ? byte.MaxValue : (byte)random.Next(256);
    }
}
