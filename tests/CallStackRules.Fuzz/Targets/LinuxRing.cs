using System.Buffers.Binary;
using CallStackRules.Capture.Sources;
using CallStackRules.Capture.Sources.Linux;
using CallStackRules.Capture.Sources.Linux.Decoding;
using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Sources.Linux.Processes;
using CallStackRules.Capture.Sources.Linux.Tracing;
using CallStackRules.Events;

namespace CallStackRules.Fuzz.Targets;

/// <summary>The kernel's ring, up to the event with its stack: records, lengths, registers, copies of stacks and texts.</summary>
internal static class LinuxRing
{
    private const int StackBytes = 2048;
    private const int RecordsOfSeed = 48;

    private const string Work = "ls / > /dev/null; cat /etc/hostname > /dev/null; cd /; (true); mv /nowhere/a /nowhere/b 2> /dev/null; true";

    private static readonly LinuxCaptureOptions Everything = new() { Calls = Enum.GetValues<CapturedCall>().ToHashSet(), WantsReading = true };

    public static readonly FuzzTarget Written = new("linux-ring", LinuxRecords.All, Read);

    public static readonly FuzzTarget Captured = new("linux-ring-captured", Capture, Read) { IsOfTheMoment = true };

    private static List<byte[]> Capture()
    {
        if (!OperatingSystem.IsLinux())
            throw new NoSeedsException("live capture is for Linux");
        try
        {
            return [.. Join(CapturedRing.Capture("sh", ["-c", Work], out _, StackBytes).Select(static entry => entry.Record)), .. CaptureTracepoints()];
        }
        catch (CaptureException e)
        {
            throw new NoSeedsException($"the kernel refuses live capture here: {e.Message}");
        }
    }

    /// <summary>Records of tracepoints. Kernels number those differently: here their number is their row.</summary>
    private static IEnumerable<byte[]> CaptureTracepoints()
    {
        List<(byte[] Record, bool)> records = CapturedRing.CaptureTracepoints("sh", ["-c", Work], out TracepointLayout layout, StackBytes);
        return Join(records.Select(entry => Renumber(entry.Record, layout)));
    }

    private static byte[] Renumber(byte[] record, TracepointLayout layout)
    {
        const int number = 28;
        if (PerfRecords.TypeOf(record) == PerfRecordType.Sample)
            BinaryPrimitives.WriteInt16LittleEndian(record.AsSpan(number), (short)layout.RowOf(BinaryPrimitives.ReadUInt16LittleEndian(record.AsSpan(number))));
        return record;
    }

    private static IEnumerable<byte[]> Join(IEnumerable<byte[]> records) =>
        records.Chunk(RecordsOfSeed).Select(static chunk => chunk.SelectMany(static record => record).ToArray());

    private static void Read(byte[] input)
    {
        // The kernel only ever moves on by multiples of 8.
        using var ring = new CapturedRing([input[..(input.Length & ~7)]]);
        ring.Refill();
        var merger = new RingMerger([ring.Ring]);
        merger.Look();
        var statistics = new CaptureStatistics();
        var clock = new BootClock();
        var processes = new LinuxProcesses(LinuxProcesses.CreateTable(), statistics, clock);
        var decoder = new LinuxDecoder(processes, statistics, clock, new HostDescription(), StackBytes);
        var layout = new TracepointLayout();
        for (int row = 0; row < CaptureTable.Rows.Length; row++)
            layout.Add(row, row);
        var tracepoints = new TracepointRecords(layout, Everything, processes, statistics, Environment.ProcessId);
        var e = new EndpointEvent();
        while (merger.TryNext(ulong.MaxValue - 1, out ReadOnlySpan<byte> record))
        {
            // Which ring a record is from matters to few kinds; its last bit decides.
            bool isOfModel = (record[^1] & 1) != 0;
            if (decoder.Decode(record, isOfModel, e))
                EventUse.Of(e);
            // Whether a program wrote it or a tracepoint is known of a whole ring; here both are tried.
            if (tracepoints.TryRewrite(ref record) && decoder.Decode(record, isOfModel, e))
                EventUse.Of(e);
        }
    }
}
