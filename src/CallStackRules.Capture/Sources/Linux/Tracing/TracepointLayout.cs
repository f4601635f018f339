namespace CallStackRules.Capture.Sources.Linux.Tracing;

/// <summary>How this kernel numbers the tracepoints of the table, and where their records have what is read of them.</summary>
internal sealed class TracepointLayout
{
    /// <summary>Bytes that all records of tracepoints begin with: u16 number, u8 flags, u8 count, s32 thread.</summary>
    public const int CommonSize = 8;

    private readonly Dictionary<int, int> _rows = [];

    /// <summary>Where <c>sched_process_exec</c> has the thread's number of before.</summary>
    public int OldPidOffset { get; init; } = 12;

    /// <summary>Where <c>sched_process_exec</c> says where the path lies: u16 offset in the record, u16 bytes.</summary>
    public int PathPlaceOffset { get; init; } = CommonSize;

    /// <summary>Takes note of a tracepoint.</summary>
    /// <param name="number">Its number in this kernel.</param>
    /// <param name="row">Its row of <see cref="CaptureTable"/>.</param>
    public void Add(int number, int row) => _rows.Add(number, row);

    /// <summary>The row of a tracepoint; -1 when it is none of the table's.</summary>
    public int RowOf(int number) => _rows.GetValueOrDefault(number, -1);
}
