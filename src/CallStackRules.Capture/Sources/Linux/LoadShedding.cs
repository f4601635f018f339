using CallStackRules.Capture.Sources.Linux.Perf;
using CallStackRules.Capture.Sources.Linux.Tracing;

namespace CallStackRules.Capture.Sources.Linux;

/// <summary>
/// Which calls are left out first when there are more than there is time for: before their stacks are unwound, which is most of what a call costs. What the model of
/// processes and memory is built of is never left out: who runs what, as whom, and what memory is made executable.
/// </summary>
internal static class LoadShedding
{
    private const int Reading = 1;
    private const int Files = 2;
    private const int Connections = 3;

    /// <summary>In words, the least valuable first.</summary>
    public static IReadOnlyList<string> Order { get; } = ["files opened to be read", "files opened to be written, renamed or deleted", "connections"];

    /// <summary>Whether a record tells of a call that is left out.</summary>
    /// <param name="record">The record.</param>
    /// <param name="level">How many of <see cref="Order"/> are left out.</param>
    public static bool Leaves(ReadOnlySpan<byte> record, int level)
    {
        if (PerfRecords.TypeOf(record) != PerfRecordType.Sample || !PerfSample.TryRead(record, out PerfSample sample) || !CaptureRecord.TryRead(sample.Raw, out CaptureRecord call))
            return false;
        int rank = call.Row.Call switch
        {
            CapturedCall.Open when call.Row.Flags >= 0 && (call.Flags & CaptureTable.OpensForWriting) == 0 => Reading,
            CapturedCall.Open or CapturedCall.Rename or CapturedCall.Link or CapturedCall.Unlink => Files,
            CapturedCall.Connect or CapturedCall.Accept => Connections,
            _ => int.MaxValue,
        };
        return rank <= level;
    }
}
