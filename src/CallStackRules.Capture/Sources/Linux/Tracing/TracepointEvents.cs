using System.Globalization;
using CallStackRules.Capture.Sources.Linux.Interop;
using CallStackRules.Capture.Sources.Linux.Perf;

namespace CallStackRules.Capture.Sources.Linux.Tracing;

/// <summary>
/// Tracepoints as perf events that write to the rings by themselves, without a program in the kernel. <see cref="TracepointRecords"/> makes of what they write what a
/// program would have written.
/// </summary>
internal sealed class TracepointEvents : IDisposable
{
    private readonly List<Entry> _entries = [];

    /// <summary>Opens a tracepoint on all processors; it writes nothing before <see cref="Enable"/>.</summary>
    /// <param name="tracepoint">The number in the tracepoint's <c>id</c> file.</param>
    /// <param name="row">What is captured at it.</param>
    /// <param name="rings">The ring of each processor.</param>
    /// <param name="stackBytes">Bytes of the user stack that are copied.</param>
    /// <exception cref="CaptureException">The kernel refuses.</exception>
    public void Open(int tracepoint, CaptureRow row, IReadOnlyList<(int Processor, int Descriptor)> rings, int stackBytes)
    {
        var attributes = PerfEventAttributes.Of(PerfEventAttributes.TypeTracepoint, (ulong)tracepoint);
        attributes.SamplePeriod = 1;
        attributes.SampleType = PerfEventAttributes.SampleOfCall;
        attributes.Flags = PerfEventAttributes.FlagDisabled | PerfEventAttributes.FlagSampleIdAll | PerfEventAttributes.FlagUseClock;
        attributes.Clock = PerfEventAttributes.ClockMonotonic;
        // At once: what arguments point to is read from the process, which goes on meanwhile.
        attributes.Wakeup = 1;
        attributes.SampleUserRegistersMask = PerfEventAttributes.UserRegistersWithArguments;
        attributes.SampleUserStackBytes = (uint)stackBytes;
        foreach ((int processor, int ring) in rings)
        {
            int descriptor = PerfRing.OpenEvent(attributes, processor);
            if (descriptor < 0)
                throw LinuxRefusal.Of($"opening the tracepoint {row.Tracepoint} on processor {processor}", descriptor);
            _entries.Add(new Entry(descriptor, row));
            int status = LinuxSystem.Control(descriptor, PerfEventAttributes.ControlSetOutput, ring);
            if (status < 0)
                throw LinuxRefusal.Of($"leading the tracepoint {row.Tracepoint} to the ring of processor {processor}", status);
        }
    }

    /// <summary>Begins to capture.</summary>
    /// <param name="ofPrograms">Whether requests for programs, or all other calls.</param>
    public void Enable(bool ofPrograms)
    {
        foreach (Entry entry in _entries)
        {
            if (entry.Row.Call is CapturedCall.Execute or CapturedCall.Executed == ofPrograms)
                LinuxSystem.Control(entry.Descriptor, PerfEventAttributes.ControlEnable, 0);
        }
    }

    /// <summary>
    /// Has the kernel leave out calls that failed, and those of one thread. It saves copying them; whether it is done or not, <see cref="TracepointRecords"/> leaves them
    /// out. Can be done once.
    /// </summary>
    public void LeaveOut(int thread)
    {
        foreach (Entry entry in _entries)
        {
            // "common_pid" is the number of the thread.
            string filter = string.Create(CultureInfo.InvariantCulture, $"common_pid != {thread}");
            if (!entry.Row.IsCapturedOnEntry)
                filter += string.Create(CultureInfo.InvariantCulture, $" && (ret >= 0 || ret == {entry.Row.HarmlessError})");
            LinuxSystem.SetFilter(entry.Descriptor, filter);
        }
    }

    /// <summary>Ends capture.</summary>
    public void Disable()
    {
        foreach (Entry entry in _entries)
            LinuxSystem.Control(entry.Descriptor, PerfEventAttributes.ControlDisable, 0);
    }

    /// <summary>Records that did not fit into the rings since the beginning; null where the kernel does not tell.</summary>
    public long? CountLost()
    {
        long lost = 0;
        foreach (Entry entry in _entries)
        {
            if (PerfRing.ReadLost(entry.Descriptor) is not { } ofEntry)
                return null;
            lost += ofEntry;
        }
        return lost;
    }

    public void Dispose()
    {
        foreach (Entry entry in _entries)
            LinuxSystem.Close(entry.Descriptor);
    }

    private readonly record struct Entry(int Descriptor, CaptureRow Row);
}
