using System.Globalization;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Linux.Decoding;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Events;

namespace CallStackRules.Capture.Tests.Linux;

public sealed class ReadingAllocationTests
{
    private const int Calls = 200;

    [SkippableFact]
    public void A_file_that_a_known_process_opens_allocates_nothing_from_the_ring_to_the_event()
    {
        using var folder = new TemporaryFolder();
        List<(byte[] Record, bool IsOfModel)> records = CaptureStorm(folder.Path, out int pid);
        LinuxDecoder decoder = CapturedRecords.Decoder(new CaptureStatistics());
        var e = new EndpointEvent();
        var opens = new List<byte[]>();
        foreach ((byte[] record, bool isOfModel) in records)
        {
            if (decoder.Decode(record, isOfModel, e) && e.Process?.Pid == pid && e.File.Path.Span is "/dev/null")
                opens.Add(record);
        }
        Assert.Equal(Calls, opens.Count);
        using var ring = new CapturedRing(opens);
        var merger = new RingMerger([ring.Ring]);

        int events = 0;
        int leastFrames = int.MaxValue;

        long bytes = Allocations.Of(() =>
        {
            ring.Refill();
            merger.Look();
            events = 0;
            while (merger.TryNext(ulong.MaxValue, out ReadOnlySpan<byte> record))
            {
                if (!decoder.Decode(record, isOfModel: false, e))
                    continue;
                events++;
                leastFrames = Math.Min(leastFrames, e.Thread.CallStack.Count);
            }
        });

        Assert.Equal(Calls, events);
        Assert.True(leastFrames >= 16);
        Assert.Equal(0, bytes);
    }

    private static List<(byte[] Record, bool IsOfModel)> CaptureStorm(string folder, out int pid)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Live capture is for Linux.");
        Skip.IfNot(Tool.IsThere("gcc"), "gcc is not installed");
        string program = Path.Combine(folder, "storm");
        Tool.Run("gcc", $"-O1 -o {program} {Path.Combine(AppContext.BaseDirectory, "storm.c")}");
        try
        {
            return CapturedRing.Capture(program, ["0", Calls.ToString(CultureInfo.InvariantCulture)], out pid);
        }
        catch (CaptureException e)
        {
            Skip.If(true, "The kernel refuses live capture here: " + e.Message);
            throw;
        }
    }
}
